import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from './support/api-client.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.server.close());

const maps = '/api/v1/namespaces/default/configmaps';
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

describe('lists', () => {
  beforeEach(() => {
    for (const name of ['a', 'b', 'c'])
      api.store.create('ConfigMap', { metadata: { name, namespace: 'default', labels: { name } } });
    api.store.create('ConfigMap', { metadata: { name: 'z', namespace: 'other' } });
  });
  const names = (items: readonly { metadata: { name: string } }[]) => items.map(({ metadata }) => metadata.name);

  test('of a namespace and of all, by selectors', async () => {
    const { body } = await api.call('GET', maps);
    expect(body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '5' } });
    expect(body.items[0]).not.toHaveProperty('kind');
    expect(names(body.items)).toEqual(['a', 'b', 'c']);
    expect(names((await api.call('GET', '/api/v1/configmaps')).body.items)).toEqual(['a', 'b', 'c', 'z']);
    expect(names((await api.call('GET', `${maps}?labelSelector=name+in+(a,b)`)).body.items)).toEqual(['a', 'b']);
    expect(names((await api.call('GET', `${maps}?fieldSelector=metadata.name%3Dc`)).body.items)).toEqual(['c']);
  });

  test('in pages, as of the first', async () => {
    const first = (await api.call('GET', `${maps}?limit=1`)).body;
    expect(first.metadata).toMatchObject({ remainingItemCount: 2, resourceVersion: '5' });
    const token = String((first.metadata as unknown as { continue: string }).continue);
    api.store.create('ConfigMap', { metadata: { name: 'aa', namespace: 'default' } });
    api.store.create('ConfigMap', { metadata: { name: 'd', namespace: 'other' } });
    api.store.update('ConfigMap', 'default', 'b', (copy) => {
      copy.data = { late: 'yes' };
    });
    api.store.remove('ConfigMap', 'default', 'b');
    api.store.remove('ConfigMap', 'default', 'c');
    api.store.create('ConfigMap', { metadata: { name: 'c', namespace: 'default', labels: { name: 'again' } } });
    const second = (await api.call('GET', `${maps}?continue=${token}`)).body;
    expect(second.items.map(({ metadata, data }) => [metadata.name, metadata.labels, data])).toEqual([
      ['b', { name: 'b' }, undefined],
      ['c', { name: 'c' }, undefined],
    ]);
    expect(second.metadata).toEqual({ resourceVersion: '5' });
    api.store.compact();
    expect((await api.call('GET', `${maps}?continue=${token}`)).body).toMatchObject({ code: 410, reason: 'Expired' });
  });

  test.each([
    ['limit=x', 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['resourceVersion=999', 504, 'Timeout: Too large resource version: 999, current: 5'],
    [
      'resourceVersionMatch=Exact',
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    ['resourceVersion=x', 500, 'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax'],
    ['continue=abc', 400, expect.stringContaining('invalid continue token: continue key is not valid')],
  ])('%s is refused', async (query, code, message) => {
    expect((await api.call('GET', `${maps}?${query}`)).body).toMatchObject({ code, message });
  });

  test('as of a version, while it is remembered', async () => {
    const exact = `${maps}?resourceVersion=3&resourceVersionMatch=Exact`;
    const { body } = await api.call('GET', exact);
    expect([names(body.items), body.metadata]).toEqual([['a', 'b'], { resourceVersion: '3' }]);
    api.store.compact();
    const message = 'The resourceVersion for the provided list is too old.';
    expect((await api.call('GET', exact)).body).toMatchObject({ code: 410, message });
  });

  test('as a table, of a list and of one', async () => {
    const { body } = await api.call('GET', maps, undefined, table);
    expect(body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '5' } });
    const rows = body['rows'] as { cells: string[]; object: { kind: string } }[];
    expect(rows.map(({ cells }) => cells[0])).toEqual(['a', 'b', 'c']);
    expect(rows[0]?.object.kind).toBe('PartialObjectMetadata');
    const one = (await api.call('GET', `${maps}/a?includeObject=Object`, undefined, table)).body;
    expect((one['rows'] as typeof rows)[0]?.object.kind).toBe('ConfigMap');
  });

  test('metadata only', async () => {
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const { body } = await api.call('GET', maps, undefined, { accept });
    expect(body.kind).toBe('PartialObjectMetadataList');
    expect(body.items[0]).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } });
  });
});
