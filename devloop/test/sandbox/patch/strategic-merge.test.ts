import { describe, expect, test } from '@jest/globals';
import { kindOf } from '../../../src/sandbox/store/kinds.ts';
import { patchObject } from '../../../src/sandbox/store/patch/patch-object.ts';
import { configMap, errorOf, frozen, object } from './objects.ts';

const patched = (kind: string, before: Record<string, unknown>, patch: object): Record<string, unknown> =>
  patchObject(kindOf(kind), frozen(object(kind, 'v1', before)), 'strategic', frozen(patch));

const template = (spec: object): object => ({ template: { spec } });
const web = { name: 'web', image: 'web:1' };
const side = { name: 'side', image: 'side:1' };

describe('a pod template is merged the same wherever it is', () => {
  const paths: [string, (spec: object) => Record<string, unknown>][] = [
    ['Pod', (spec) => ({ spec })],
    ['Deployment', (spec) => ({ spec: template(spec) })],
    ['ReplicaSet', (spec) => ({ spec: template(spec) })],
    ['StatefulSet', (spec) => ({ spec: template(spec) })],
    ['DaemonSet', (spec) => ({ spec: template(spec) })],
    ['Job', (spec) => ({ spec: template(spec) })],
    ['CronJob', (spec) => ({ spec: { jobTemplate: { spec: template(spec) } } })],
  ];
  test.each(paths)('%s', (kind, at) => {
    const result = patched(
      kind,
      at({ containers: [web, side] }),
      at({ containers: [{ name: 'web', image: 'web:2' }] }),
    );
    expect(result).toMatchObject(at({ containers: [{ name: 'web', image: 'web:2' }, side] }));
  });
});

describe('lists are merged by their keys', () => {
  test.each([
    ['initContainers', { name: 'a', image: 'x' }, { name: 'a', command: ['y'] }],
    ['ephemeralContainers', { name: 'a', image: 'x' }, { name: 'a', command: ['y'] }],
    ['volumes', { name: 'a', emptyDir: {} }, { name: 'a', medium: 'Memory' }],
    ['imagePullSecrets', { name: 'a' }, { name: 'a' }],
    ['hostAliases', { ip: '1.1.1.1', hostnames: ['x'] }, { ip: '1.1.1.1', hostnames: ['y'] }],
    ['topologySpreadConstraints', { topologyKey: 'k', maxSkew: 1 }, { topologyKey: 'k', maxSkew: 2 }],
  ])('%s of a pod', (list, before, item) => {
    const other = Object.fromEntries(
      Object.entries(before).map(([key, value]) => [key, typeof value === 'string' ? `${value}2` : value]),
    );
    expect(patched('Pod', { spec: { [list]: [before, other] } }, { spec: { [list]: [item] } })).toMatchObject({
      spec: { [list]: [{ ...before, ...item }, other] },
    });
  });

  test.each([
    ['ServiceAccount', 'secrets', [{ name: 'a' }], [{ name: 'b' }], [{ name: 'b' }, { name: 'a' }]],
    ['ServiceAccount', 'imagePullSecrets', [{ name: 'a' }], [{ name: 'b' }], [{ name: 'b' }]],
    ['EndpointSlice', 'endpoints', [{ addresses: ['1'] }], [{ addresses: ['2'] }], [{ addresses: ['2'] }]],
    ['Role', 'rules', [{ verbs: ['get'] }], [{ verbs: ['list'] }], [{ verbs: ['list'] }]],
  ])('%s %s', (kind, list, before, patch, after) => {
    expect(patched(kind, { [list]: before }, { [list]: patch })[list]).toEqual(after);
  });

  test.each([
    ['Service', 'ports', [{ port: 80, name: 'a' }], [{ port: 80, name: 'b' }], [{ port: 80, name: 'b' }]],
    ['Ingress', 'rules', [{ host: 'a' }], [{ host: 'b' }], [{ host: 'b' }]],
    ['NetworkPolicy', 'ingress', [{}], [{ from: [] }], [{ from: [] }]],
  ])('%s spec.%s', (kind, list, before, patch, after) => {
    expect(patched(kind, { spec: { [list]: before } }, { spec: { [list]: patch } })['spec']).toEqual({ [list]: after });
  });

  test('two ports of one number are the first one: only the number counts', () => {
    const ports = [
      { port: 53, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ];
    const result = patched('Service', { spec: { ports } }, { spec: { ports: [{ port: 53, name: 'x' }] } });
    expect(result['spec']).toEqual({ ports: [{ port: 53, protocol: 'TCP', name: 'x' }, ports[1]] });
  });

  test('conditions of a status by type, owners by uid', () => {
    const before = {
      metadata: { ownerReferences: [{ uid: '1', name: 'a' }] },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    };
    const patch = {
      metadata: {
        ownerReferences: [
          { uid: '1', $patch: 'delete' },
          { uid: '2', name: 'b' },
        ],
      },
      status: {
        conditions: [
          { type: 'Ready', status: 'False' },
          { type: 'New', status: 'True' },
        ],
      },
    };
    const after = patched('Deployment', before, patch);
    expect(after['metadata']).toMatchObject({ ownerReferences: [{ uid: '2', name: 'b' }] });
    expect(after['status']).toEqual({
      conditions: [
        { type: 'Ready', status: 'False' },
        { type: 'New', status: 'True' },
      ],
    });
  });
});

describe('directives', () => {
  test('a field that is new comes without directives and nulls', () => {
    const patch = {
      spec: { containers: [{ ...web, env: [{ name: 'A', value: null }], '$setElementOrder/env': [{ name: 'A' }] }] },
    };
    expect(patched('Pod', { spec: {} }, patch)['spec']).toEqual({ containers: [{ ...web, env: [{ name: 'A' }] }] });
  });

  test('an order for a list that nobody has does nothing', () => {
    expect(patched('Pod', { spec: { a: 1 } }, { spec: { '$setElementOrder/containers': [] } })['spec']).toEqual({
      a: 1,
    });
  });

  test('what only the server has stays between its neighbours', () => {
    const env = ['a', 'b', 'c', 'd'].map((name) => ({ name, value: '1' }));
    const order = ['d', 'a', 'e'].map((name) => ({ name }));
    const container = { name: 'web', '$setElementOrder/env': order, env: [{ name: 'e', value: '2' }] };
    const after = patched('Pod', { spec: { containers: [{ ...web, env }] } }, { spec: { containers: [container] } });
    const { containers } = after['spec'] as { containers: [{ env: { name: string }[] }] };
    expect(containers[0].env.map(({ name }) => name)).toEqual(['b', 'c', 'd', 'a', 'e']);
  });

  test('deleting from a list of scalars that is not there does nothing', () => {
    const after = patched('ConfigMap', {}, { metadata: { '$deleteFromPrimitiveList/finalizers': ['x'] } });
    expect(after['metadata']).not.toHaveProperty('finalizers');
  });

  test('retainKeys must be a list', () => {
    const fail = () =>
      patched('Deployment', { spec: { strategy: {} } }, { spec: { strategy: { $retainKeys: 'type' } } });
    expect(errorOf(fail)).toMatchObject({ code: 400, message: 'invalid patch format of retainKeys' });
  });
});

describe('what a patch may not do', () => {
  const kind = kindOf('ConfigMap');
  const undeterminable = 'the name of the object (web based on URL) was undeterminable: name must be provided';
  test.each([
    [{ metadata: null }, undeterminable],
    [{ metadata: { name: null } }, undeterminable],
    [{ metadata: { name: 'z' } }, 'the name of the object (z) does not match the name on the URL (web)'],
  ])('%j', (patch, message) => {
    for (const type of ['merge', 'strategic'] as const)
      expect(errorOf(() => patchObject(kind, configMap(), type, patch))).toMatchObject({ code: 400, message });
  });

  test('the kind stays what it is', () => {
    const after = patchObject(kind, configMap(), 'merge', { kind: 'Pod', apiVersion: null });
    expect(after).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
  });
});
