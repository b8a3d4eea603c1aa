import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type HelmEnd, HelmRuns, type HelmStart, type HelmWork } from '../../src/adapters/helm/helm-runs.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';
import { until } from '../fakes/ticks.ts';

const startedAt = Date.UTC(2026, 0, 31, 14, 0, 0);
const minute = 60_000;

let folder: TempFolder;
/** When each process that runs started. */
let processes: Map<number, string>;
let time: number;

beforeEach(() => {
  folder = createTempFolder();
  processes = new Map();
  time = startedAt;
});
afterEach(() => folder.remove());

/** Those of one devloop: what another one keeps in mind is on disk only. */
const runsOf = (context = 'minikube', at = folder.path('helm')) =>
  new HelmRuns(context, { folder: async () => at, now: () => time, startOf: async (pid) => processes.get(pid) });

const left = (status: string, after = 200) => ({
  revision: 7,
  status,
  description: 'Preparing upgrade',
  updated: startedAt + after,
});

async function beginKilled(work: HelmWork, pid?: number): Promise<void> {
  const running = await runsOf().begin({ work }, 'tasks', 'dev');
  if (pid !== undefined) running.started(pid);
}

async function runOnce(work: HelmWork, end: HelmEnd, ms = 500): Promise<void> {
  const running = await runsOf().begin({ work }, 'tasks', 'dev');
  running.started(100);
  time += ms;
  await running.ended(end);
}

describe('what a helm of a killed devloop has left', () => {
  it.each<[HelmWork, string, string]>([
    ['upgrade', 'pending-upgrade', 'devloop'],
    ['upgrade', 'pending-install', 'devloop'],
    ['rollback', 'pending-rollback', 'devloop'],
    ['uninstall', 'uninstalling', 'devloop'],
    ['upgrade', 'pending-rollback', 'somebody else'],
    ['rollback', 'pending-upgrade', 'somebody else'],
    ['uninstall', 'pending-upgrade', 'somebody else'],
    ['upgrade', 'uninstalling', 'somebody else'],
  ])('by an %s, and is %s, is that of %s', async (work, status, by) => {
    await beginKilled(work);
    expect(await runsOf().ownerOf('tasks', 'dev', left(status))).toEqual({ by });
  });

  it.each<[string, number, string]>([
    ['long before it', -minute, 'somebody else'],
    ['a little before it, by another clock', -900, 'devloop'],
    ['just after it', 100, 'devloop'],
    ['after minutes of a slow cluster', 4 * minute, 'devloop'],
    ['an hour later', 60 * minute, 'somebody else'],
  ])('begun %s', async (_, after, by) => {
    await beginKilled('upgrade');
    expect(await runsOf().ownerOf('tasks', 'dev', left('pending-upgrade', after))).toEqual({ by });
  });

  it('without a time is somebody else’s', async () => {
    await beginKilled('upgrade');
    const { updated: _, ...timeless } = left('pending-upgrade');
    expect(await runsOf().ownerOf('tasks', 'dev', timeless)).toEqual({ by: 'somebody else' });
  });

  it.each<[string, string, string, string]>([
    ['context', 'kind', 'tasks', 'dev'],
    ['release', 'minikube', 'other', 'dev'],
    ['namespace', 'minikube', 'tasks', 'prod'],
  ])('of another %s is somebody else’s', async (_, context, release, namespace) => {
    await beginKilled('upgrade');
    const owner = await runsOf(context).ownerOf(release, namespace, left('pending-upgrade'));
    expect(owner).toEqual({ by: 'somebody else' });
  });

  it('is nobody’s of ours where nothing was begun', async () => {
    expect(await runsOf().ownerOf('tasks', 'dev', left('pending-upgrade'))).toEqual({ by: 'somebody else' });
  });
});

describe('a revision that is pending', () => {
  it.each<[string, HelmStart, object, string]>([
    ['the next one', { work: 'upgrade', after: 6 }, {}, 'devloop'],
    ['the first one', { work: 'upgrade', after: 0 }, { revision: 1, status: 'pending-install' }, 'devloop'],
    ['a later one: ours has ended', { work: 'upgrade', after: 5 }, {}, 'somebody else'],
    ['of another rollback', { work: 'rollback', to: 3 }, { status: 'pending-rollback' }, 'somebody else'],
    [
      'of this rollback',
      { work: 'rollback', to: 3 },
      { status: 'pending-rollback', description: 'Rollback to 3' },
      'devloop',
    ],
  ])('%s', async (_, start, change, by) => {
    await runsOf().begin(start, 'tasks', 'dev');
    expect(await runsOf().ownerOf('tasks', 'dev', { ...left('pending-upgrade'), ...change })).toEqual({ by });
  });
});

describe('a helm that goes on after its devloop', () => {
  it.each<[string, string | undefined, object]>([
    ['runs', 'Sat 14:00', { by: 'running helm', pid: 100 }],
    ['has ended, and another program has its id', 'Sat 15:00', { by: 'devloop' }],
    ['has ended', undefined, { by: 'devloop' }],
  ])('is known when it %s', async (_, now, owner) => {
    processes.set(100, 'Sat 14:00');
    await beginKilled('upgrade', 100);
    // What tells it from a later one is written in the next turn.
    await until('it is written', () => record().includes('14:00'));
    processes.clear();
    if (now !== undefined) processes.set(100, now);
    expect(await runsOf().ownerOf('tasks', 'dev', left('pending-upgrade'))).toEqual(owner);
  });

  it('is known by its id at once', async () => {
    await beginKilled('upgrade', 100);
    processes.set(100, 'Sat 14:00');
    expect(await runsOf().ownerOf('tasks', 'dev', left('pending-upgrade'))).toEqual({ by: 'running helm', pid: 100 });
  });
});

describe('a helm whose cluster has ended with its devloop', () => {
  it.each<[string, string, number[]]>([
    ['is ended', 'Sat 14:00', [100]],
    ['is left alone when its id is another program’s', 'Sat 15:00', []],
  ])('%s', async (_, now, expected) => {
    processes.set(100, 'Sat 14:00');
    await beginKilled('upgrade', 100);
    await until('it is written', () => record().includes('14:00'));
    processes.set(100, now);
    const ended: number[] = [];
    const runs = new HelmRuns('minikube', {
      folder: async () => folder.path('helm'),
      now: () => time,
      startOf: async (pid) => processes.get(pid),
      end: (pid) => void ended.push(pid),
    });
    expect(await runs.ownerOf('tasks', 'dev', left('pending-upgrade'))).toEqual({ by: 'devloop' });
    expect(ended).toEqual(expected);
  });
});

describe('a helm that has ended', () => {
  it.each<[HelmEnd, string]>([
    ['done', 'somebody else'],
    ['untouched', 'somebody else'],
    ['failed', 'devloop'],
  ])('as %s makes what is pending that of %s', async (end, by) => {
    await runOnce('upgrade', end);
    expect(await runsOf().ownerOf('tasks', 'dev', left('pending-upgrade'))).toEqual({ by });
  });

  it('is not what has left a later revision', async () => {
    await runOnce('upgrade', 'failed');
    const later = left('pending-upgrade', 5000);
    expect(await runsOf().ownerOf('tasks', 'dev', later)).toEqual({ by: 'somebody else' });
  });

  it('has no process any more, even when its id runs', async () => {
    await runOnce('upgrade', 'failed');
    processes.set(100, 'Sat 14:00');
    expect(await runsOf().ownerOf('tasks', 'dev', left('pending-upgrade'))).toEqual({ by: 'devloop' });
  });

  it('well leaves nothing on disk, whatever failed before', async () => {
    await runOnce('upgrade', 'failed');
    await runOnce('rollback', 'failed');
    await runOnce('upgrade', 'done');
    expect(readdirSync(folder.path('helm'))).toEqual([]);
  });

  it('without touching the release keeps what is known of those before', async () => {
    await runOnce('upgrade', 'failed');
    time += minute;
    await runOnce('rollback', 'untouched');
    expect(await runsOf().ownerOf('tasks', 'dev', left('pending-upgrade'))).toEqual({ by: 'devloop' });
  });

  it('badly time and again leaves a short record', async () => {
    for (let count = 0; count < 20; count += 1) await runOnce('upgrade', 'failed');
    expect(JSON.parse(record())).toHaveLength(5);
  });
});

const record = () => {
  const [name = ''] = readdirSync(folder.path('helm'));
  return readFileSync(path.join(folder.path('helm'), name), 'utf8');
};

describe('the record', () => {
  it('is for this user only', async () => {
    await beginKilled('upgrade', 100);
    const [name = ''] = readdirSync(folder.path('helm'));
    expect(statSync(folder.path('helm')).mode & 0o777).toBe(0o700);
    expect(statSync(folder.path(`helm/${name}`)).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'nonsense', '{', '42', 'null', '[null, 3, {"work":"upgrade"}]', '{"startedAt":1}'])(
    'that has become %j tells nothing, and is written anew',
    async (text) => {
      await beginKilled('upgrade');
      const [name = ''] = readdirSync(folder.path('helm'));
      folder.write(`helm/${name}`, text);
      expect(await runsOf().ownerOf('tasks', 'dev', left('pending-upgrade'))).toEqual({ by: 'somebody else' });
      await beginKilled('upgrade');
      expect(await runsOf().ownerOf('tasks', 'dev', left('pending-upgrade'))).toEqual({ by: 'devloop' });
    },
  );

  it('is done without where it cannot be written', async () => {
    const file = folder.write('a-file', '');
    chmodSync(file, 0o400);
    const runs = runsOf('minikube', file);
    const running = await runs.begin({ work: 'upgrade' }, 'tasks', 'dev');
    running.started(100);
    await running.ended('failed');
    expect(await runs.ownerOf('tasks', 'dev', left('pending-upgrade'))).toEqual({ by: 'somebody else' });
  });

  it('is done without where its folder goes meanwhile', async () => {
    const running = await runsOf().begin({ work: 'upgrade' }, 'tasks', 'dev');
    folder.remove();
    running.started(100);
    await expect(running.ended('failed')).resolves.toBeUndefined();
  });
});
