import { describe, expect, test } from '@jest/globals';
import { createPresentation } from '../../../src/sandbox/api/present/create-presentation.ts';
import { apiVersionOf, kinds } from '../../../src/sandbox/store/kinds.ts';

const present = createPresentation();
interface Document {
  paths: Record<string, { patch?: { parameters: { name: string }[] } }>;
  components: { schemas: Record<string, { properties?: Record<string, Record<string, unknown>> }> };
}
const document = async (groupVersion: string) =>
  (await present.openApiDocument(groupVersion)) as unknown as Document | undefined;
const groupVersions = [...new Set(kinds.map(apiVersionOf))];

describe('OpenAPI v3', () => {
  test.each(groupVersions)('%s refers only to what it has', async (groupVersion) => {
    const made = await document(groupVersion);
    const refs = [...JSON.stringify(made).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    const missing = refs.filter((name) => name !== undefined && !made?.components.schemas[name]);
    expect(missing).toEqual([]);
  });

  test.each(groupVersions)('the index names %s', (groupVersion) => {
    const path = `${groupVersion.includes('/') ? 'apis' : 'api'}/${groupVersion}`;
    expect(present.openApiIndex()).toMatchObject({ paths: { [path]: { serverRelativeURL: `/openapi/v3/${path}` } } });
  });

  test('a patch says that it validates fields', async () => {
    const made = await document('apps/v1');
    const patch = made?.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}']?.patch;
    expect(patch?.parameters.map(({ name }) => name)).toContain('fieldValidation');
  });

  test('lists say how they are merged', async () => {
    const made = await document('api/v1');
    expect(made?.components.schemas['io.k8s.api.core.v1.Container']?.properties?.['ports']).toMatchObject({
      'x-kubernetes-patch-merge-key': 'containerPort',
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
    });
  });

  test.each([
    ['api/v1', 'core.v1.PodSpec', 'volumes', ['name'], 'merge,retainKeys'],
    ['api/v1', 'core.v1.PodStatus', 'conditions', ['type'], 'merge'],
    ['api/v1', 'core.v1.ResourceRequirements', 'claims', ['name'], 'merge'],
    ['api/v1', 'core.v1.ServiceSpec', 'ports', ['port', 'protocol'], 'merge'],
    ['api/v1', 'core.v1.Toleration', 'key', undefined, undefined],
    ['api/v1', 'core.v1.PodSpec', 'tolerations', undefined, undefined],
    ['apps/v1', 'apps.v1.DeploymentSpec', 'strategy', undefined, 'retainKeys'],
    ['batch/v1', 'batch.v1.JobStatus', 'conditions', ['type'], 'merge'],
  ])('%s %s.%s is merged as a patch of it is', async (groupVersion, name, field, keys, strategy) => {
    const property = (await document(groupVersion))?.components.schemas[`io.k8s.api.${name}`]?.properties?.[field];
    expect(property?.['x-kubernetes-list-map-keys']).toEqual(keys);
    expect(property?.['x-kubernetes-patch-merge-key']).toEqual(keys?.[0]);
    expect(property?.['x-kubernetes-patch-strategy']).toEqual(strategy);
  });

  test('finalizers are a set', async () => {
    const schemas = (await document('api/v1'))?.components.schemas;
    const meta = schemas?.['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta']?.properties;
    expect(meta?.['finalizers']).toMatchObject({
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-patch-strategy': 'merge',
    });
  });

  test('a group that is not served has none', async () => {
    expect(await document('apps/v9')).toBeUndefined();
  });
});
