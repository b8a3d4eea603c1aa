import { readFileSync, renameSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { remember } from '../lib/remember.ts';
import type { Clock } from '../model/clock.ts';
import { environmentFault, messageOf } from '../model/errors.ts';
import { kinds } from './store/kinds.ts';
import type { ObjectStore } from './store/object-store.ts';
import type { KubeObject } from './store/objects.ts';

/** Counts up when what is written changes; an older file is not read. */
const version = 1;
/** Milliseconds from a change to its being written. */
const restMs = 500;

interface State {
  readonly version: number;
  readonly resourceVersion: number;
  readonly objects: KubeObject[];
}

/**
 * Fills the store with what an earlier sandbox left. Pods that were ending have ended.
 * @param keeps whether an object is taken; all when not given
 * @throws Fault (environment) when the file cannot be read
 */
export function loadState(store: ObjectStore, file: string, keeps: (object: KubeObject) => boolean = () => true): void {
  const state = readState(file);
  if (!state) return;
  const ended = ({ kind, metadata }: KubeObject) => kind === 'Pod' && metadata.deletionTimestamp !== undefined;
  store.load({ ...state, objects: state.objects.filter((object) => !ended(object) && keeps(object)) });
}

function readState(file: string): State | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, messageOf(error));
  }
  try {
    const state = JSON.parse(text) as State;
    if (state.version !== version) throw new Error(`it has version ${state.version}, not ${version}`);
    return state;
  } catch (error) {
    throw unreadable(file, messageOf(error));
  }
}

/** Moves a file that cannot be read out of the way, beside it. @returns where it is now */
export function setAside(file: string, now: number): string {
  const kept = `${file}.unreadable-${now}`;
  renameSync(file, kept);
  return kept;
}

const unreadable = (file: string, why: string) =>
  environmentFault({
    title: "The sandbox's state cannot be read",
    why: `${file}: ${why}`,
    fix: 'Remove that file: the sandbox begins anew, and its pods with it.',
  });

/** Most objects are what they were when the file was last written. */
const textOf = remember((object: KubeObject) => JSON.stringify(object));

/** Keeps the file in step with the store. Resolve `close` to have everything written. */
export function saveState(store: ObjectStore, file: string, clock: Clock): { readonly close: () => Promise<void> } {
  let cancel: (() => void) | undefined;
  let writing = Promise.resolve();
  const write = () => {
    cancel = undefined;
    const { resourceVersion, objects } = store.dump();
    // Events tell of what went on, which ends with the sandbox.
    const kept = objects.filter(({ kind }) => kind !== 'Event');
    const text = `{"version":${version},"resourceVersion":${resourceVersion},"objects":[${kept.map(textOf).join()}]}`;
    writing = writing.then(async () => {
      await writeFile(`${file}.new`, text, { mode: 0o600 });
      await rename(`${file}.new`, file);
    });
    return writing;
  };
  const unsubscribe = kinds.map(({ kind }) =>
    store.subscribe(kind, () => {
      // A failure shows at the next write, or at the end.
      cancel ??= clock.after(restMs, () => void write().catch(() => {}));
    }),
  );
  return {
    close: async () => {
      for (const stop of unsubscribe) stop();
      cancel?.();
      await writing.catch(() => {});
      writing = Promise.resolve();
      await write();
    },
  };
}
