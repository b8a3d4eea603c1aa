import type { Fault } from './fault.ts';
import { deletePod } from './program-faults.ts';

/** What a rollout waits for. */
export const rolloutFaults: readonly Fault[] = [
  {
    ...{ name: 'controller manager stopped during a rollout', part: 'helm', within: 60_000, mayFail: 0 },
    inject: async (trial) => {
      await trial.part('kcm').stop();
      await trial.editImage();
    },
    heal: (trial) => trial.part('kcm').start(),
  },
  {
    ...{ name: 'scheduler stopped while a pod is replaced', part: 'forwards', within: 30_000, mayFail: 0 },
    inject: async (trial) => {
      await trial.part('scheduler').stop();
      await deletePod(trial);
    },
    heal: (trial) => trial.part('scheduler').start(),
  },
  {
    ...{ name: 'node cordoned while a pod is replaced', part: 'environment', within: 30_000, mayFail: 0 },
    inject: async (trial) => {
      await trial.kubectl.run('cordon', 'minikube');
      await deletePod(trial);
    },
    heal: (trial) => trial.kubectl.run('uncordon', 'minikube'),
  },
  {
    ...{ name: 'helm killed in the middle of an upgrade', part: 'helm', within: 60_000, mayFail: 0 },
    inject: async (trial) => {
      const from = trial.loop.mark();
      await trial.editImage();
      await trial.loop.next('deploy.started', () => true, { from });
      const helm = await trial.process('helm');
      process.kill(helm, 'SIGKILL');
      await trial.loop.next('deploy.failed', () => true, { from });
    },
    heal: (trial) => trial.editImage(),
  },
];
