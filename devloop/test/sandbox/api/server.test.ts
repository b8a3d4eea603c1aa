import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi, token } from './support/api-client.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.server.close());

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

describe('who may come in', () => {
  test.each(['Bearer wrong', 'Bearer', `Basic ${token}`, '', `Bearer ${token}x`])(
    'not with %s',
    async (authorization) => {
      const { code, body } = await api.call('GET', '/api/v1/pods', undefined, { authorization });
      expect(code).toBe(401);
      expect(body).toMatchObject({ kind: 'Status', message: 'Unauthorized', reason: 'Unauthorized', code: 401 });
    },
  );

  test.each(['/healthz', '/version'])('%s needs the token too', async (path) => {
    expect((await api.call('GET', path, undefined, { authorization: 'none' })).code).toBe(401);
  });
});

describe('about the API', () => {
  test.each(['/healthz', '/livez', '/readyz', '/readyz/ping'])('%s is ok', async (path) => {
    expect(await api.call('GET', path)).toMatchObject({ code: 200, text: 'ok' });
  });

  test('the version', async () => {
    expect((await api.call('GET', '/version')).body).toMatchObject({ major: '1', minor: '35', gitVersion: 'v1.35.0' });
  });

  test('OpenAPI: version 3 only', async () => {
    expect((await api.call('GET', '/openapi/v3')).body).toHaveProperty('paths');
    expect((await api.call('GET', '/openapi/v3/apis/apps/v1?hash=1')).body).toMatchObject({ openapi: '3.0.0' });
    expect((await api.call('GET', '/openapi/v3/apis/nope/v1')).code).toBe(404);
    expect((await api.call('GET', '/openapi/v2')).body).toMatchObject({ kind: 'Status', code: 404 });
  });

  test.each([
    ['GET', '/nope', 404, 'the server could not find the requested resource'],
    ['GET', '/apis/apps/v1/nopes', 404, 'the server could not find the requested resource'],
    ['GET', '/api/v1/namespaces/default/configmaps/x/status', 404, 'the server could not find the requested resource'],
    [
      'PUT',
      '/api/v1/namespaces/default/configmaps',
      405,
      'the server does not allow this method on the requested resource',
    ],
    ['POST', '/api/v1/configmaps', 405, 'the server does not allow this method on the requested resource'],
    ['DELETE', '/api/v1/namespaces', 405, 'the server does not allow this method on the requested resource'],
  ])('%s %s → %s', async (method, path, code, message) => {
    expect((await api.call(method, path)).body).toMatchObject({ kind: 'Status', status: 'Failure', code, message });
  });

  test.each([
    ['GET', '/apis/nope.io'],
    ['GET', '/apis/nope.io/v1'],
    ['POST', '/apis/nope.io/v1/namespaces/default/things'],
  ])('%s %s: a group that is not served', async (method, path) => {
    expect(await api.call(method, path)).toMatchObject({ code: 404, text: '404 page not found\n' });
  });

  test.each([
    ['GET', '/apis/apps/v9', 404],
    ['GET', '/apis/apps/v9/deployments', 404],
    ['GET', '/api/v1/nonsense', 404],
    ['POST', '/api/v1/configmaps', 405],
  ])('%s %s: a Status with details that are empty', async (method, path, code) => {
    expect((await api.call(method, path)).body).toMatchObject({ code, details: {} });
  });
});

describe('discovery', () => {
  test('of the core group', async () => {
    expect((await api.call('GET', '/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const { body } = await api.call('GET', '/api/v1');
    expect(body).toMatchObject({ kind: 'APIResourceList', groupVersion: 'v1' });
    const resources = body['resources'] as { name: string }[];
    expect(resources.find(({ name }) => name === 'pods')).toMatchObject({
      kind: 'Pod',
      namespaced: true,
      singularName: 'pod',
      shortNames: ['po'],
      categories: ['all'],
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    });
    expect(resources.find(({ name }) => name === 'pods/eviction')).toMatchObject({
      group: 'policy',
      version: 'v1',
      kind: 'Eviction',
      verbs: ['create'],
    });
    expect(resources.find(({ name }) => name === 'namespaces')).toMatchObject({
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    });
  });

  test('of the other groups', async () => {
    const { body } = await api.call('GET', '/apis');
    const names = (body['groups'] as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['apps', 'batch', 'authorization.k8s.io']));
    expect(names).not.toContain('');
    expect((await api.call('GET', '/apis/apps')).body).toMatchObject({ kind: 'APIGroup', name: 'apps' });
    const reviews = (await api.call('GET', '/apis/authorization.k8s.io/v1')).body['resources'];
    expect(reviews).toContainEqual(expect.objectContaining({ name: 'selfsubjectaccessreviews', verbs: ['create'] }));
  });

  test('all at once, for clients that ask', async () => {
    const answer = await api.call('GET', '/apis', undefined, { accept: `${aggregated},application/json` });
    expect(answer.headers).toMatchObject({ 'content-type': aggregated, vary: 'Accept' });
    const apps = (
      answer.body.items as unknown as {
        metadata: { name: string };
        versions: { resources: { resource: string }[] }[];
      }[]
    ).find(({ metadata }) => metadata.name === 'apps');
    const deployments = apps?.versions[0]?.resources.find(({ resource }) => resource === 'deployments');
    expect(deployments).toMatchObject({
      responseKind: { group: 'apps', version: 'v1', kind: 'Deployment' },
      scope: 'Namespaced',
      subresources: expect.arrayContaining([
        {
          subresource: 'scale',
          responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
          verbs: ['get', 'patch', 'update'],
        },
      ]),
    });

    const etag = String(answer.headers['etag']);
    const again = await api.call('GET', '/apis', undefined, { accept: aggregated, 'if-none-match': etag });
    expect(again).toMatchObject({ code: 304, text: '' });
  });

  test('old clients get the old lists', async () => {
    const accept = `application/json, ${aggregated}`;
    expect((await api.call('GET', '/apis', undefined, { accept })).body.kind).toBe('APIGroupList');
  });
});

describe('faults', () => {
  test.each([
    [410, 'Expired'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [503, 'ServiceUnavailable'],
  ] as const)('%s once, then the truth', async (code, reason) => {
    api.faults.answer(({ resource }) => resource === 'pods', { kind: 'status', code }, 1);
    const answer = await api.call('GET', '/api/v1/pods');
    expect(answer.body).toMatchObject({ kind: 'Status', code, reason });
    expect(answer.headers['retry-after']).toBe(code === 429 ? '1' : undefined);
    expect((await api.call('GET', '/api/v1/pods')).code).toBe(200);
  });

  test('nobody without the token uses one up', async () => {
    api.faults.answer(() => true, { kind: 'status', code: 500 }, 1);
    expect((await api.call('GET', '/api/v1/pods', undefined, { authorization: '' })).code).toBe(401);
    expect((await api.call('GET', '/api/v1/pods')).code).toBe(500);
  });

  test('a delay', async () => {
    const asked = new Promise<void>((resolve) => {
      api.faults.answer(
        () => {
          resolve();
          return true;
        },
        { kind: 'delay', ms: 500 },
        1,
      );
    });
    const answer = api.call('GET', '/api/v1/pods');
    await asked;
    expect(api.clock.pending()).toBe(1);
    api.clock.advance(500);
    expect((await answer).code).toBe(200);
  });

  test('no answer at all, until the server ends', async () => {
    const asked = new Promise<void>((resolve) => {
      api.faults.answer(
        () => {
          resolve();
          return true;
        },
        { kind: 'nothing' },
      );
    });
    const answer = api.call('GET', '/api/v1/pods').then(
      () => 'answered',
      () => 'cut',
    );
    await asked;
    await api.server.close();
    expect(await answer).toBe('cut');
  });

  test('a watch is told from a list', async () => {
    api.faults.answer(({ watch }) => watch, { kind: 'status', code: 410 });
    expect((await api.call('GET', '/api/v1/pods')).code).toBe(200);
    expect((await api.call('GET', '/api/v1/pods?watch=true')).code).toBe(410);
  });
});

describe('upgrades', () => {
  async function upgrade(method: string, path: string, authorization = `Bearer ${token}`) {
    const { port } = new URL(api.server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: SPDY/3.1\r\nauthorization: ${authorization}\r\n\r\n`,
    );
    const chunks: Buffer[] = [];
    for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }
  const exec = '/api/v1/namespaces/default/pods/web/exec?command=ls';

  test.each(['GET', 'POST'])('exec by %s', async (method) => {
    api.store.create('Pod', { metadata: { name: 'web' }, spec: { containers: [] } });
    expect(await upgrade(method, exec)).toContain(`101 Switching Protocols\r\n\r\n${method} exec web?command=ls`);
  });

  test('attach is left to the streams, which refuse it', async () => {
    expect(await upgrade('POST', exec.replace('exec', 'attach'))).toMatch(/^HTTP\/1.1 405/);
  });

  test('not without a token, nor of a pod that is not there', async () => {
    expect(await upgrade('GET', exec, 'Bearer no')).toMatch(/^HTTP\/1.1 401 Unauthorized/);
    expect(await upgrade('GET', exec)).toMatch(/^HTTP\/1.1 404 Not Found[\s\S]*pods \\"web\\" not found/);
    expect(await upgrade('GET', '/api/v1/pods')).toMatch(/^HTTP\/1.1 400/);
  });

  test('a plain request to exec is told to upgrade', async () => {
    expect((await api.call('POST', exec)).body).toMatchObject({ code: 400, message: 'Upgrade request required' });
  });
});

test('close ends watches, tunnels and idle connections', async () => {
  api.store.create('Pod', { metadata: { name: 'web' }, spec: { containers: [] } });
  const watch = await api.watch('/api/v1/pods?watch=true');
  expect((await watch.next())?.type).toBe('ADDED');
  const { port } = new URL(api.server.url);
  const tunnel = connect(Number(port), '127.0.0.1');
  tunnel.write(
    `POST /api/v1/namespaces/default/pods/web/portforward HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: SPDY/3.1\r\nauthorization: Bearer ${token}\r\n\r\n`,
  );
  await once(tunnel, 'data');
  const gone = once(tunnel, 'close');
  await Promise.all([api.server.close(), api.server.close()]);
  expect(await watch.next()).toBeUndefined();
  await gone;
  expect(api.clock.pending()).toBe(0);
});
