import { createHash, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HelmOwner, HelmRelease } from '../../engine/outside.ts';

/** What a helm does to a release. */
export type HelmWork = 'upgrade' | 'rollback' | 'uninstall';

/** What is known of a helm's work before it begins. */
export interface HelmStart {
  readonly work: HelmWork;
  /** Of an upgrade: the newest revision before it; 0 when there is none. */
  readonly after?: number;
  /** Of a rollback: the revision that it goes to. */
  readonly to?: number;
}

/** A helm that devloop has started and that is not known to have ended well, as it stands on disk. */
interface HelmRun extends HelmStart {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Set once it has failed; not set while it runs, and for good when devloop has died meanwhile. */
  readonly endedAt?: number;
  /** The process, and when it started in the system's own words: ids are used again. */
  readonly pid?: number;
  readonly start?: string;
}

export interface HelmRunsOptions {
  /** Makes the folder for the records, which nobody else reads. */
  readonly folder: () => Promise<string>;
  readonly now: () => number;
  /** When a process started, in the system's own words; undefined when there is no such process. */
  readonly startOf: (pid: number) => Promise<string | undefined>;
  /**
   * Ends a helm of a devloop that has died; given where the cluster has ended with that one, and helm, which waits for it
   * up to 5 minutes, would wait in vain.
   */
  readonly end?: (pid: number) => void;
}

/** How a helm has ended: `untouched` has not begun to change the release, `failed` may have left it half done. */
export type HelmEnd = 'done' | 'untouched' | 'failed';

/** A helm under way on a release. */
export interface RunningHelm {
  readonly started: (pid: number) => void;
  readonly ended: (how: HelmEnd) => Promise<void>;
}

/** Of one release; those before the last one that ended well are of no matter. */
const runsKept = 5;

/** Milliseconds by which helm's clock, which is this machine's, and ours may seem to differ. */
const slackMs = 1000;
/** Milliseconds that a helm needs at most until it has written its revision, when nobody saw it end. */
const beginMs = 300_000;

/**
 * Which helms of ours have begun to change which releases. Helm replaces the description that it is given while a
 * revision is pending ("Preparing upgrade"; 3.17 and 4.1), so nothing in the cluster tells whose such a revision is:
 * a file of the project's state folder does, which stays until the helm has ended well. Where it cannot be written,
 * devloop does without: such a revision then counts as somebody else's.
 */
export class HelmRuns {
  readonly #options: HelmRunsOptions;
  readonly #context: string;

  constructor(context: string, options: HelmRunsOptions) {
    this.#context = context;
    this.#options = options;
  }

  async begin(start: HelmStart, release: string, namespace: string): Promise<RunningHelm> {
    const { now, startOf } = this.#options;
    const file = await this.#file(release, namespace).catch(() => undefined);
    const before = file === undefined ? [] : (await read(file)).slice(1 - runsKept);
    let run: HelmRun = { ...start, startedAt: now() };
    if (file !== undefined) await write(file, [...before, run]);
    let identified = Promise.resolve();
    return {
      started: (pid) => {
        if (file === undefined) return;
        run = { ...run, pid };
        // At once: devloop may be killed in the next moment, and the helm goes on.
        writeNow(file, [...before, run]);
        identified = startOf(pid).then(async (began) => {
          if (began === undefined) return;
          run = { ...run, start: began };
          await write(file, [...before, run]);
        });
      },
      ended: async (how) => {
        await identified.catch(() => {});
        if (file === undefined) return;
        const ended = { ...start, startedAt: run.startedAt, endedAt: now() };
        const left = how === 'failed' ? [...before, ended] : before;
        if (how === 'done' || left.length === 0) await rm(file, { force: true }).catch(() => {});
        else await write(file, left);
      },
    };
  }

  /** Whose helm left a revision that is pending, or that is being uninstalled. */
  async ownerOf(release: string, namespace: string, left: HelmRelease): Promise<HelmOwner> {
    const file = await this.#file(release, namespace).catch(() => undefined);
    const run = file === undefined ? undefined : (await read(file)).findLast((known) => isOf(known, left));
    if (!run) return { by: 'somebody else' };
    const { pid, start, endedAt } = run;
    if (endedAt === undefined && pid !== undefined) {
      const runs = await this.#options.startOf(pid);
      if (runs !== undefined && (start === undefined || runs === start)) {
        if (!this.#options.end) return { by: 'running helm', pid };
        this.#options.end(pid);
      }
    }
    return { by: 'devloop' };
  }

  async #file(release: string, namespace: string): Promise<string> {
    const folder = await this.#options.folder();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const key = JSON.stringify([this.#context, namespace, release]);
    return path.join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 16)}.json`);
  }
}

function isOf({ work, after, to, startedAt, endedAt }: HelmRun, left: HelmRelease): boolean {
  const { status, updated, revision, description } = left;
  // A revision that is being uninstalled has the time of its deploy.
  if (status === 'uninstalling') return work === 'uninstall';
  if (work === 'uninstall' || (work === 'rollback') !== (status === 'pending-rollback')) return false;
  if (after !== undefined && revision !== after + 1) return false;
  // Helm's own words: https://github.com/helm/helm/blob/v3.17.2/pkg/action/rollback.go
  if (to !== undefined && description !== `Rollback to ${to}`) return false;
  const until = endedAt ?? startedAt + beginMs;
  return updated !== undefined && updated >= startedAt - slackMs && updated <= until + slackMs;
}

/** What is no record of ours tells nothing. */
async function read(file: string): Promise<readonly HelmRun[]> {
  try {
    const runs: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Array.isArray(runs) ? runs.filter((run: HelmRun | null) => typeof run?.startedAt === 'number') : [];
  } catch {
    return [];
  }
}

/** A disk that is full or read-only must not keep helm from its work. */
async function write(file: string, runs: readonly HelmRun[]): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(runs), { mode: 0o600 });
    await rename(draft, file);
  } catch {
    await rm(draft, { force: true }).catch(() => {});
  }
}

function writeNow(file: string, runs: readonly HelmRun[]): void {
  try {
    writeFileSync(file, JSON.stringify(runs), { mode: 0o600 });
  } catch {
    // As above.
  }
}
