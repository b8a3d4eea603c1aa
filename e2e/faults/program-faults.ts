import { request } from '../harness/http.ts';
import type { Fault } from './fault.ts';
import type { Trial } from './trial.ts';

/** The request that is under way in a program that ends may fail: it may have done its work already. */
const underWay = 1;

/** Pods, containers and programs that end. */
export const programFaults: readonly Fault[] = [
  {
    ...{ name: 'pod deleted', part: 'forwards', within: 30_000, mayFail: 0 },
    inject: (trial) => deletePod(trial),
  },
  {
    ...{ name: 'pod deleted without grace', part: 'logs and watches', within: 30_000, mayFail: underWay },
    inject: (trial) => deletePod(trial, '--grace-period=0', '--force'),
  },
  {
    ...{ name: 'program killed', part: 'logs and watches', within: 30_000, mayFail: underWay },
    inject: async (trial) => process.kill(await programOf(trial), 'SIGKILL'),
  },
  {
    ...{ name: 'program ended with code 137', part: 'logs and watches', within: 30_000, mayFail: underWay },
    // That question has no answer.
    inject: (trial) => request(`${trial.url}/exit`).catch(() => undefined),
  },
  {
    ...{ name: 'container killed by docker', part: 'logs and watches', within: 30_000, mayFail: underWay },
    inject: async (trial) => trial.docker('kill', ...(await trial.containers())),
  },
  {
    ...{ name: 'container stopped by docker', part: 'logs and watches', within: 30_000, mayFail: underWay },
    inject: async (trial) => trial.docker('stop', ...(await trial.containers())),
  },
  {
    ...{ name: 'program frozen for 5 s', part: 'forwards', within: 15_000, mayFail: 0 },
    inject: async (trial) => trial.docker('pause', ...(await trial.containers())),
    heal: async (trial) => trial.docker('unpause', ...(await trial.containers())),
  },
];

/** Deletes the newest pod and does not wait for its end. */
export async function deletePod(trial: Trial, ...options: string[]): Promise<void> {
  await trial.kubectl.run('delete', 'pod', await trial.pod(), '--wait=false', ...options);
}

/** The process of the program that runs in the newest container. */
async function programOf(trial: Trial): Promise<number> {
  const [container = ''] = await trial.containers();
  const rows = (await trial.docker('top', container, '-eo', 'pid,args')).split('\n');
  const row = rows.find((one) => one.includes('src/server.mjs') && !one.includes('runner'));
  if (row === undefined) throw new Error(`No program runs in the container:\n${rows.join('\n')}`);
  return Number(row.trim().split(' ')[0]);
}
