import { gunzipSync, gzipSync } from 'node:zlib';
import { output } from '../harness/command.ts';
import type { KubeObject } from '../harness/kubectl.ts';
import type { Fault } from './fault.ts';
import type { Trial } from './trial.ts';

const release = 'live';
/** Its pods are given no time to answer what they are asked. */
const underWay = 1;

/** What people and other tools do to the release, or take away, beside a loop that runs. */
export const releaseFaults: readonly Fault[] = [
  {
    ...{ name: "somebody else's pending upgrade", part: 'helm', within: 60_000, mayFail: 0 },
    inject: async (trial) => {
      await addPendingRevision(trial);
      const from = trial.loop.mark();
      await trial.editImage();
      await trial.loop.next('deploy.failed', ({ problem }) => problem.title.includes('is locked'), { from });
      if ((await pendingRevisions(trial)).length !== 1) throw new Error('It was not left alone');
    },
    heal: async (trial) => {
      for (const name of await pendingRevisions(trial)) await trial.kubectl.run('delete', 'secret', name);
      await trial.editImage();
    },
  },
  {
    ...{ name: 'helm upgrade by hand', part: 'helm', within: 60_000, mayFail: 0 },
    inject: (trial) => helm(trial, 'upgrade', release, 'chart', '--reuse-values', '--set', 'replicas=2'),
  },
  {
    ...{ name: 'helm upgrade by hand, then an image', part: 'helm', within: 60_000, mayFail: 0 },
    inject: async (trial) => {
      await helm(trial, 'upgrade', release, 'chart', '--reuse-values', '--set', 'replicas=2');
      await trial.editImage();
    },
  },
  {
    ...{ name: 'release uninstalled by hand', part: 'helm', within: 60_000, mayFail: 0, lasts: 2000 },
    inject: (trial) => helm(trial, 'uninstall', release),
  },
  {
    ...{ name: 'Deployment deleted by hand', part: 'environment', within: 60_000, mayFail: 0, lasts: 2000 },
    inject: (trial) => trial.kubectl.run('delete', 'deployment', 'app'),
  },
  {
    ...{ name: 'Deployment scaled to 0 for 10 s', part: 'environment', within: 30_000, mayFail: 0, lasts: 10_000 },
    inject: (trial) => trial.kubectl.run('scale', 'deployment', 'app', '--replicas=0'),
    heal: (trial) => trial.kubectl.run('scale', 'deployment', 'app', '--replicas=1'),
  },
  {
    ...{ name: 'namespace deleted', part: 'environment', within: 60_000, mayFail: underWay, lasts: 2000 },
    inject: (trial) => trial.kubectl.deleteNamespace(),
  },
];

/** Runs helm beside devloop, as a person does. */
function helm({ workspace, kubectl, env }: Trial, ...args: string[]): Promise<string> {
  const scope = ['--kube-context', kubectl.context, '--namespace', kubectl.namespace];
  return output('helm', [...args, ...scope], { env, cwd: workspace.folder });
}

type ReleaseSecret = KubeObject & { readonly data: { readonly release: string } };

/** Writes the next revision as a helm does that is under way: a copy of the newest one, pending. */
async function addPendingRevision({ kubectl }: Trial): Promise<void> {
  const secrets = (await kubectl.list('secrets')).filter(({ metadata }) => metadata.labels?.owner === 'helm');
  const revisionOf = ({ metadata }: KubeObject) => Number(metadata.labels?.version);
  const newest = secrets.sort((one, other) => revisionOf(one) - revisionOf(other)).at(-1) as ReleaseSecret | undefined;
  if (!newest) throw new Error('There is no release');
  const version = revisionOf(newest) + 1;
  const status = 'pending-upgrade';
  // base64 of Kubernetes around base64 of Helm around gzip: helm.sh/helm, pkg/storage/driver/util.go
  const text = Buffer.from(Buffer.from(newest.data.release, 'base64').toString(), 'base64');
  const old = JSON.parse(gunzipSync(text).toString());
  const info = { ...old.info, status, description: 'Preparing upgrade', last_deployed: new Date().toISOString() };
  const encoded = gzipSync(JSON.stringify({ ...old, version, info })).toString('base64');
  const secret = {
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'helm.sh/release.v1' },
    metadata: {
      name: `sh.helm.release.v1.${release}.v${version}`,
      labels: { ...newest.metadata.labels, version: `${version}`, status },
    },
    stringData: { release: encoded },
  };
  await kubectl.apply(secret);
}

/** The names of the Secrets of revisions that no helm has finished. */
async function pendingRevisions({ kubectl }: Trial): Promise<string[]> {
  const secrets = await kubectl.list('secrets');
  return secrets
    .filter(({ metadata }) => metadata.labels?.status?.startsWith('pending-'))
    .map(({ metadata }) => metadata.name);
}
