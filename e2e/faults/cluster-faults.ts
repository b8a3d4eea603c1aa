import type { Fault } from './fault.ts';
import { phases } from './phases.ts';

/** Parts of the cluster that end, hang and come back. Connections are held meanwhile: up to half a minute. */
export const clusterFaults: readonly Fault[] = [
  {
    ...{ name: 'API server stopped for 10 s', part: 'environment', within: 15_000, mayFail: 0, lasts: 10_000 },
    inject: (trial) => trial.part('apiserver').stop(),
    heal: (trial) => trial.part('apiserver').start(),
  },
  {
    ...{ name: 'API server killed and started', part: 'logs and watches', within: 15_000, mayFail: 0, lasts: 1000 },
    inject: async (trial) => trial.part('apiserver').kill(),
    heal: (trial) => trial.part('apiserver').start(),
  },
  {
    ...{ name: 'API server frozen for 8 s', part: 'logs and watches', within: 15_000, mayFail: 0, lasts: 8000 },
    inject: async (trial) => trial.part('apiserver').freeze(),
    heal: async (trial) => trial.part('apiserver').thaw(),
  },
  {
    ...{ name: 'kubelet stopped for 10 s', part: 'forwards', within: 15_000, mayFail: 0, lasts: 10_000 },
    inject: (trial) => trial.part('kubelet').stop(),
    heal: (trial) => trial.part('kubelet').start(),
  },
  {
    ...{ name: 'kubelet frozen for 8 s', part: 'forwards', within: 15_000, mayFail: 0, lasts: 8000 },
    inject: async (trial) => trial.part('kubelet').freeze(),
    heal: async (trial) => trial.part('kubelet').thaw(),
  },
  {
    ...{ name: 'etcd stopped for 5 s', part: 'environment', within: 15_000, mayFail: 0 },
    inject: (trial) => trial.part('etcd').stop(),
    heal: (trial) => trial.part('etcd').start(),
  },
  {
    // The containers end with it.
    ...{ name: 'dockerd restarted', part: 'environment', within: 60_000, lasts: 1000 },
    inject: (trial) => trial.part('dockerd').stop(),
    heal: (trial) => trial.part('dockerd').start(),
  },
  {
    ...{ name: 'API server killed in a helm upgrade', part: 'helm', within: 60_000, mayFail: 0, lasts: 2000 },
    inject: async (trial) => {
      await phases['a helm upgrade'](trial);
      trial.part('apiserver').kill();
    },
    heal: (trial) => trial.part('apiserver').start(),
  },
  {
    ...{ name: 'dockerd restarted in a build', part: 'environment', within: 60_000, lasts: 1000 },
    inject: async (trial) => {
      await phases['a build'](trial);
      await trial.part('dockerd').stop();
    },
    heal: (trial) => trial.part('dockerd').start(),
  },
];
