import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { badInput } from '../harness/bad-input.ts';
import { pathWithout } from '../harness/path-without.ts';
import { root } from '../harness/paths.ts';
import { occupy } from '../harness/ports.ts';
import { scenario } from '../harness/scenario.ts';
import type { Workspace } from '../harness/workspace.ts';

const pathLacking = (program: string, workspace: Workspace, env: NodeJS.ProcessEnv): Promise<string> =>
  pathWithout(program, env.PATH ?? '', workspace.path(`.git/lacking-${program}`));

badInput('a port that is taken', {
  run: async ({ ports, devloop }) => {
    const release = await occupy(ports.backend);
    try {
      const result = await devloop(['up', '--once']);
      assert.match(result.stderr, new RegExp(`\\b${ports.backend}\\b`));
      return result;
    } finally {
      await release();
    }
  },
  code: 3,
  says: [new RegExp(`\\b${process.pid}\\b`)],
});

badInput('no Docker', {
  run: async ({ workspace, env, devloop }) =>
    devloop(['up', '--once'], { env: { ...env, PATH: await pathLacking('docker', workspace, env) } }),
  code: 3,
  says: [/docker/i, /install/i],
  options: { only: { on: 'cluster', because: 'the sandbox builds without Docker' } },
});

scenario('no helm on the PATH', async ({ workspace, env, devloop }) => {
  const PATH = await pathLacking('helm', workspace, env);
  const rendered = await devloop(['render'], { env: { ...env, PATH } });
  assert.equal(rendered.code, 0, rendered.stderr);
  assert.equal(rendered.stdout.match(/^kind: Deployment$/gm)?.length, 2, 'by the helm that npm has brought');
});

badInput('no cluster', {
  run: async ({ workspace, env, devloop }) => {
    const KUBECONFIG = workspace.path('.git/no-such-kubeconfig');
    return devloop(['up', '--once', '--cluster', 'context'], { env: { ...env, KUBECONFIG } });
  },
  code: 3,
  says: [/cluster/i, /minikube start/],
});

badInput('a stopped Minikube', {
  run: async ({ workspace, env, devloop }) => {
    // The stand-in speaks for a cluster that was made but of which no part runs.
    const home = workspace.path('.git/stopped-cluster');
    await mkdir(path.join(home, 'state/pki'), { recursive: true });
    await writeFile(path.join(home, 'state/pki/done'), '');
    const PATH = `${path.join(root, 'e2e/cluster/bin')}${path.delimiter}${env.PATH}`;
    return devloop(['up', '--once'], { env: { ...env, PATH, DEVLOOP_CLUSTER_HOME: home } });
  },
  code: 3,
  says: [/minikube start/],
});

badInput('a context that is not local', {
  run: async ({ workspace, env, devloop }) => {
    const kubeconfig = workspace.path('.git/kubeconfig');
    const cluster = { name: 'prod', cluster: { server: 'https://prod.example.com' } };
    const context = { name: 'prod', context: { cluster: 'prod', user: 'prod' } };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [cluster],
      contexts: [context],
      users: [{ name: 'prod', user: {} }],
    };
    await writeFile(kubeconfig, JSON.stringify({ ...config, 'current-context': 'prod' }));
    return devloop(['up', '--once', '--context', 'prod'], { env: { ...env, KUBECONFIG: kubeconfig } });
  },
  code: 2,
  says: [/prod/, /not a local cluster/, /allowContexts/],
});
