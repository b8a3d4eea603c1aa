import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/adapters/clock/system-clock.ts';
import { createFiles } from '../../src/adapters/files/project-files.ts';
import type { HeldFiles } from '../../src/engine/outside.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { ProjectSpec } from '../../src/model/project.ts';
import { sampleProject, sampleService } from '../support/sample.ts';
import { createTempFolder } from './temp-folder.ts';

/** A build context that is watched in real time, and what an engine would make of it. */
export interface WatchedFolder {
  readonly path: (relative: string) => string;
  readonly write: (relative: string, text: string) => string;
  readonly notices: string[];
  readonly holds: (HeldFiles | undefined)[];
  /** The files of each edit since the last call, relative and sorted, once nothing more comes. */
  readonly edits: () => Promise<string[][]>;
  readonly stop: () => Promise<void>;
}

/** A file of its own, which is saved after all others. */
const fence = '.fence';
const patienceMs = 30_000;
const roundMs = 10;
/** Rounds of the event loop without a timer after which nothing more comes. */
const quietRounds = 10;

/**
 * @param prepare makes what is there before the watch, in the folder `repository`
 * @param context the image's build context, relative to that folder
 */
export async function createWatchedFolder(
  prepare: (repository: string) => unknown = () => {},
  context = '.',
): Promise<WatchedFolder> {
  const folder = createTempFolder({ [`repository/${context}/${fence}`]: '0' });
  await prepare(folder.path('repository'));
  const root = folder.path(`repository/${context}`);
  const { clock, isWaiting } = watchedClock();
  const files = createFiles(clock);
  const controller = new AbortController();
  const notices: string[] = [];
  const holds: (HeldFiles | undefined)[] = [];
  let edits: string[][] = [];
  let fences = 0;
  let isFenceHeardOf = false;
  let turn = Promise.resolve();
  const take = async (saved: readonly string[]) => {
    const taken = await files.takeChanged(saved);
    const changed = taken.changed.map((file) => file.slice(root.length + 1)).sort();
    edits.push(changed.filter((name) => name !== fence));
    isFenceHeardOf ||= changed.includes(fence);
  };
  const batch = (saved: { readonly files: readonly string[] }) => {
    turn = turn.then(() => take(saved.files));
  };
  const notice = (_level: string, text: string) => notices.push(text);
  await files.watch(projectOf(root), { batch, held: (hold) => holds.push(hold), notice }, controller.signal);
  // A change counts until it is known what a file contained, which is read while the watch goes on.
  await files.takeChanged(readdirSync(root, { recursive: true }).map((name) => `${root}/${String(name)}`));
  const write = (relative: string, text: string) => folder.write(`repository/${context}/${relative}`, text);
  async function rest() {
    for (let quiet = 0; quiet < quietRounds; quiet = isWaiting() ? 0 : quiet + 1) await sleep(roundMs);
  }
  return {
    path: (relative) => `${root}/${relative}`,
    write,
    notices,
    holds,
    edits: async () => {
      // All that is still to come, such as the second look, waits for a timer.
      await rest();
      isFenceHeardOf = false;
      fences += 1;
      write(fence, `${fences}`);
      for (let left = patienceMs / roundMs; !isFenceHeardOf && left > 0; left -= 1) await sleep(roundMs);
      if (!isFenceHeardOf) throw new Error('the last save was not heard of');
      await turn;
      const heard = edits.filter((edit) => edit.length > 0);
      edits = [];
      return heard;
    },
    stop: async () => {
      controller.abort();
      await turn;
      folder.remove();
    },
  };
}

/** The system's clock, and whether somebody waits for a timer of it; the beat that notices a sleep aside. */
function watchedClock(): { readonly clock: Clock; readonly isWaiting: () => boolean } {
  const beatMs = 10_000;
  const waiting = new Set<object>();
  const after: Clock['after'] = (ms, callback) => {
    const timer = {};
    if (ms < beatMs) waiting.add(timer);
    const cancel = systemClock.after(ms, () => {
      waiting.delete(timer);
      callback();
    });
    return () => {
      waiting.delete(timer);
      cancel();
    };
  };
  const pause: Clock['sleep'] = async (ms, signal) => {
    const timer = {};
    waiting.add(timer);
    await systemClock.sleep(ms, signal);
    waiting.delete(timer);
  };
  return { clock: { now: systemClock.now, after, sleep: pause }, isWaiting: () => waiting.size > 0 };
}

function projectOf(root: string): ProjectSpec {
  const image = { context: root, dockerfile: `${root}/Dockerfile`, args: {}, repository: 'web' };
  const services = [{ ...sampleService('web', 4000), image }];
  return { ...sampleProject([]), root, configInputs: [], services, releases: [] };
}
