import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from './support/api-client.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.server.close());

const merge = { 'content-type': 'application/merge-patch+json' };

describe('subresources', () => {
  const scale = '/apis/apps/v1/namespaces/default/deployments/d/scale';

  test('scale', async () => {
    api.store.create('Deployment', {
      metadata: { name: 'd' },
      spec: { replicas: 1, selector: { matchLabels: { b: '2', a: '1' } }, template: {} },
    });
    expect((await api.call('GET', scale)).body).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 1 },
      status: { selector: 'a=1,b=2' },
    });
    expect((await api.call('PATCH', scale, { spec: { replicas: 3 } }, merge)).body['spec']).toEqual({ replicas: 3 });
    expect(api.store.get('Deployment', 'default', 'd')).toMatchObject({
      metadata: { generation: 2 },
      spec: { replicas: 3 },
    });
    const stale = { metadata: { name: 'd', resourceVersion: '1' }, spec: { replicas: 0 } };
    expect((await api.call('PUT', scale, stale)).code).toBe(409);
    expect((await api.call('PATCH', scale, { spec: { replicas: -1 } }, merge)).body['message']).toBe(
      'Scale.autoscaling "d" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
  });

  test('scale of nothing', async () => {
    expect((await api.call('GET', scale)).body['message']).toBe('deployments/scale.apps "d" not found');
  });

  test('binding and eviction', async () => {
    const pod = '/api/v1/namespaces/default/pods/p';
    api.store.create('Pod', { metadata: { name: 'p' }, spec: { containers: [] } });
    const binding = { metadata: { name: 'p' }, target: { kind: 'Node', name: 'sandbox' } };
    expect((await api.call('POST', `${pod}/binding`, binding)).code).toBe(201);
    expect(api.store.get('Pod', 'default', 'p')?.spec.nodeName).toBe('sandbox');
    expect((await api.call('POST', `${pod}/binding`, binding)).body).toMatchObject({
      code: 409,
      message: 'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "sandbox"',
    });
    expect((await api.call('POST', `${pod}/eviction`, {})).body).toMatchObject({ status: 'Success' });
    expect(api.store.get('Pod', 'default', 'p')?.metadata.deletionTimestamp).toBeTruthy();
  });

  test('tokens and reviews', async () => {
    api.store.create('ServiceAccount', { metadata: { name: 'sa' } });
    const { body } = await api.call('POST', '/api/v1/namespaces/default/serviceaccounts/sa/token', {});
    expect(body).toMatchObject({ kind: 'TokenRequest', status: { expirationTimestamp: '2026-01-01T01:00:00Z' } });
    const review = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    expect(await api.call('POST', review, { spec: {} })).toMatchObject({
      code: 201,
      body: { status: { allowed: true } },
    });
    expect((await api.call('GET', review)).code).toBe(405);
  });

  test('logs, proxies and stats', async () => {
    api.store.create('Pod', { metadata: { name: 'p' }, spec: { containers: [] } });
    api.store.create('Node', { metadata: { name: 'sandbox' } });
    api.store.create('Service', { metadata: { name: 's' }, spec: { ports: [{ name: 'web', port: 80 }] } });
    const base = '/api/v1/namespaces/default';
    expect((await api.call('GET', `${base}/pods/p/log?tailLines=1`)).text).toBe('log of p?tailLines=1');
    expect((await api.call('POST', `${base}/pods/p:8080/proxy/x?y=1`)).text).toBe('POST p 8080 /x');
    expect((await api.call('GET', `${base}/services/s:80/proxy/`)).body).toMatchObject({
      code: 503,
      message: 'no endpoints available for service "s"',
    });
    api.store.create('Endpoints', {
      metadata: { name: 's' },
      subsets: [
        {
          addresses: [{ ip: '10.244.0.1', targetRef: { kind: 'Pod', name: 'p' } }],
          ports: [{ name: 'web', port: 3000 }],
        },
      ],
    });
    for (const name of ['s', 's:80', 's:web', 'http:s:web'])
      expect((await api.call('GET', `${base}/services/${name}/proxy/a`)).text).toBe('GET p 3000 /a');
    for (const query of ['', '?only_cpu_and_memory=true'])
      expect((await api.call('GET', `/api/v1/nodes/sandbox/proxy/stats/summary${query}`)).body).toMatchObject({
        node: { nodeName: 'sandbox' },
      });
    expect((await api.call('GET', '/api/v1/nodes/other/proxy/stats/summary')).body).toMatchObject({ code: 404 });
  });
});
