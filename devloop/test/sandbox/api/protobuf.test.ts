import { expect, test } from '@jest/globals';
import { decodeObject } from '../../../src/sandbox/api/http/protobuf/decode-object.ts';

const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]);
const bytes = (number: number, content: string | Buffer): Buffer => {
  const body = Buffer.from(content);
  return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(body.length)]), body]);
};
const int = (number: number, value: number): Buffer => Buffer.from([...varint(number << 3), ...varint(value)]);
const message = (number: number, ...fields: Buffer[]): Buffer => bytes(number, Buffer.concat(fields));
const envelope = (apiVersion: string, kind: string, ...fields: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from('k8s\0'), message(1, bytes(1, apiVersion), bytes(2, kind)), message(2, ...fields)]);

test('a Secret: maps, bytes, and zero values left out', () => {
  const metadata = message(1, bytes(1, 'a'), bytes(2, ''), message(8), message(11, bytes(1, 'k'), bytes(2, 'v')));
  const data = message(2, bytes(1, 'p'), bytes(2, 'q'));
  expect(decodeObject(envelope('v1', 'Secret', metadata, data, bytes(3, 'Opaque')))).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'a', labels: { k: 'v' } },
    data: { p: 'cQ==' },
    type: 'Opaque',
  });
});

test('a Deployment: a zero that was set stays, and Go’s inner structs are flat', () => {
  const emptyDir = message(2, message(2));
  const volume = message(1, bytes(1, 'tmp'), emptyDir);
  const template = message(3, message(2, volume));
  const decoded = decodeObject(envelope('apps/v1', 'Deployment', message(2, int(1, 0), template)));
  expect(decoded).toMatchObject({
    spec: { replicas: 0, template: { spec: { volumes: [{ name: 'tmp', emptyDir: {} }] } } },
  });
});

test('a Service: a target port is a number or a text', () => {
  const port = (target: Buffer) => message(1, int(3, 80), target);
  const ports = [port(message(4, int(1, 0), int(2, 8080))), port(message(4, int(1, 1), bytes(3, 'web')))];
  expect(decodeObject(envelope('v1', 'Service', message(2, ...ports)))).toMatchObject({
    spec: {
      ports: [
        { port: 80, targetPort: 8080 },
        { port: 80, targetPort: 'web' },
      ],
    },
  });
});

test('what is none', () => {
  expect(() => decodeObject(Buffer.from('{}'))).toThrow('does not appear to be a protobuf message');
  expect(() => decodeObject(envelope('v1', 'Secret', Buffer.from([0x0a, 0x7f])))).toThrow('unexpected EOF');
  expect(decodeObject(envelope('nope/v1', 'Nope'))).toBeUndefined();
});
