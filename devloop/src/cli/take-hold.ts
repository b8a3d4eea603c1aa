import type { Clock } from '../model/clock.ts';
import { makeHold, readHold, removeHold } from './hold-file.ts';

/** The devloop that works on something alone. */
export interface Holder {
  /** `up` */
  readonly command: string;
  readonly pid: number;
  /** When its process started, in the system's own words: process ids are used again. */
  readonly start?: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** The project's, absolute. */
  readonly folder: string;
  readonly host?: string;
  /** `/dev/pts/3` */
  readonly terminal?: string;
}

export interface HoldParts {
  readonly clock: Clock;
  /** When a process started; undefined when there is no such process. */
  readonly startOf: (pid: number) => Promise<string | undefined>;
}

/** Milliseconds after which a hold that says nothing is that of a devloop which has died over it. */
const writeMs = 1000;
const pollMs = 25;

/**
 * Takes a hold, unless a process that lives has it. Where its file cannot be written, devloop does without.
 * @param file absolute; its folder is there
 * @returns what gives it back, or who has it
 */
export async function takeHold(
  file: string,
  own: Holder,
  { clock, startOf }: HoldParts,
): Promise<{ readonly release: () => Promise<void> } | { readonly takenBy: Holder }> {
  const text = JSON.stringify(own);
  const deadline = clock.now() + writeMs;
  try {
    for (;;) {
      if (await makeHold(file, text)) return { release: () => removeOwn(file, text) };
      const found = await readHold(file);
      const holder = parseHolder(found);
      if (holder && (await isAlive(holder, startOf))) return { takenBy: holder };
      const late = clock.now() > deadline;
      // An empty one is just being written.
      const freed = (late || found !== '') && (await removeHold(file, found, late));
      if (!freed) await clock.sleep(pollMs);
    }
  } catch {
    return { release: async () => {} };
  }
}

/** Whoever took it for a dead one's has its own there now. */
async function removeOwn(file: string, text: string): Promise<void> {
  await removeHold(file, text, false).catch(() => {});
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder | null;
    const isHolder =
      Number.isInteger(holder?.pid) && typeof holder?.since === 'number' && typeof holder.command === 'string';
    return isHolder ? holder : undefined;
  } catch {
    return undefined;
  }
}

async function isAlive({ pid, start }: Holder, startOf: HoldParts['startOf']): Promise<boolean> {
  if (pid <= 0) return false;
  const now = await startOf(pid);
  return now !== undefined && (start === undefined || start === now);
}
