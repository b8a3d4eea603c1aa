import { beforeAll, expect, test } from '@jest/globals';
import { loadFieldTypes } from '../../../src/sandbox/store/rules/types/field-types.ts';
import { applied, errorOf } from './objects.ts';
import { apply } from './writes.ts';

beforeAll(async () => {
  await loadFieldTypes();
});

const container = { name: 'c', image: 'i' };
const deployment = (spec: object, more: object = {}) =>
  applied('Deployment', 'apps/v1', { spec: { template: { spec } }, ...more });

test.each([
  ['at the top', applied('ConfigMap', 'v1', { nonsense: 1 }), '.nonsense'],
  ['that is null', applied('ConfigMap', 'v1', { nonsense: null }), '.nonsense'],
  [
    'in an item with a key',
    deployment({ containers: [container, { ...container, name: 'd', foo: 1 }] }),
    '.spec.template.spec.containers[name="d"].foo',
  ],
  [
    'in an item without one',
    deployment({ containers: [container], tolerations: [{ key: 'x' }, { zap: 1 }] }),
    '.spec.template.spec.tolerations[1].zap',
  ],
])('a field %s that the kind does not have cannot be applied', (_where, config, path) => {
  const { code, reason, message, details } = errorOf(() => apply(undefined, config));
  expect({ code, reason, details }).toEqual({ code: 500, reason: '', details: undefined });
  expect(message).toBe(`failed to create typed patch object: ${path}: field not declared in schema`);
});

test('all of them are named', () => {
  const error = errorOf(() => apply(undefined, deployment({ foo: 1 }, { bar: {} })));
  expect(error.message.split('\n')).toEqual([
    'failed to create typed patch object: errors:',
    '  .spec.template.spec.foo: field not declared in schema',
    '  .bar: field not declared in schema',
  ]);
});

test('keys of data are no fields', () => {
  const config = applied('ConfigMap', 'v1', { data: { anything: 'x' }, metadata: { labels: { any: 'x' } } });
  expect(apply(undefined, config)['data']).toEqual({ anything: 'x' });
});
