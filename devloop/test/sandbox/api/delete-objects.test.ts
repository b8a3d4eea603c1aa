import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from './support/api-client.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.server.close());

const maps = '/api/v1/namespaces/default/configmaps';
const merge = { 'content-type': 'application/merge-patch+json' };

describe('delete', () => {
  test('at once, with a Status', async () => {
    const { metadata } = api.store.create('ConfigMap', { metadata: { name: 'a', namespace: 'default' } });
    const { body } = await api.call('DELETE', `${maps}/a`);
    expect(body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: metadata.uid },
    });
    expect((await api.call('DELETE', `${maps}/a`)).body).toMatchObject({
      code: 404,
      message: 'configmaps "a" not found',
    });
  });

  test.each([
    ['services', 'Service', 'Status'],
    ['serviceaccounts', 'ServiceAccount', 'ServiceAccount'],
  ])('%s answer in their own way', async (plural, kind, answer) => {
    api.store.create(kind, { metadata: { name: 'a', namespace: 'default' } });
    expect((await api.call('DELETE', `/api/v1/namespaces/default/${plural}/a`)).body.kind).toBe(answer);
  });

  test.each([
    ['Foreground', ['foregroundDeletion']],
    ['Orphan', ['orphan']],
  ])('%s leaves it to the garbage collector', async (propagationPolicy, finalizers) => {
    api.store.create('ConfigMap', { metadata: { name: 'a', namespace: 'default' } });
    const { body } = await api.call('DELETE', `${maps}/a`, { propagationPolicy });
    expect(body.metadata).toMatchObject({ finalizers, deletionTimestamp: '2026-01-01T00:00:00Z' });
    const freed = await api.call('PATCH', `${maps}/a`, { metadata: { finalizers: null } }, merge);
    expect(freed.body.metadata.finalizers).toBeUndefined();
    expect(api.store.get('ConfigMap', 'default', 'a')).toBeUndefined();
    // Watches are told of it as it was.
    const [last] = api.store.changesSince('ConfigMap', 0).slice(-1);
    expect(last).toMatchObject({ type: 'DELETED', object: { metadata: { finalizers } } });
  });

  test('a job orphans its pods unless it is told, and says so', async () => {
    api.store.create('Job', { metadata: { name: 'j' }, spec: { template: {} } });
    const { body, headers } = await api.call('DELETE', '/apis/batch/v1/namespaces/default/jobs/j');
    expect(body.metadata.finalizers).toEqual(['orphan']);
    expect(headers['warning']).toContain('child pods are preserved by default');
  });

  test('preconditions and wrong options', async () => {
    api.store.create('ConfigMap', { metadata: { name: 'a', namespace: 'default' } });
    const uid = await api.call('DELETE', `${maps}/a`, { preconditions: { uid: 'x' } });
    expect(uid.body).toMatchObject({
      code: 409,
      message: expect.stringContaining('the UID in the precondition (x) does not match'),
    });
    const policy = await api.call('DELETE', `${maps}/a`, { propagationPolicy: 'X' });
    expect(policy.body['message']).toBe(
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "X": supported values: "Foreground", "Background", "Orphan", "nil"',
    );
  });

  test('a running pod has its grace, which only gets shorter', async () => {
    const path = '/api/v1/namespaces/default/pods/p';
    api.store.create('Pod', { metadata: { name: 'p' }, spec: { containers: [], nodeName: 'sandbox' } });
    expect((await api.call('DELETE', path)).body.metadata).toMatchObject({
      deletionGracePeriodSeconds: 30,
      deletionTimestamp: '2026-01-01T00:00:30Z',
    });
    expect((await api.call('DELETE', `${path}?gracePeriodSeconds=60`)).body.metadata.deletionGracePeriodSeconds).toBe(
      30,
    );
    expect((await api.call('DELETE', path, { gracePeriodSeconds: 5 })).body.metadata.deletionTimestamp).toBe(
      '2026-01-01T00:00:05Z',
    );
    expect((await api.call('DELETE', path, { gracePeriodSeconds: 0 })).body.kind).toBe('Pod');
    expect(api.store.get('Pod', 'default', 'p')).toBeUndefined();
  });

  test('a pod without a node goes at once', async () => {
    api.store.create('Pod', { metadata: { name: 'p' }, spec: { containers: [] } });
    const path = '/api/v1/namespaces/default/pods/p';
    const marked = { deletionGracePeriodSeconds: 0, deletionTimestamp: '2026-01-01T00:00:00Z' };
    expect((await api.call('DELETE', `${path}?dryRun=All`)).body.metadata).toMatchObject(marked);
    expect((await api.call('DELETE', path)).body.metadata).toMatchObject(marked);
    expect(api.store.get('Pod', 'default', 'p')).toBeUndefined();
  });

  test('a namespace is emptied first, and goes when it is finalized', async () => {
    const deleted = await api.call('DELETE', '/api/v1/namespaces/default');
    expect(deleted.body).toMatchObject({ status: { phase: 'Terminating' }, spec: { finalizers: ['kubernetes'] } });
    await api.call('PUT', '/api/v1/namespaces/default/finalize', { metadata: { name: 'default' }, spec: {} });
    expect(api.store.get('Namespace', '', 'default')).toBeUndefined();
  });

  test('a collection', async () => {
    for (const name of ['a', 'b', 'c'])
      api.store.create('ConfigMap', { metadata: { name, namespace: 'default', labels: { name } } });
    const { body } = await api.call('DELETE', `${maps}?labelSelector=name!=c`);
    expect(body.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    expect(api.store.list('ConfigMap')).toHaveLength(1);
  });
});
