import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { badInput } from '../harness/bad-input.ts';
import { pathWithout } from '../harness/path-without.ts';
import { root } from '../harness/paths.ts';
import { occupy } from '../harness/ports.ts';
import type { Scenario } from '../harness/scenario.ts';

/** Runs `up` on a machine that lacks a program. */
async function upWithout(program: string, { workspace, env, devloop }: Scenario, more: NodeJS.ProcessEnv = {}) {
  const PATH = await pathWithout(program, env.PATH ?? '', path.join(workspace.folder, '.git'));
  return devloop(['up', '--once'], { env: { ...env, PATH, ...more } });
}

badInput('a port that is taken', {
  run: async ({ ports, devloop }) => {
    const release = await occupy(ports.backend);
    try {
      return await devloop(['up', '--once']);
    } finally {
      await release();
    }
  },
  code: 3,
  says: [/\b14000\b/, new RegExp(`\\b${process.pid}\\b`)],
});

badInput('no Docker', { run: (given) => upWithout('docker', given), code: 3, says: [/docker/i, /install/i] });

badInput('no helm', { run: (given) => upWithout('helm', given), code: 3, says: [/helm/i, /install/i] });

badInput('no cluster', {
  run: (given) => upWithout('minikube', given, { KUBECONFIG: given.workspace.path('no-such-kubeconfig') }),
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
