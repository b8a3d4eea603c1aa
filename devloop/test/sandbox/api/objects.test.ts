import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { configMap, startTestApi, type TestApi } from './support/api-client.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.server.close());

const maps = '/api/v1/namespaces/default/configmaps';
const merge = { 'content-type': 'application/merge-patch+json' };
const apply = { 'content-type': 'application/apply-patch+yaml' };
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

describe('create', () => {
  test('fills in what the store knows, and who wrote', async () => {
    const { code, body } = await api.call('POST', maps, { metadata: { name: 'a' }, data: { k: 'v' } });
    expect(code).toBe(201);
    expect(body).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'a',
        namespace: 'default',
        creationTimestamp: '2026-01-01T00:00:00Z',
        managedFields: [{ manager: 'tester' }],
      },
      data: { k: 'v' },
    });
    expect((await api.call('GET', `${maps}/a`)).body).toEqual(body);
  });

  test('YAML, generated names, dry runs', async () => {
    const yaml = await api.call('POST', maps, 'metadata: {generateName: x-}', { 'content-type': 'application/yaml' });
    expect(yaml.body.metadata.name).toMatch(/^x-[a-z0-9]{5}$/);
    const tried = await api.call('POST', `${maps}?dryRun=All`, configMap('b'));
    expect(tried.body.metadata.uid).toBeTruthy();
    expect((await api.call('GET', `${maps}/b`)).code).toBe(404);
  });

  test.each([
    [
      { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'a' } },
      400,
      'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    ],
    [
      { apiVersion: 'apps/v1', metadata: { name: 'a' } },
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "apps/v1" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      { metadata: { name: 'a', namespace: 'other' } },
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      '',
      400,
      "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
    ],
    [configMap('taken'), 409, 'configmaps "taken" already exists'],
  ])('%j is refused', async (body, code, message) => {
    api.store.create('ConfigMap', { metadata: { name: 'taken', namespace: 'default' } });
    expect((await api.call('POST', maps, body)).body).toMatchObject({ code, message });
  });

  test('unknown content types', async () => {
    const { body } = await api.call('POST', maps, 'x', { 'content-type': 'text/foo' });
    expect(body).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
  });

  test('unknown fields: a warning, an error, or nothing', async () => {
    const object = configMap('a', { bogus: 1 });
    const warned = await api.call('POST', `${maps}?dryRun=All`, object);
    expect(warned.headers['warning']).toBe('299 - "unknown field \\"bogus\\""');
    const strict = await api.call('POST', `${maps}?fieldValidation=Strict`, object);
    expect(strict.body).toMatchObject({
      code: 400,
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "bogus"',
    });
    const ignored = await api.call('POST', `${maps}?fieldValidation=Ignore`, object);
    expect(ignored.code).toBe(201);
    expect(ignored.headers['warning']).toBeUndefined();
  });
});

describe('update and patch', () => {
  beforeEach(() => {
    api.store.create('ConfigMap', { metadata: { name: 'a', namespace: 'default' }, data: { k: 'v' } });
  });

  test('an update replaces; the same again is no change', async () => {
    const { body } = await api.call('PUT', `${maps}/a`, configMap('a', { data: { n: '1' } }));
    expect(body['data']).toEqual({ n: '1' });
    const again = await api.call('PUT', `${maps}/a`, configMap('a', { data: { n: '1' } }));
    expect(again.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
  });

  test.each([
    [{ name: 'b' }, 400, 'the name of the object (b) does not match the name on the URL (a)'],
    [{}, 400, 'the name of the object (a based on URL) was undeterminable: name must be provided'],
    [
      { name: 'a', resourceVersion: '1' },
      409,
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    ],
    [{ name: 'a', uid: 'x' }, 409, expect.stringContaining('Precondition failed: UID in precondition: x')],
  ])('an update with %j is refused', async (metadata, code, message) => {
    expect((await api.call('PUT', `${maps}/a`, { metadata })).body).toMatchObject({ code, message });
  });

  test('an update creates some kinds only', async () => {
    expect((await api.call('PUT', `${maps}/zz`, configMap('zz'))).code).toBe(404);
    const service = '/api/v1/namespaces/default/services/s';
    expect((await api.call('PUT', service, { metadata: { name: 's' } })).code).toBe(404);
    const lease = '/apis/coordination.k8s.io/v1/namespaces/default/leases/l';
    expect((await api.call('PUT', lease, { metadata: { name: 'l' } })).code).toBe(201);
  });

  test('a merge patch', async () => {
    const { body } = await api.call('PATCH', `${maps}/a`, { data: { k: null, n: '1' } }, merge);
    expect(body['data']).toEqual({ n: '1' });
  });

  test.each([
    [{ metadata: { name: 'b' } }, merge, 400, 'the name of the object (b) does not match the name on the URL (a)'],
    [{ metadata: { resourceVersion: '1' } }, merge, 409, expect.stringContaining('the object has been modified')],
    [{}, {}, 415, '415: Unsupported Media Type'],
    [
      {},
      apply,
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ],
    [{ bogus: 1 }, merge, 200, undefined],
  ])('patch %j', async (patch, headers, code, message) => {
    const answer = await api.call('PATCH', `${maps}/a`, patch, headers);
    expect(answer.code).toBe(code);
    expect(answer.body['message']).toEqual(message);
  });

  test('force and dryRun of a patch', async () => {
    const forced = await api.call('PATCH', `${maps}/a?force=true`, {}, merge);
    expect(forced.body['message']).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    );
    const odd = await api.call('PATCH', `${maps}/a?dryRun=x`, {}, merge);
    expect(odd.body['message']).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{"x"}: supported values: "All"',
    );
  });

  test('apply creates and changes, from YAML', async () => {
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n}\ndata: {x: y}';
    const made = await api.call('PATCH', `${maps}/n?fieldManager=me`, body, apply);
    expect(made).toMatchObject({
      code: 201,
      body: { data: { x: 'y' }, metadata: { managedFields: [{ manager: 'me', operation: 'Apply' }] } },
    });
    expect((await api.call('PATCH', `${maps}/n?fieldManager=me`, body, apply)).code).toBe(200);
    const wrong = await api.call('PATCH', `${maps}/n?fieldManager=me`, 'metadata: {name: n}', apply);
    expect(wrong.body['message']).toBe(
      'Incorrect version specified in apply patch. Specified patch version: , expected: v1',
    );
  });

  test('status apart from the rest', async () => {
    api.store.create('Pod', { metadata: { name: 'p' }, spec: { containers: [] } });
    const path = '/api/v1/namespaces/default/pods/p/status';
    const { body } = await api.call('PATCH', path, { status: { phase: 'Running' }, spec: { nodeName: 'x' } }, merge);
    expect(body).toMatchObject({ status: { phase: 'Running' }, spec: { containers: [] } });
    expect(body.metadata.managedFields).toEqual([{ manager: 'tester', operation: 'Update', subresource: 'status' }]);
  });
});

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
