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
