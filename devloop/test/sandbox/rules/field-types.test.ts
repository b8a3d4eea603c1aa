import { beforeAll, describe, expect, test } from '@jest/globals';
import { kindOf, kinds } from '../../../src/sandbox/store/kinds.ts';
import type { KubeObject } from '../../../src/sandbox/store/objects.ts';
import { canonicalQuantity } from '../../../src/sandbox/store/quantity.ts';
import { type FieldTypes, loadFieldTypes, modelOf } from '../../../src/sandbox/store/rules/types/field-types.ts';
import { answerOf, namespace, rulesLikeTheCluster } from './recorded.ts';

let cluster: Awaited<ReturnType<typeof rulesLikeTheCluster>>;
let types: FieldTypes;

beforeAll(async () => {
  cluster = await rulesLikeTheCluster();
  types = await loadFieldTypes();
});

describe('unknown fields', () => {
  test.each<[string, unknown, string[]]>([
    ['Pod', { spec: { foo: 1 } }, ['unknown field "spec.foo"']],
    ['Pod', { spec: { containers: [{ name: 'a' }, { foo: 1 }] } }, ['unknown field "spec.containers[1].foo"']],
    [
      'Deployment',
      { spec: { template: { spec: { containers: [{ foo: 1 }] } } } },
      ['unknown field "spec.template.spec.containers[0].foo"'],
    ],
    [
      'Deployment',
      { speck: {}, metadata: { labels: { any: 'x' }, nam: 'x' } },
      ['unknown field "speck"', 'unknown field "metadata.nam"'],
    ],
    ['ConfigMap', { data: { anything: 'x' } }, []],
    ['Event', { involvedObject: { kind: 'Pod' }, source: { component: 'x' } }, []],
  ])('%s %j', async (kind, object, found) => {
    expect(await cluster.rules.unknownFields(kindOf(kind), object)).toEqual(found);
  });
});

test('unknown fields are not stored, neither of what is new nor of what changes', () => {
  const metadata = { name: 'pruned', namespace, nam: 'x' };
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i', foo: [1] }] } };
  const given = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    nonsense: 1,
    spec: { selector: { matchLabels: { a: 'b' } }, template, bar: { deep: 1 } },
  } as unknown as KubeObject;
  const made = cluster.create(given);
  expect(JSON.stringify(made)).not.toMatch(/nonsense|"nam"|bar|foo/);
  const changed = { ...structuredClone(made), nonsense: 1, status: { odd: 1 } };
  expect(cluster.rules.prepareUpdate(kindOf('Deployment'), made, changed)).not.toHaveProperty('nonsense');
  const status = cluster.rules.prepareUpdate(kindOf('Deployment'), made, changed, 'status');
  expect(status['status']).toEqual({});
});

describe('wrong JSON types', () => {
  test.each<[string, unknown, string]>([
    [
      'Deployment',
      { spec: { replicas: 'two' } },
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'Pod',
      { spec: { containers: 'x' } },
      'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'ConfigMap',
      { data: { a: true } },
      'json: cannot unmarshal bool into Go struct field ConfigMap.data of type string',
    ],
    ['Service', { spec: [] }, 'json: cannot unmarshal array into Go struct field Service.spec of type v1.ServiceSpec'],
  ])('%s %j', async (kind, object, words) => {
    await expect(cluster.rules.unknownFields(kindOf(kind), object)).rejects.toMatchObject({
      code: 400,
      message: `${kind} in version "${kindOf(kind).version}" cannot be handled as a ${kind}: ${words}`,
    });
  });
});

test.each(kinds.map(({ kind }) => kind))('%s has a model', (kind) => {
  expect(types.has(modelOf(types, kindOf(kind)))).toBe(true);
});

test.each([
  ['0.5', '500m'],
  ['1000m', '1'],
  [1, '1'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['1500', '1500'],
  ['2000', '2k'],
  ['0.5Ki', '512'],
  ['0', '0'],
  ['1e3', '1e3'],
  ['100M', '100M'],
])('the quantity %s is stored as %s', (given, stored) => {
  expect(canonicalQuantity(given)).toBe(stored);
});

describe('an update', () => {
  const object = (rest: Record<string, unknown>) =>
    ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'w' }, ...rest }) as KubeObject;
  const labels = { app: 'w' };
  const spec = (replicas: number) => ({
    replicas,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i:1' }] } },
  });

  test('of the object leaves its status, of the status its spec', () => {
    const made = cluster.create(object({ spec: spec(1) }));
    const changed = object({
      spec: spec(2),
      status: { replicas: 9 },
      metadata: { name: 'other', uid: made.metadata.uid },
    });
    const whole = cluster.rules.prepareUpdate(kindOf('Deployment'), made, changed);
    expect(whole).toMatchObject({
      metadata: { name: 'w', namespace, uid: made.metadata.uid },
      spec: { replicas: 2 },
      status: {},
    });
    expect(whole['status']).toEqual({});
    const status = cluster.rules.prepareUpdate(kindOf('Deployment'), made, changed, 'status');
    expect(status).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 9 } });
  });

  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u' };
  const given = {
    labels: { a: 'b' },
    annotations: { a: 'b' },
    finalizers: ['example.com/x'],
    ownerReferences: [owner],
  };
  test.each([
    ['Deployment', { spec: spec(1) }, { ...given, labels: { was: 'here' } }],
    ['StatefulSet', { spec: { ...spec(1), serviceName: 's' } }, given],
    ['Pod', { spec: { containers: [{ name: 'c', image: 'i:1' }] } }, { ...given, ownerReferences: undefined }],
  ])('of the status of a %s takes its metadata along', (name, rest, expected) => {
    const { apiVersion } = { apiVersion: name === 'Pod' ? 'v1' : 'apps/v1' };
    const metadata = { name: `status-${name.toLowerCase()}`, labels: { was: 'here' } };
    const made = cluster.create({ apiVersion, kind: name, metadata, ...rest } as unknown as KubeObject);
    const written = { ...made, metadata: { ...made.metadata, ...given }, status: {} };
    const { metadata: after } = cluster.rules.prepareUpdate(kindOf(name), made, written, 'status');
    expect(after).toEqual({ ...made.metadata, ...expected });
    const bad = { ...written, metadata: { ...made.metadata, annotations: { 'a b': 'c' } } };
    expect(() => cluster.rules.prepareUpdate(kindOf(name), made, bad, 'status')).toThrow('metadata.annotations');
  });

  test('with the uid of another object is a conflict', () => {
    const made = cluster.create(object({ spec: spec(1), metadata: { name: 'v' } }));
    const other = object({ spec: spec(1), metadata: { name: 'v', uid: 'x' } });
    expect(() => cluster.rules.prepareUpdate(kindOf('Deployment'), made, other)).toThrow('Precondition failed: UID');
  });
});

test('nothing is made in a namespace that is not there or that is going', () => {
  const make = (name: string) => () =>
    cluster.rules.prepareCreate(kindOf('ConfigMap'), { metadata: { name: 'c', namespace: name } } as KubeObject);
  expect(make('nope')).toThrow('namespaces "nope" not found');
  cluster.store.create('Namespace', { metadata: { name: 'going' }, status: { phase: 'Terminating' } });
  expect(make('going')).toThrow('unable to create new content in namespace going because it is being terminated');
});

describe('finalizers of what is being deleted', () => {
  const held = (...finalizers: string[]) => {
    const metadata = { name: 'held', namespace, uid: 'u', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers };
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata } as unknown as KubeObject;
  };
  const change = (after: KubeObject) => () => cluster.rules.prepareUpdate(kindOf('ConfigMap'), held('a.b/c'), after);

  test('no new ones', () => {
    const why =
      'Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a.b/d", "a.b/e"}';
    const cause = { reason: 'FieldValueForbidden', message: why, field: 'metadata.finalizers' };
    expect(answerOf(change(held('a.b/c', 'a.b/e', 'a.b/d')))).toEqual({
      code: 422,
      reason: 'Invalid',
      message: `ConfigMap "held" is invalid: metadata.finalizers: ${why}`,
      causes: [cause, cause],
    });
  });

  test.each([[['a.b/c']], [[]]])('%j may stay', (finalizers) => {
    expect(change(held(...finalizers))().metadata.finalizers ?? []).toEqual(finalizers);
  });
});

describe('a StatefulSet', () => {
  const labels = { a: 'b' };
  const set = (spec: Record<string, unknown>, claims: readonly object[] = []) =>
    ({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db' },
      spec: {
        serviceName: 'db',
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec },
        volumeClaimTemplates: claims,
      },
    }) as unknown as KubeObject;

  test('mounts what it will claim', () => {
    const volumeMounts = [{ name: 'data', mountPath: '/data' }];
    const claim = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } };
    const made = cluster.prepare(set({ containers: [{ name: 'c', image: 'i', volumeMounts }] }, [claim]));
    expect(made['spec']).toMatchObject({ template: { spec: { containers: [{ volumeMounts }] } } });
  });

  test.each(['Never', 'Sometimes'])('restarts its pods always, not %s', (restartPolicy) => {
    const answer = answerOf(() => cluster.prepare(set({ restartPolicy, containers: [{ name: 'c', image: 'i' }] })));
    expect(answer['message']).toBe(
      `StatefulSet.apps "db" is invalid: spec.template.spec.restartPolicy: Unsupported value: "${restartPolicy}": supported values: "Always"`,
    );
  });
});
