import { systemClock } from '../../src/adapters/clock/system-clock.ts';
import { createFiles } from '../../src/adapters/files/project-files.ts';
import type { HeldFiles } from '../../src/engine/outside.ts';
import type { ProjectSpec } from '../../src/model/project.ts';
import { sampleProject, sampleService } from '../support/sample.ts';
import { createTempFolder } from './temp-folder.ts';
import { until } from './ticks.ts';

/** A folder that is a build context, watched in real time, and what an engine would make of it. */
export interface WatchedFolder {
  readonly path: (relative: string) => string;
  readonly write: (relative: string, text: string) => string;
  /** The files of each edit so far, relative to the folder, sorted. */
  readonly edits: string[][];
  readonly notices: string[];
  readonly holds: (HeldFiles | undefined)[];
  /**
   * What was an edit since the last call, up to the one that says that everything before has been heard of: a save of
   * a file of its own, which is left out.
   */
  readonly settled: () => Promise<string[][]>;
  readonly stop: () => Promise<void>;
}

/**
 * @param prepare makes what is there before the watch
 * @param context the folder of the image, relative
 */
export async function createWatchedFolder(
  prepare: (root: string) => unknown = () => {},
  context = '.',
): Promise<WatchedFolder> {
  const folder = createTempFolder({ 'context/.fence': '0' });
  await prepare(folder.path('context'));
  const root = folder.path(`context/${context}`);
  const inRoot = (relative: string) => `${root}/${relative}`;
  const service = sampleService('web', 4000);
  const image = { context: root, dockerfile: inRoot('Dockerfile'), args: {}, repository: 'web' };
  const project: ProjectSpec = { ...sampleProject([]), root, configInputs: [], services: [{ ...service, image }] };
  const files = createFiles(systemClock);
  const controller = new AbortController();
  const edits: string[][] = [];
  const notices: string[] = [];
  const holds: (HeldFiles | undefined)[] = [];
  let turn = Promise.resolve();
  const take = async (saved: readonly string[]) => {
    const changed = await files.takeChanged(saved);
    if (changed.length > 0) edits.push(changed.map((file) => file.slice(root.length + 1)).sort());
  };
  // What is there in the beginning is older than the watch.
  await new Promise((resolve) => setTimeout(resolve, 150));
  await files.watch(
    { ...project, releases: [] },
    {
      batch: (batch) => {
        turn = turn.then(() => take(batch.files));
      },
      held: (hold) => holds.push(hold),
      notice: (_, text) => notices.push(text),
    },
    controller.signal,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  let fences = 0;
  return {
    path: inRoot,
    write: (relative, text) => folder.write(`context/${context}/${relative}`, text),
    edits,
    notices,
    holds,
    settled: async () => {
      // The second look comes 400 ms after the last event, and asks again 100 ms later.
      await new Promise((resolve) => setTimeout(resolve, 700));
      fences += 1;
      folder.write(`context/${context}/.fence`, `${fences}`);
      await until('the fence is heard of', () => edits.some((edit) => edit.includes('.fence')));
      await turn;
      return edits.splice(0).filter((edit) => edit.join() !== '.fence');
    },
    stop: async () => {
      controller.abort();
      await turn;
      folder.remove();
    },
  };
}
