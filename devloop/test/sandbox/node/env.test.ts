import { describe, expect, test } from '@jest/globals';
import { containerEnv } from '../../../src/sandbox/node/env/container-env.ts';
import { expand } from '../../../src/sandbox/node/env/expand.ts';
import { fieldValue, resourceValue } from '../../../src/sandbox/node/env/field-ref.ts';
import { foreignEnv, runsTheHook } from '../../../src/sandbox/node/env/foreign-env.ts';
import { ObjectStore } from '../../../src/sandbox/store/object-store.ts';
import type { Container } from '../../../src/sandbox/store/objects.ts';
import { quantityValue } from '../../../src/sandbox/store/quantity.ts';

describe('expand', () => {
  test.each([
    ['plain', 'plain'],
    ['$(A)', 'a'],
    ['x$(A)$(B)y', 'xaby'],
    ['$(NONE)', '$(NONE)'],
    ['$$(A)', '$(A)'],
    ['$$$$', '$$'],
    ['$A', '$A'],
    ['$(A', '$(A'],
    ['$', '$'],
    ['$()', '$()'],
    ['$(toString)', '$(toString)'],
  ])('%s is %s', (text, expected) => expect(expand(text, { A: 'a', B: 'b' })).toBe(expected));
});

describe('quantities', () => {
  test.each([
    ['1', 1],
    ['250m', 0.25],
    ['1Ki', 1024],
    ['2Gi', 2 ** 31],
    ['1M', 1e6],
    ['1e3', 1000],
    ['x', Number.NaN],
    ['1Zi', Number.NaN],
  ])('%s', (text, expected) => expect(quantityValue(text)).toBe(expected));
});

const store = new ObjectStore({ now: () => 0 });
store.create('ConfigMap', { metadata: { name: 'cm', namespace: 'shop' }, data: { one: '1', 'a/b': 'no' } });
store.create('Secret', {
  metadata: { name: 'sec', namespace: 'shop' },
  data: { key: Buffer.from('geheim').toString('base64') },
});
store.create('Service', {
  metadata: { name: 'kubernetes', namespace: 'default' },
  spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443 }] },
});
store.create('Service', {
  metadata: { name: 'my-api', namespace: 'shop' },
  spec: { clusterIP: '10.96.0.9', ports: [{ port: 80 }] },
});
store.create('Service', {
  metadata: { name: 'headless', namespace: 'shop' },
  spec: { clusterIP: 'None', ports: [{ port: 80 }] },
});
const pod = store.create('Pod', {
  metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' }, annotations: { note: 'n' } },
  spec: { containers: [], nodeName: 'sandbox', serviceAccountName: 'sa' },
});
const facts = { pod, podIP: '10.244.0.7', hostIP: '127.0.0.1' };
const allocatable = { cpu: 2, memory: 1024 ** 3 };
const envOf = (container: Partial<Container>) => containerEnv(store, facts, { name: 'web', ...container }, allocatable);

describe('fields', () => {
  test.each([
    ['metadata.name', 'web-1'],
    ['metadata.namespace', 'shop'],
    ['metadata.uid', pod.metadata.uid],
    ["metadata.labels['app']", 'web'],
    ["metadata.labels['none']", ''],
    ["metadata.annotations['constructor']", ''],
    ["metadata.annotations['note']", 'n'],
    ['metadata.labels', 'app="web"'],
    ['spec.nodeName', 'sandbox'],
    ['spec.serviceAccountName', 'sa'],
    ['status.podIP', '10.244.0.7'],
    ['status.hostIP', '127.0.0.1'],
  ])('%s', (path, expected) => expect(fieldValue(facts, path)).toBe(expected));
  test('another one', () => expect(() => fieldValue(facts, 'spec.foo')).toThrow('unsupported fieldPath: spec.foo'));
  test.each([
    ['limits.cpu', undefined, '1'],
    ['limits.cpu', '1m', '250'],
    ['limits.memory', '1Mi', '1024'],
    ['requests.memory', undefined, '0'],
  ])('%s by %s', (resource, divisor, expected) => {
    expect(resourceValue({ resources: { limits: { cpu: '250m' } } }, resource, divisor, allocatable)).toBe(expected);
  });
});

describe('the env of a container', () => {
  test.each<[string, Partial<Container>, Record<string, string>]>([
    ['a value', { env: [{ name: 'A', value: 'x' }] }, { A: 'x' }],
    [
      'a reference to one before',
      {
        env: [
          { name: 'A', value: 'x' },
          { name: 'B', value: '$(A)y' },
        ],
      },
      { B: 'xy' },
    ],
    ['a service in a value', { env: [{ name: 'A', value: '$(MY_API_SERVICE_HOST)' }] }, { A: '10.96.0.9' }],
    ['envFrom with a prefix', { envFrom: [{ prefix: 'P_', configMapRef: { name: 'cm' } }] }, { P_one: '1' }],
    ['a Secret', { envFrom: [{ secretRef: { name: 'sec' } }] }, { key: 'geheim' }],
    [
      'a key of a Secret',
      { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'sec', key: 'key' } } }] },
      { A: 'geheim' },
    ],
    ['a field', { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }] }, { A: '10.244.0.7' }],
    ['a resource', { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }] }, { A: '2' }],
    [
      'env over envFrom',
      { envFrom: [{ configMapRef: { name: 'cm' } }], env: [{ name: 'one', value: '2' }] },
      { one: '2' },
    ],
    [
      'services',
      {},
      { KUBERNETES_SERVICE_PORT_HTTPS: '443', MY_API_PORT_80_TCP_ADDR: '10.96.0.9', MY_API_PORT: 'tcp://10.96.0.9:80' },
    ],
  ])('%s', (_name, container, expected) => expect(envOf(container)).toMatchObject(expected));

  test('what is optional may be missing', () => {
    const env = envOf({
      envFrom: [{ secretRef: { name: 'none', optional: true } }],
      env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'none', optional: true } } }],
    });
    expect(env).not.toHaveProperty('A');
    expect(env).not.toHaveProperty('a/b');
    expect(Object.keys(env).filter((name) => name.startsWith('HEADLESS'))).toEqual([]);
  });

  test.each<[string, Partial<Container>]>([
    ['configmap "none" not found', { envFrom: [{ configMapRef: { name: 'none' } }] }],
    ['secret "none" not found', { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'none', key: 'k' } } }] }],
    [
      "couldn't find key k in Secret shop/sec",
      { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'sec', key: 'k' } } }] },
    ],
    [
      "couldn't find key k in ConfigMap shop/cm",
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'k' } } }] },
    ],
  ])('%s', (message, container) => expect(() => envOf(container)).toThrow(message));
});

describe('a program without the hook', () => {
  const ports = {
    own: new Map([[4000, 51000]]),
    service: (ns: string, name: string, port: number) =>
      ns === 'shop' && name === 'api' && port === 80 ? 52000 : undefined,
  };
  test.each([
    ['4000', '51000'],
    ['4001', '4001'],
    ['x4000', 'x4000'],
    ['api:80', '127.0.0.1:52000'],
    ['http://api:80/path', 'http://127.0.0.1:52000/path'],
    ['//api.shop.svc.cluster.local:80', '//127.0.0.1:52000'],
    ['api.shop:80,api.other:80', '127.0.0.1:52000,api.other:80'],
    ['api:8080', 'api:8080'],
    ['my-api:80', 'my-api:80'],
    ['user:80@api', 'user:80@api'],
  ])('%s becomes %s', (value, expected) => expect(foreignEnv({ A: value }, 'shop', ports)).toEqual({ A: expected }));
  test.each([
    ['/usr/bin/node', true],
    ['node_modules/.bin/next', true],
    ['sh', false],
  ])('%s', (program, expected) => expect(runsTheHook(program)).toBe(expected));
});
