import { describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../src/sandbox/store/objects.ts';
import { applied, configMap, errorOf } from './objects.ts';
import { apply, created, fields, later, map, now, update } from './writes.ts';

const deploy = (spec: object): KubeObject =>
  applied('Deployment', 'apps/v1', { spec: { replicas: 1, template: { spec } } });
const podOf = (object: KubeObject): unknown => (object['spec'] as { template: { spec: unknown } }).template.spec;
const web = { name: 'web', image: 'web:1' };

describe('apply', () => {
  test('creates what is not there, without the times that a dry run puts in', () => {
    const config = applied('ConfigMap', 'v1', { data: { a: '1' }, metadata: { creationTimestamp: null } });
    expect(apply(undefined, config)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'web',
        managedFields: [
          {
            manager: 'one',
            operation: 'Apply',
            apiVersion: 'v1',
            time: now,
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:data': { 'f:a': {} } },
          },
        ],
      },
      data: { a: '1' },
    });
  });

  test('the same again changes nothing, not even a time', () => {
    const first = apply(undefined, map({ a: '1' }));
    expect(apply(first, map({ a: '1' }), 'one', false, later)).toEqual(first);
  });

  test('another value gives another time', () => {
    const second = apply(apply(undefined, map({ a: '1' })), map({ a: '2' }), 'one', false, later);
    expect(second.metadata.managedFields).toMatchObject([{ time: later }]);
  });

  test('does not touch what the server has filled in', () => {
    const live = configMap({ a: '1' }, { generation: 3 });
    const { managedFields: _, ...metadata } = apply(live, map({ b: '1' })).metadata;
    expect(metadata).toEqual(live.metadata);
  });

  test('what nobody had tracked belongs to before-first-apply', () => {
    const result = apply(configMap({ a: '1' }, { labels: { l: '1' } }), map({ b: '1' }));
    expect(fields(result, 'before-first-apply')).toEqual({
      'f:data': { '.': {}, 'f:a': {} },
      'f:metadata': { 'f:labels': { '.': {}, 'f:l': {} } },
    });
  });

  test('a port without a protocol is the TCP one; the default comes later', () => {
    const ports = [
      { containerPort: 80, protocol: 'TCP', name: 'a' },
      { containerPort: 80, protocol: 'UDP', name: 'b' },
    ];
    const first = apply(undefined, deploy({ containers: [{ ...web, ports }] }));
    const result = apply(first, deploy({ containers: [{ ...web, ports: [{ containerPort: 80, name: 'x' }] }] }));
    expect(podOf(result)).toEqual({
      containers: [{ ...web, ports: [{ containerPort: 80, name: 'x' }] }],
    });
  });

  test('a struct that is left out goes with its defaults', () => {
    const first = apply(undefined, deploy({ containers: [{ ...web, livenessProbe: { exec: { command: ['x'] } } }] }));
    const live = structuredClone(first);
    Object.assign((podOf(live) as { containers: [{ livenessProbe: object }] }).containers[0].livenessProbe, {
      periodSeconds: 10,
    });
    expect(podOf(apply(live, deploy({ containers: [web] })))).toEqual({ containers: [web] });
  });

  test('a volume can become another one', () => {
    const volumes = (source: object): object => ({ containers: [web], volumes: [{ name: 'v', ...source }] });
    const first = apply(undefined, deploy(volumes({ emptyDir: {} })));
    expect(podOf(apply(first, deploy(volumes({ configMap: { name: 'c' } }))))).toEqual(
      volumes({ configMap: { name: 'c' } }),
    );
  });

  test('an atomic list is one field', () => {
    const first = apply(undefined, deploy({ tolerations: [{ key: 'a' }, { key: 'b' }] }));
    const conflict = errorOf(() => apply(first, deploy({ tolerations: [{ key: 'a' }] }), 'two'));
    expect(conflict.message).toBe('Apply failed with 1 conflict: conflict with "one": .spec.template.spec.tolerations');
    expect(podOf(apply(first, deploy({ tolerations: [{ key: 'c' }] }), 'two', true))).toEqual({
      tolerations: [{ key: 'c' }],
    });
  });

  test('two managers share a set', () => {
    const finalizers = (...all: string[]): KubeObject => applied('ConfigMap', 'v1', { metadata: { finalizers: all } });
    const both = apply(apply(undefined, finalizers('a', 'b')), finalizers('b', 'c'), 'two');
    expect(both.metadata.finalizers).toEqual(['a', 'b', 'c']);
    expect(fields(both, 'two')).toEqual({ 'f:metadata': { 'f:finalizers': { 'v:"b"': {}, 'v:"c"': {} } } });
    expect(apply(both, finalizers()).metadata.finalizers).toEqual(['b', 'c']);
  });

  test('null takes a field away', () => {
    const result = apply(apply(undefined, deploy({ serviceAccountName: 'a' })), deploy({ serviceAccountName: null }));
    expect(podOf(result)).toEqual({});
  });

  test('conflicts with many managers are sorted by them', () => {
    const both = apply(apply(undefined, map({ a: '1', b: '1' }), 'two'), map({ c: '1' }), 'one');
    const error = errorOf(() =>
      apply(update(both, { data: { d: '1' } }), map({ a: '2', b: '2', c: '2', d: '2' }), 'new'),
    );
    expect(error).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(error.message).toBe(
      'Apply failed with 4 conflicts: conflicts with "ed" using v1:\n- .data.d\nconflicts with "one":\n- .data.c\nconflicts with "two":\n- .data.a\n- .data.b',
    );
    expect(error.details?.causes).toHaveLength(4);
  });

  test('a manager conflicts with its own updates', () => {
    const live = created(configMap({ a: '1' }), 'helm');
    expect(errorOf(() => apply(live, map({ a: '2' }), 'helm')).message).toContain(
      'conflict with "helm" using v1: .data.a',
    );
    expect(fields(apply(live, map({ a: '2' }), 'helm', true), 'helm')).toEqual({ 'f:data': { 'f:a': {} } });
  });

  test('names and namespaces of other objects are no list keys', () => {
    const secrets = (...names: string[]): KubeObject =>
      applied('ServiceAccount', 'v1', { secrets: names.map((name) => ({ name })) });
    const both = apply(apply(undefined, secrets('a')), secrets('b'), 'two');
    expect(both['secrets']).toEqual([{ name: 'a' }, { name: 'b' }]);
    expect(apply(both, secrets())['secrets']).toEqual([{ name: 'b' }]);
  });
});
