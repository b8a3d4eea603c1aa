import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { output, run } from './command.ts';
import { environment } from './environment.ts';
import { root } from './paths.ts';

/** The cluster that the scenarios run on. */
export interface Cluster {
  readonly context: string;
  /** The environment for devloop, kubectl, helm and docker: this process' own, pointed at the cluster. */
  readonly env: NodeJS.ProcessEnv;
  /** One line for the person who started the run. */
  readonly what: string;
}

const script = path.join(root, 'e2e/cluster/cluster');

/** The running cluster: the machine's own Minikube where it works, else this repository's; starts the latter. */
export async function ensureCluster(): Promise<Cluster> {
  const own = await runningMinikube();
  if (own) return own;
  if (!(await isRootDebian12())) {
    throw new Error(
      'There is no cluster to test on. Start Minikube (`minikube start --driver=docker`) and run this again; ' +
        'or run it as root on Debian 12, where it brings its own cluster up.',
    );
  }
  const status = await run(script, ['status']);
  if (status.code !== 0) {
    process.stderr.write('e2e: starting the cluster (the first time takes about 10 minutes)\n');
    await output(script, ['up'], { timeout: 45 * 60_000, showProgress: true });
  }
  return { context: 'minikube', env: await environmentOfCluster(), what: "the repository's own cluster (e2e/cluster)" };
}

async function runningMinikube(): Promise<Cluster | undefined> {
  const version = await run('minikube', ['version', '--output', 'json'], { env: environment }).catch(() => undefined);
  if (version?.code !== 0 || version.stdout.includes('"stand-in"')) return undefined;
  const status = await run('minikube', ['status'], { env: environment });
  if (status.code !== 0) return undefined;
  const profile = (await output('minikube', ['profile'], { env: environment })).trim();
  return { context: profile, env: environment, what: `Minikube, profile ${profile}` };
}

async function isRootDebian12(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return os.userInfo().uid === 0 && /^VERSION_CODENAME=bookworm$/m.test(release);
}

/** What `cluster env` exports, read by a shell, as it is made for one. */
async function environmentOfCluster(): Promise<NodeJS.ProcessEnv> {
  const exports = await output(script, ['env'], { env: environment });
  const printed = await output('bash', ['-c', `${exports}\nenv -0`], { env: environment });
  const pairs = printed.split('\0').filter((pair) => pair.includes('='));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
