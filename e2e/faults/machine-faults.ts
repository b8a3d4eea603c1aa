import { cp, rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { output } from '../harness/command.ts';
import type { PartName } from './cluster-part.ts';
import type { Fault } from './fault.ts';
import type { Trial, TrialStart } from './trial.ts';

/** All that a machine runs, in the order in which it is frozen. */
const parts: readonly PartName[] = ['kubelet', 'scheduler', 'kcm', 'apiserver', 'etcd', 'dockerd'];

const preload = pathToFileURL(new URL('shifted-clock.mjs', import.meta.url).pathname).href;
/** Its own clock jumps at SIGUSR2, by seconds. The machine's cannot be moved alone, and devloop asks no other. */
const withClock = (seconds: number): TrialStart => ({
  env: { NODE_OPTIONS: `--import=${preload}`, DEVLOOP_E2E_CLOCK_JUMP: `${seconds}` },
});

/** In a user namespace of its own, whose limits are its own too: user_namespaces(7). */
const inUserNamespace: TrialStart = { through: ['unshare', '--user', '--map-root-user'] };

/** The machine sleeps, its clock jumps, its kernel refuses. */
export const machineFaults: readonly Fault[] = [
  {
    // SIGSTOP, as there is no sleep to be had here: unlike in a sleep the monotonic clock goes on.
    ...{ name: 'devloop and the whole cluster frozen for 25 s', part: 'environment', within: 30_000, mayFail: 0 },
    lasts: 25_000,
    inject: async (trial) => {
      trial.loop.signal('SIGSTOP');
      await trial.docker('pause', ...(await trial.containers()));
      for (const part of parts) trial.part(part).freeze();
    },
    heal: async (trial) => {
      for (const part of parts.toReversed()) trial.part(part).thaw();
      await trial.docker('unpause', ...(await trial.containers()));
      trial.loop.signal('SIGCONT');
    },
  },
  {
    ...{ name: 'clock an hour ahead', part: 'environment', within: 15_000, mayFail: 0, start: withClock(3600) },
    inject: jump,
    also: anImage,
  },
  {
    ...{ name: 'clock an hour back', part: 'environment', within: 15_000, mayFail: 0, start: withClock(-3600) },
    inject: jump,
    also: anImage,
  },
  {
    ...{ name: 'inotify limit reached and the folder replaced', part: 'watcher', within: 15_000, mayFail: 0 },
    start: inUserNamespace,
    inject: async (trial) => {
      const from = trial.loop.mark();
      await setWatches(trial, 0);
      await replaceFolder(trial);
      await trial.loop.next('notice', ({ text }) => text.includes('inotify'), { from, timeout: 15_000 });
    },
    heal: (trial) => setWatches(trial, 100_000),
  },
];

async function jump(trial: Trial): Promise<void> {
  trial.loop.signal('SIGUSR2');
  await sleep(1000);
}

/** A build and a deploy are well, too. */
async function anImage(trial: Trial): Promise<void> {
  await trial.editImage();
  await trial.poller.firstWith(trial.marker, 60_000);
}

/** How many folders and files the user namespace of devloop may watch; those that are watched stay. */
async function setWatches(trial: Trial, count: number): Promise<void> {
  const write = ['sh', '-c', `echo ${count} > /proc/sys/user/max_inotify_watches`];
  await output('nsenter', ['--target', `${trial.loop.pid}`, '--user', '--preserve-credentials', ...write]);
}

/** The folder that is synced is another one afterwards, which nobody watches yet. */
async function replaceFolder({ workspace }: Trial): Promise<void> {
  const folder = workspace.path('numbered/src');
  await cp(folder, `${folder}.new`, { recursive: true });
  await rename(folder, `${folder}.old`);
  await rename(`${folder}.new`, folder);
  await rm(`${folder}.old`, { recursive: true });
}
