import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from './support/api-client.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.server.close());

const maps = '/api/v1/namespaces/default/configmaps';
const make = (name: string, labels: Record<string, string> = {}, namespace = 'default') =>
  api.store.create('ConfigMap', { metadata: { name, namespace, labels } });

describe('a watch', () => {
  test('without a version: what there is, then every change of the namespace', async () => {
    make('a');
    const watch = await api.watch(`${maps}?watch=true`);
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'a' } } });
    make('elsewhere', {}, 'other');
    make('b');
    api.store.update('ConfigMap', 'default', 'b', (copy) => {
      copy.data = { k: 'v' };
    });
    api.store.remove('ConfigMap', 'default', 'b');
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
    expect(await watch.next()).toMatchObject({ type: 'MODIFIED', object: { data: { k: 'v' } } });
    const version = String(api.store.resourceVersion);
    expect(await watch.next()).toMatchObject({ type: 'DELETED', object: { metadata: { resourceVersion: version } } });
  });

  test('from a version', async () => {
    const { metadata } = make('a');
    make('b');
    const watch = await api.watch(`${maps}?watch=true&resourceVersion=${metadata.resourceVersion}`);
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
  });

  test('from a version that is not kept', async () => {
    make('a');
    api.store.compact();
    const watch = await api.watch(`${maps}?watch=true&resourceVersion=1`);
    expect(await watch.next()).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    });
    expect(await watch.next()).toBeUndefined();
  });

  test('a selector: what begins to match was added, what stops was deleted', async () => {
    make('a', { on: 'no' });
    const watch = await api.watch(`${maps}?watch=true&labelSelector=on%3Dyes`);
    const label = (on: string) =>
      api.store.update('ConfigMap', 'default', 'a', (copy) => {
        copy.metadata.labels = { on };
      });
    label('yes');
    expect(await watch.next()).toMatchObject({ type: 'ADDED' });
    const { metadata } = label('no');
    expect(await watch.next()).toMatchObject({
      type: 'DELETED',
      object: { metadata: { labels: { on: 'yes' }, resourceVersion: metadata.resourceVersion } },
    });
    make('b', { on: 'yes' });
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
  });

  test('of one object', async () => {
    make('a');
    make('b');
    const watch = await api.watch(`${maps}?watch=true&fieldSelector=metadata.name%3Db`);
    expect(await watch.next()).toMatchObject({ object: { metadata: { name: 'b' } } });
  });

  test('a streaming list ends with a bookmark', async () => {
    make('a');
    const watch = await api.watch(
      `${maps}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    );
    expect(await watch.next()).toMatchObject({ type: 'ADDED' });
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        metadata: { resourceVersion: '2', annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    });
  });

  test.each([
    ['sendInitialEvents=true', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'],
    [
      'resourceVersionMatch=NotOlderThan',
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
  ])('%s alone is refused', async (query, why) => {
    const { body } = await api.call('GET', `${maps}?watch=true&${query}`);
    expect(body).toMatchObject({ code: 422, message: expect.stringContaining(why) });
  });

  test('a bookmark each minute and one before the end', async () => {
    make('a');
    const watch = await api.watch(`${maps}?watch=true&allowWatchBookmarks=true&timeoutSeconds=90`);
    await watch.next();
    api.clock.advance(60_000);
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { resourceVersion: '2', creationTimestamp: null } },
    });
    api.clock.advance(30_000);
    expect(await watch.next()).toMatchObject({ type: 'BOOKMARK' });
    expect(await watch.next()).toBeUndefined();
    expect(api.clock.pending()).toBe(0);
  });

  test('without a timeout it lasts at least half an hour', async () => {
    make('a');
    const watch = await api.watch(`${maps}?watch=true`);
    await watch.next();
    api.clock.advance(30 * 60_000 - 1);
    make('b');
    expect(await watch.next()).toMatchObject({ type: 'ADDED' });
    api.clock.advance(30 * 60_000 + 1);
    expect(await watch.next()).toBeUndefined();
  });

  test('as a table: columns once', async () => {
    make('a');
    make('b');
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const watch = await api.watch(`${maps}?watch=true`, { accept });
    expect(await watch.next()).toMatchObject({
      object: { kind: 'Table', columnDefinitions: [{ name: 'Name' }], rows: [{ cells: ['a'] }] },
    });
    expect(await watch.next()).toMatchObject({ object: { columnDefinitions: null, rows: [{ cells: ['b'] }] } });
  });

  test('a test can cut it', async () => {
    make('a');
    const watch = await api.watch(`${maps}?watch=true`);
    await watch.next();
    expect(api.faults.dropWatches()).toBe(1);
    await expect(watch.next().catch(() => undefined)).resolves.toBeUndefined();
  });
});
