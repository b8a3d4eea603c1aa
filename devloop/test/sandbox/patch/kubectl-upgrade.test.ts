import { describe, expect, test } from '@jest/globals';
import { kindOf } from '../../../src/sandbox/store/kinds.ts';
import type { KubeObject } from '../../../src/sandbox/store/objects.ts';
import { applyObject } from '../../../src/sandbox/store/patch/apply-object.ts';
import { patchObject } from '../../../src/sandbox/store/patch/patch-object.ts';
import { trackFields } from '../../../src/sandbox/store/patch/track-fields.ts';
import { applied, configMap, errorOf } from './objects.ts';
import { apply, created, fields, later, map, update } from './writes.ts';

const kind = kindOf('ConfigMap');
const now = '2026-11-21T13:54:30Z';
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
const labels = { l: '1' };
const metadata = { name: 'web', namespace: 'default' };

const lastApplied = (data: object, annotations?: object): string =>
  `${JSON.stringify({ apiVersion: 'v1', data, kind: 'ConfigMap', metadata: { ...(annotations && { annotations }), labels, ...metadata } })}\n`;

const managersOf = (object: KubeObject) =>
  object.metadata.managedFields?.map(({ manager, operation, fieldsV1 }) => [manager, operation, fieldsV1]);

// What kubectl 1.32 sent, and what the API server of Kubernetes 1.20.2 answered, write by write.
test('kubectl apply, then kubectl apply --server-side of less', () => {
  const data = { a: '1', b: '1' };
  const made = configMap(data, { labels, annotations: { [annotation]: lastApplied(data, {}) } });
  trackFields(kind, undefined, made, { manager: 'kubectl-client-side-apply' }, '2026-11-21T13:54:04Z');

  const config = applied('ConfigMap', 'v1', { data: { a: '2' }, metadata: { ...metadata, labels } });
  const first = applyObject(kind, made, config, { manager: 'kubectl' }, false, now);
  const ofAnnotations = { '.': {}, [`f:${annotation}`]: {} };
  const ofKubectl = ['kubectl', 'Apply', { 'f:data': { 'f:a': {} }, 'f:metadata': { 'f:labels': { 'f:l': {} } } }];
  expect(first['data']).toEqual({ a: '2', b: '1' });
  expect(first.metadata.annotations).toEqual({ [annotation]: lastApplied({ a: '2' }) });
  expect(managersOf(first)).toEqual([
    ofKubectl,
    [
      'kubectl-client-side-apply',
      'Update',
      {
        'f:data': { '.': {}, 'f:b': {} },
        'f:metadata': { 'f:annotations': ofAnnotations, 'f:labels': { '.': {}, 'f:l': {} } },
      },
    ],
  ]);

  const annotations = { [annotation]: lastApplied({ a: '2' }) };
  const remembered = applied('ConfigMap', 'v1', { metadata: { ...metadata, annotations } });
  const second = applyObject(kind, first, remembered, { manager: 'kubectl-last-applied' }, false, now);
  const ofLastApplied = [
    'kubectl-last-applied',
    'Apply',
    { 'f:metadata': { 'f:annotations': { [`f:${annotation}`]: {} } } },
  ];
  expect(managersOf(second)?.[1]).toEqual(ofLastApplied);

  const entry = { operation: 'Apply', apiVersion: 'v1', time: now, fieldsType: 'FieldsV1' };
  const fields = {
    'f:data': { '.': {}, 'f:a': {}, 'f:b': {} },
    'f:metadata': { 'f:annotations': ofAnnotations, 'f:labels': { '.': {}, 'f:l': {} } },
  };
  const value = [
    { manager: 'kubectl', ...entry, fieldsV1: fields },
    { manager: 'kubectl-last-applied', ...entry, fieldsV1: ofLastApplied[2] },
  ];
  const third = patchObject(kind, second, 'json', [
    { op: 'replace', path: '/metadata/managedFields', value },
    { op: 'replace', path: '/metadata/resourceVersion', value: '339' },
  ]);
  trackFields(kind, second, third, { manager: 'kubectl' }, now);
  expect(third.metadata.managedFields).toEqual(value);

  const fourth = applyObject(kind, third, config, { manager: 'kubectl' }, false, now);
  expect(fourth['data']).toEqual({ a: '2' });
  expect(fourth.metadata).toMatchObject({ labels, annotations });
  expect(managersOf(fourth)).toEqual([ofKubectl, ofLastApplied]);
});

describe('the way from client-side to server-side apply', () => {
  const remembered = (data: Record<string, unknown>): object => ({
    annotations: { [annotation]: `${JSON.stringify(map(data))}\n` },
  });
  const live = created(configMap({ a: '1', b: '1' }, remembered({ a: '1' })), 'kubectl-client-side-apply');

  test('kubectl may take what its client side applied, and keeps the annotation', () => {
    const result = apply(live, map({ a: '2' }), 'kubectl');
    expect(result['data']).toEqual({ a: '2', b: '1' });
    expect(result.metadata.annotations).toEqual({
      [annotation]: '{"apiVersion":"v1","data":{"a":"2"},"kind":"ConfigMap","metadata":{"name":"web"}}\n',
    });
  });

  test('but not what it did not apply, or what somebody changed since', () => {
    expect(errorOf(() => apply(live, map({ a: '2', b: '2' }), 'kubectl')).message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.b',
    );
    const changed = update(live, { data: { a: '5' } });
    expect(errorOf(() => apply(changed, map({ a: '2' }), 'kubectl')).message).toContain('"ed" using v1: .data.a');
  });

  test('and nobody else may', () => {
    expect(errorOf(() => apply(live, map({ a: '2' }), 'flux')).code).toBe(409);
  });

  test('an entry that kubectl turned into an Apply counts for leaving out', () => {
    const [entry] = live.metadata.managedFields ?? [];
    const patch = [
      { op: 'replace', path: '/metadata/managedFields', value: [{ ...entry, manager: 'kubectl', operation: 'Apply' }] },
      { op: 'replace', path: '/metadata/resourceVersion', value: '1' },
    ];
    const turned = patchObject(kindOf('ConfigMap'), live, 'json', patch);
    trackFields(kindOf('ConfigMap'), live, turned, { manager: 'kubectl' }, later);
    expect(turned.metadata.managedFields).toEqual([{ ...entry, manager: 'kubectl', operation: 'Apply' }]);
    const result = apply(turned, map({ a: '2' }), 'kubectl');
    expect(result['data']).toEqual({ a: '2' });
    expect(fields(result, 'kubectl')).toEqual({ 'f:data': { 'f:a': {} } });
  });
});
