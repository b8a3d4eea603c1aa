import { utimes } from 'node:fs/promises';
import { run } from '../harness/command.ts';
import { cli } from '../harness/paths.ts';
import type { Fault } from './fault.ts';
import { phases } from './phases.ts';

const ended = (['SIGKILL', 'SIGTERM', 'SIGHUP'] as const).flatMap((signal) =>
  Object.entries(phases).map(
    ([phase, begins]): Fault => ({
      ...{ name: `devloop ended by ${signal} in ${phase}`, part: 'environment', within: 60_000, lasts: 2000 },
      inject: async (trial) => {
        await begins(trial);
        trial.loop.signal(signal);
        await trial.loop.ended();
      },
      heal: async (trial) => trial.up(),
    }),
  ),
);

/** devloop itself is ended, frozen, or robbed of what it reads. */
export const devloopFaults: readonly Fault[] = [
  ...ended,
  {
    ...{ name: 'devloop frozen for 10 s', part: 'environment', within: 15_000, mayFail: 0, lasts: 10_000 },
    inject: async (trial) => trial.loop.signal('SIGSTOP'),
    heal: async (trial) => trial.loop.signal('SIGCONT'),
  },
  {
    ...{ name: 'a second devloop', part: 'environment', within: 10_000, mayFail: 0 },
    inject: async ({ workspace, kubectl, env }) => {
      const args = [cli, 'up', '--ui', 'plain', '--namespace', kubectl.namespace];
      const { code, stdout, stderr } = await run(process.execPath, args, {
        cwd: workspace.folder,
        env,
        timeout: 30_000,
      });
      if (code === 0) throw new Error(`The second one ran: ${stdout}${stderr}`);
    },
  },
  {
    ...{ name: 'kubeconfig replaced by an equal one', part: 'environment', within: 10_000, mayFail: 0 },
    inject: (trial) => trial.replaceKubeconfig(),
  },
  {
    ...{ name: 'kubeconfig touched', part: 'environment', within: 10_000, mayFail: 0 },
    inject: (trial) => utimes(trial.kubeconfig, new Date(), new Date()),
  },
  {
    ...{ name: 'kubeconfig away for 5 s', part: 'environment', within: 10_000, mayFail: 0 },
    inject: (trial) => trial.hideKubeconfig(),
    heal: (trial) => trial.replaceKubeconfig(),
  },
];
