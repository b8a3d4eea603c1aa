import { createHash } from 'node:crypto';
import { lstat, mkdir, readlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { sanitizeLine } from '../lib/sanitize.ts';
import { wallTime } from '../lib/time-text.ts';
import type { ClusterTarget } from '../model/cluster.ts';
import { environmentFault } from '../model/errors.ts';
import type { ProjectSpec } from '../model/project.ts';
import { startTimeOf } from '../sandbox/node/processes/process-groups.ts';
import { stateFolder } from './state-folder.ts';
import { type Holder, takeHold } from './take-hold.ts';

/** What one devloop works on alone: two would undo each other's deploys. */
export interface Alone {
  /** @throws Fault (environment) that names the devloop which works on this project */
  readonly onProject: (project: ProjectSpec) => Promise<void>;
  /** The releases of a project that another folder may have too. @throws Fault (environment) as above */
  readonly onReleases: (project: ProjectSpec, target: ClusterTarget) => Promise<void>;
  /** Lets others work on all of it. */
  readonly end: () => Promise<void>;
}

/** @param command what holds it: `up` */
export function workAlone(command: string): Alone {
  const releases: (() => Promise<void>)[] = [];

  async function take(folder: () => Promise<string>, name: string, what: string, root: string): Promise<void> {
    // Where nothing can be written there is nothing to hold: what needs the folder says so itself.
    const place = await folder().catch(() => undefined);
    if (place === undefined) return;
    const parts = { clock: systemClock, startOf: startTimeOf };
    const taken = await takeHold(path.join(place, name), await ownHolder(command, root), parts);
    if ('takenBy' in taken) throw takenFault(taken.takenBy, what);
    releases.push(taken.release);
  }

  return {
    onProject: (project) => take(() => stateFolder(project, 'up'), 'held-by', 'this project', project.root),
    onReleases: async (project, { kind, context }) => {
      // Each project's sandbox is its own.
      if (kind === 'sandbox') return;
      for (const { name } of project.releases) {
        const key = createHash('sha256')
          .update(JSON.stringify([context, project.namespace, name]))
          .digest('hex');
        await take(sharedFolder, `release-${key.slice(0, 16)}`, `release ${name} in ${context}`, project.root);
      }
    },
    end: async () => {
      await Promise.all(releases.splice(0).map((release) => release()));
    },
  };
}

async function ownHolder(command: string, folder: string): Promise<Holder> {
  const start = await startTimeOf(process.pid);
  const terminal = process.stdin.isTTY ? await readlink('/proc/self/fd/0').catch(() => undefined) : undefined;
  return {
    command,
    pid: process.pid,
    since: systemClock.now(),
    folder,
    host: os.hostname(),
    ...(start !== undefined && { start }),
    ...(terminal !== undefined && { terminal }),
  };
}

/** For all projects of this user; another user's in its place is not trusted. */
async function sharedFolder(): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const folder = path.join(os.tmpdir(), `devloop-${uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || (process.getuid && found.uid !== uid)) throw new Error(`${folder} is not ours`);
  return folder;
}

function takenFault({ command, pid, since, folder, host, terminal }: Holder, what: string) {
  const where = [terminal === undefined ? '' : ` on ${terminal}`, host === undefined ? '' : ` of ${host}`].join('');
  return environmentFault({
    title: sanitizeLine(`devloop ${command} works on ${what} already`),
    why: sanitizeLine(`process ${pid}, since ${wallTime(since)}${where}, in ${folder}`),
    fix: `Go on there, or end it (q or Ctrl-C there, or: kill ${pid}) and try again.`,
  });
}
