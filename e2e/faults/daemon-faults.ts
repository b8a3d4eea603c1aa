import { output } from '../harness/command.ts';
import type { Fault } from './fault.ts';
import { deletePod } from './program-faults.ts';
import { flood } from './request-flood.ts';
import type { Trial } from './trial.ts';

const etcd = 'http://127.0.0.1:2379/v3';

/** What the cluster's daemons run out of, forget, and have too much of. */
export const daemonFaults: readonly Fault[] = [
  {
    // A disk of its own without room, where dockerd begins each new layer. Its whole data root cannot be exchanged under it.
    ...{ name: 'no room for layers while dockerd builds', part: 'environment', within: 60_000, mayFail: 0 },
    inject: async (trial) => {
      await output('mount', ['-t', 'tmpfs', '-o', 'size=4k,nr_inodes=1', 'devloop-faults', trial.layerFolder]);
      const from = trial.loop.mark();
      await trial.editImage();
      const { problem } = await trial.loop.next('build.failed', () => true, { from });
      const text = JSON.stringify(problem);
      if (!text.includes('no space left on device')) throw new Error(`It does not say why: ${text.slice(0, 500)}`);
    },
    heal: async (trial) => {
      await output('umount', [trial.layerFolder]);
      await trial.editImage();
    },
  },
  {
    ...{ name: 'etcd compacted while devloop does not watch', part: 'logs and watches', within: 30_000, mayFail: 0 },
    inject: forgetWatched,
  },
  {
    ...{ name: "the cluster's DNS stopped for 10 s", part: 'environment', within: 10_000, mayFail: 0, lasts: 10_000 },
    inject: (trial) => trial.part('addons').stop(),
    heal: (trial) => trial.part('addons').start(),
  },
  {
    ...{ name: '1,000 requests a second to the API server', part: 'logs and watches', within: 15_000, mayFail: 0 },
    inject: (trial) => flood(trial, 1000, 10_000),
  },
];

/** What devloop has seen last is gone when it asks for what came after: 410. A pod has been replaced meanwhile. */
async function forgetWatched(trial: Trial): Promise<void> {
  const { kubectl, loop } = trial;
  const watch = async (version: string) =>
    kubectl.try('get', '--raw', `${podsOf(trial)}?watch=1&timeoutSeconds=1&resourceVersion=${version}`);
  const list = JSON.parse(await kubectl.run('get', '--raw', podsOf(trial)));
  const seen: string = list.metadata.resourceVersion;
  loop.signal('SIGSTOP');
  try {
    await deletePod(trial);
    for (let time = 0; time < 10; time += 1) await kubectl.apply(configMap(time));
    const { header } = await ask('kv/range', { key: Buffer.from('none').toString('base64') });
    await ask('kv/compaction', { revision: header.revision, physical: true });
    // One that runs has its own memory of what came.
    trial.part('apiserver').kill();
    await trial.part('apiserver').start();
    const answer = await watch(seen);
    if (!/too old|410/.test(answer)) throw new Error(`The watch is not refused: ${answer.slice(0, 300)}`);
  } finally {
    loop.signal('SIGCONT');
  }
}

const podsOf = ({ kubectl }: Trial): string => `/api/v1/namespaces/${kubectl.namespace}/pods`;

const configMap = (time: number) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'changed' } },
  data: { time: `${time}` },
});

/** Asks etcd by its gateway to HTTP. */
async function ask(what: string, body: object): Promise<{ readonly header: { readonly revision: string } }> {
  const response = await fetch(`${etcd}/${what}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`etcd: ${await response.text()}`);
  return (await response.json()) as { readonly header: { readonly revision: string } };
}
