import { lstat, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Which entries of a folder are to go: those older than `afterMs`, or all but the newest `kept` of at most `bytes`. */
interface Rule {
  readonly folder: string;
  readonly name: RegExp;
  readonly afterMs?: number;
  readonly kept?: number;
  readonly bytes?: number;
}

const hour = 3_600_000;
const draft = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What devloops that were killed leave, and what would grow without end. Files under way are minutes old at most. */
const rulesOf = (state: string, temporary: string): readonly Rule[] => [
  { folder: temporary, name: /^devloop-(layer|image)-/, afterMs: hour },
  { folder: path.join(state, 'tools'), name: draft, afterMs: hour },
  { folder: path.join(state, 'helm'), name: draft, afterMs: hour },
  { folder: path.join(state, 'tools'), name: /^helm-[\d.]+$/, kept: 2 },
  { folder: path.join(state, 'logs'), name: /\.log$/, kept: 50, bytes: 200_000_000 },
  { folder: path.join(state, 'sandbox'), name: /^state\.json\.unreadable-\d+$/, kept: 3 },
];

interface Entry {
  readonly file: string;
  /** Epoch milliseconds. */
  readonly changedAt: number;
  readonly bytes: number;
}

/**
 * Removes temporary files of devloops that have died, and the oldest of what is kept on disk. What cannot be removed
 * stays.
 * @param root the project's
 * @param now epoch milliseconds
 * @param temporary the system's folder for temporary files
 */
export async function removeLeftovers(root: string, now: number, temporary = os.tmpdir()): Promise<void> {
  for (const rule of rulesOf(path.join(root, '.devloop'), temporary)) {
    const entries = await entriesOf(rule).catch(() => []);
    for (const { file } of toRemove(entries, rule, now))
      await rm(file, { recursive: true, force: true }).catch(() => {});
  }
}

/** Those of this user. */
async function entriesOf({ folder, name }: Rule): Promise<Entry[]> {
  const names = (await readdir(folder)).filter((entry) => name.test(entry));
  const found = await Promise.all(
    names.map(async (entry) => {
      const file = path.join(folder, entry);
      const { mtimeMs, size, uid } = await lstat(file);
      return process.getuid === undefined || uid === process.getuid()
        ? [{ file, changedAt: mtimeMs, bytes: size }]
        : [];
    }),
  );
  return found.flat();
}

function toRemove(entries: readonly Entry[], rule: Rule, now: number): Entry[] {
  const { afterMs, kept = Number.POSITIVE_INFINITY, bytes = Number.POSITIVE_INFINITY } = rule;
  if (afterMs !== undefined) return entries.filter(({ changedAt }) => now - changedAt > afterMs);
  let sum = 0;
  return [...entries]
    .sort((one, other) => other.changedAt - one.changedAt)
    .filter((entry, index) => {
      sum += entry.bytes;
      return index >= kept || sum > bytes;
    });
}
