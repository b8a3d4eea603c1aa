import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from '../harness/http.ts';
import { ClusterPart } from './cluster-part.ts';
import type { Fault } from './fault.ts';
import type { Trial } from './trial.ts';

/** The daemon's own configuration, which the cluster's has none of. */
const file = '/etc/docker/daemon.json';
/** A file is full after some 600 lines; so many that nobody is overtaken by the deletion of the oldest. */
const rotation = { 'log-opts': { 'max-size': '64k', 'max-file': '50' } };

/** Lines at once, and how often. */
const burst = 500;
const bursts = 25;

/** Containers whose logs docker rotates while they write. */
export const logRotation: Fault = {
  ...{ name: 'container log rotated 15 times and more', part: 'logs and watches', within: 15_000, mayFail: 0 },
  // Options of the log driver are those that the daemon had when it made the container.
  prepare: async (home) => {
    const dockerd = new ClusterPart('dockerd', home);
    await writeFile(file, JSON.stringify(rotation), { flag: 'wx' });
    await restart(dockerd);
    return async () => {
      await rm(file);
      await restart(dockerd);
    };
  },
  inject: async (trial) => {
    for (let time = 0; time < bursts; time += 1) {
      await request(`${trial.url}/lines?${burst}`);
      await sleep(300);
    }
    requireRotated(trial);
  },
};

function requireRotated({ logs }: Trial): void {
  if (logs.files < 15) throw new Error(`docker has begun ${logs.files} files only`);
}

async function restart(dockerd: ClusterPart): Promise<void> {
  await dockerd.stop();
  await dockerd.start();
}
