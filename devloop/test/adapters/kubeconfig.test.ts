import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readKubeConfig } from '../../src/adapters/kubernetes/kubeconfig.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

const { KUBECONFIG, HOME } = process.env;
let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder();
  process.env['HOME'] = folder.root;
  delete process.env['KUBECONFIG'];
});
afterEach(() => {
  folder.remove();
  for (const [name, value] of Object.entries({ KUBECONFIG, HOME })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

const kubeconfig = (server: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'dev', cluster: { server } }],
    users: [{ name: 'dev', user: {} }],
    contexts: [{ name: 'kind-dev', context: { cluster: 'dev', user: 'dev' } }],
    'current-context': 'kind-dev',
  });
const contextsOf = (file?: string) => {
  const config = readKubeConfig(file);
  return { current: config.getCurrentContext() ?? '', names: (config.getContexts() ?? []).map(({ name }) => name) };
};

it('is the file in the home', () => {
  folder.write('.kube/config', kubeconfig('https://127.0.0.1:6443'));
  expect(contextsOf()).toEqual({ current: 'kind-dev', names: ['kind-dev'] });
});

it('is the file that KUBECONFIG names', () => {
  process.env['KUBECONFIG'] = folder.write('other', kubeconfig('https://127.0.0.1:6443'));
  expect(contextsOf().current).toBe('kind-dev');
});

it('is the file that is asked for', () => {
  folder.write('.kube/config', kubeconfig('https://127.0.0.1:1'));
  const file = folder.write(
    'sandbox/kubeconfig',
    kubeconfig('https://127.0.0.1:6443').replaceAll('kind-dev', 'sandbox'),
  );
  expect(contextsOf(file).current).toBe('sandbox');
});

it.each([
  ['there is none', undefined],
  ['KUBECONFIG names one that is missing', 'no-such-file'],
])('has no context where %s', (_, name) => {
  if (name) process.env['KUBECONFIG'] = folder.path(name);
  expect(contextsOf()).toEqual({ current: '', names: [] });
});

it('that cannot be read is told', async () => {
  process.env['KUBECONFIG'] = folder.write('broken', '{');
  expect((await faultOf(() => readKubeConfig())).problem.title).toBe('kubeconfig cannot be read');
});
