import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { acceptedShape } from '../../../src/sandbox/api/http/media-types.ts';
import { kindAtPath, parseResourcePath } from '../../../src/sandbox/api/http/resource-path.ts';
import { createLineWriter } from '../../../src/sandbox/api/read/watch-line-writer.ts';

describe('paths', () => {
  test.each([
    ['/api/v1/pods', { plural: 'pods' }],
    ['/api/v1/namespaces', { plural: 'namespaces' }],
    ['/api/v1/namespaces/a', { plural: 'namespaces', name: 'a' }],
    ['/api/v1/namespaces/a/finalize', { plural: 'namespaces', name: 'a', subresource: 'finalize' }],
    ['/api/v1/namespaces/a/pods', { plural: 'pods', namespace: 'a' }],
    ['/api/v1/namespaces/a/pods/b/log', { plural: 'pods', namespace: 'a', name: 'b', subresource: 'log' }],
    [
      '/api/v1/namespaces/a/services/https:b:web/proxy/x/y',
      { plural: 'services', namespace: 'a', name: 'https:b:web', subresource: 'proxy', rest: '/x/y' },
    ],
    ['/api/v1/namespaces/a/pods/b/proxy/', { plural: 'pods', name: 'b', subresource: 'proxy', rest: '/' }],
    ['/apis/apps/v1/namespaces/a/deployments/b%20c', { group: 'apps', plural: 'deployments', name: 'b c' }],
    ['/apis/apps/v1', { group: 'apps', version: 'v1', plural: '' }],
  ])('%s', (path, expected) => {
    expect(parseResourcePath(path)).toMatchObject(expected);
  });

  test.each(['/', '/healthz', '/apis/apps', '/api/v2/pods'])('%s names no resource', (path) => {
    expect(parseResourcePath(path)).toBeUndefined();
  });

  test.each([
    ['/api/v1/namespaces/a/nodes', undefined],
    ['/api/v1/pods/a', undefined],
    ['/api/v1/nodes/a', 'Node'],
    ['/apis/apps/v1beta1/deployments', undefined],
  ])('%s is of kind %s', (path, kind) => {
    const parsed = parseResourcePath(path);
    expect(parsed && kindAtPath(parsed)?.kind).toBe(kind);
  });
});

describe('the Accept header', () => {
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  test.each([
    [undefined, 'object'],
    ['*/*', 'object'],
    ['application/json', 'object'],
    ['application/vnd.kubernetes.protobuf,application/json', 'object'],
    [`${table},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json`, 'table'],
    [`application/json;q=0.9, ${table};q=0.5`, 'object'],
    [`application/json;q=0.1, ${table}`, 'table'],
    [
      'application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
      'metadata',
    ],
    ['application/json;as=Unknown;g=meta.k8s.io, application/json', 'object'],
  ])('%s → %s', (header, shape) => {
    expect(acceptedShape(header)).toBe(shape);
  });

  test('nothing that there is', () => {
    expect(() => acceptedShape('application/vnd.kubernetes.protobuf')).toThrow(expect.objectContaining({ code: 406 }));
  });
});

test('a client that does not read is cut', () => {
  const stuck = new Writable({ write: () => undefined });
  const write = createLineWriter(stuck, 100);
  write('x'.repeat(40));
  write('x'.repeat(40));
  expect(stuck.destroyed).toBe(false);
  write('x'.repeat(40));
  expect(stuck.destroyed).toBe(true);
  expect(() => write('more')).not.toThrow();
});
