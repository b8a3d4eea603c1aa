import { setTimeout as sleep } from 'node:timers/promises';
import { poll } from '../harness/http.ts';
import type { Fault } from './fault.ts';
import type { Trial } from './trial.ts';

/** What lasts longer than connections are held, which is 30 s: they are answered with the reason then. */
export const longFaults: readonly Fault[] = [
  {
    ...{ name: 'API server stopped for a minute', part: 'environment', within: 15_000, lasts: 60_000 },
    inject: (trial) => trial.part('apiserver').stop(),
    heal: (trial) => trial.part('apiserver').start(),
    also: requireRefused,
  },
  {
    ...{ name: 'node not ready for 20 s', part: 'environment', within: 30_000, lasts: 20_000 },
    inject: async (trial) => {
      const pods = await trial.kubectl.podUids();
      trial.part('kubelet').freeze();
      // The controller manager waits 40 s for the kubelet.
      await poll('the node not to be ready', async () => ((await isNodeReady(trial)) ? undefined : true), {
        timeout: 90_000,
      });
      await sleep(10_000);
      if ((await trial.kubectl.podUids()).join() !== pods.join()) throw new Error('There are other pods');
    },
    heal: async (trial) => trial.part('kubelet').thaw(),
    also: requireRefused,
  },
];

/** A request that was not answered in time was told why: none was cut off or left without an answer. */
async function requireRefused({ poller }: Trial): Promise<void> {
  const others = poller.failures.filter((failure) => !failure.startsWith('status 503'));
  if (others.length > 0) throw new Error(`requests failed otherwise: ${[...new Set(others)].join(', ')}`);
}

async function isNodeReady({ kubectl }: Trial): Promise<boolean> {
  const path = '{.status.conditions[?(@.type=="Ready")].status}';
  return (await kubectl.run('get', 'node', 'minikube', '--output', `jsonpath=${path}`)) === 'True';
}
