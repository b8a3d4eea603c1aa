import { describe, expect, test } from '@jest/globals';
import { applied, configMap, errorOf } from './objects.ts';
import { apply, created, fields, update } from './writes.ts';

describe('track', () => {
  const live = created(configMap({ a: '1', b: '1' }));

  test('merges into the entry of the same manager', () => {
    const after = update(update(live, { data: { c: '1' } }), { data: { d: '1' } });
    expect(fields(after, 'ed')).toEqual({ 'f:data': { 'f:c': {}, 'f:d': {} } });
    expect(after.metadata.managedFields).toHaveLength(2);
  });

  test('drops the entry of who owns nothing any more', () => {
    const after = update(created(configMap(undefined, { labels: { l: '1' } })), { metadata: { labels: null } });
    expect(after.metadata).not.toHaveProperty('managedFields');
  });

  test('a write that changes nothing leaves everything', () => {
    expect(update(live, { data: { a: '1' } })).toEqual(live);
  });

  test.each([[[]], [[{}]]])('managedFields %j forgets all entries', (managedFields) => {
    const after = update(live, { metadata: { managedFields } });
    expect(after.metadata).not.toHaveProperty('managedFields');
    expect(update(after, { data: { x: '1' } }).metadata).not.toHaveProperty('managedFields');
  });

  test.each([
    [[{ manager: 'x' }]],
    ['x'],
    [[{ manager: 'x', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'k:{': {} } }]],
    [null],
  ])('managedFields %j is not taken for serious', (managedFields) => {
    expect(update(live, { metadata: { managedFields } })).toEqual(live);
  });

  test('the status belongs to who writes it through its subresource', () => {
    const start = created(applied('Deployment', 'apps/v1', { spec: { replicas: 1 }, status: {} }));
    const after = update(start, { status: { replicas: 1 }, spec: { replicas: 2 } }, 'controller', 'status');
    expect(after.metadata.managedFields?.find(({ manager }) => manager === 'controller')).toMatchObject({
      operation: 'Update',
      subresource: 'status',
      fieldsV1: { 'f:status': { 'f:replicas': {} } },
    });
    expect(fields(update(start, { status: { replicas: 2 } }, 'ed'), 'ed')).toBeUndefined();
    const labelled = update(start, { metadata: { labels: { a: 'b' } } }, 'controller', 'status');
    expect(fields(labelled, 'controller')).toEqual({ 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } } });
  });

  test('the same manager has one entry for each subresource', () => {
    const start = created(applied('Deployment', 'apps/v1', { spec: { replicas: 1 } }));
    const scaled = update(update(start, { spec: { paused: true } }), { spec: { replicas: 3 } }, 'ed', 'scale');
    expect(scaled.metadata.managedFields?.map(({ manager, subresource }) => [manager, subresource])).toEqual([
      ['ed', undefined],
      ['ed', 'scale'],
    ]);
    const error = errorOf(() => apply(scaled, applied('Deployment', 'apps/v1', { spec: { replicas: 9 } })));
    expect(error.message).toBe(
      'Apply failed with 1 conflict: conflict with "ed" with subresource "scale" using apps/v1: .spec.replicas',
    );
  });
});
