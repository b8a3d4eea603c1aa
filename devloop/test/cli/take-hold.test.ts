import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Holder, takeHold } from '../../src/cli/take-hold.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';
import { createFakeClock } from '../support/fake-clock.ts';

let folder: TempFolder;
let file: string;
/** When each process that runs started. */
let processes: Map<number, string>;

beforeEach(() => {
  folder = createTempFolder();
  file = folder.path('held-by');
  processes = new Map();
});
afterEach(() => folder.remove());

/** A clock whose sleepers wake at once. */
function hurriedParts(onSleep: () => void = () => {}) {
  let slept = 0;
  const sleep = async (ms: number) => {
    slept += ms;
    onSleep();
  };
  const clock = { ...createFakeClock(0), now: () => slept, sleep };
  return { clock, startOf: async (pid: number) => processes.get(pid), slept: () => slept };
}

function holder(pid: number, start = `start of ${pid}`): Holder {
  processes.set(pid, start);
  return { command: 'up', pid, start, since: 1000, folder: '/project', host: 'box', terminal: '/dev/pts/3' };
}

async function taken(own: Holder, parts = hurriedParts()) {
  const result = await takeHold(file, own, parts);
  if ('takenBy' in result) throw new Error('somebody has it');
  return { ...result, slept: parts.slept() };
}

describe('a hold', () => {
  it('is taken where there is none, and can be read by this user only', async () => {
    const own = holder(100);
    await taken(own);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(own);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('names who has it', async () => {
    const first = holder(100);
    await taken(first);
    expect(await takeHold(file, holder(200), hurriedParts())).toEqual({ takenBy: first });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(first);
  });

  it('can be taken again once it is released', async () => {
    for (const pid of [100, 200]) {
      const { release } = await taken(holder(pid));
      await release();
      expect(readdirSync(folder.root)).toEqual([]);
    }
  });

  it.each<[string, (dead: Holder) => string]>([
    ['has died', (dead) => JSON.stringify(dead)],
    ['has died, and another program has its id', (dead) => JSON.stringify({ ...dead, pid: 300 })],
    ['has died, and did not know its own start', ({ start: _, ...dead }) => JSON.stringify(dead)],
    ['is no process', (dead) => JSON.stringify({ ...dead, pid: -1 })],
    ['is every process', (dead) => JSON.stringify({ ...dead, pid: 0 })],
    ['has an id that is none', (dead) => JSON.stringify({ ...dead, pid: '300' })],
    ['says nonsense', () => 'nonsense'],
    ['says null', () => 'null'],
    ['says a number', () => '42'],
    ['says half of it', (dead) => JSON.stringify(dead).slice(0, 20)],
  ])('of one that %s is nobody’s, at once', async (_, text) => {
    processes.set(300, 'another program');
    const dead = holder(100);
    processes.delete(100);
    folder.write('held-by', text(dead));
    const own = holder(200);
    expect((await taken(own)).slept).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(own);
  });

  it('of one that lives and did not know its own start is its', async () => {
    const { start: _, ...first } = holder(100);
    folder.write('held-by', JSON.stringify(first));
    expect(await takeHold(file, holder(200), hurriedParts())).toEqual({ takenBy: first });
  });

  it('that is being written is waited for', async () => {
    folder.write('held-by', '');
    const first = holder(100);
    const parts = hurriedParts(() => writeFileSync(file, JSON.stringify(first)));
    expect(await takeHold(file, holder(200), parts)).toEqual({ takenBy: first });
  });

  it('that was never written goes over after its time', async () => {
    folder.write('held-by', '');
    expect((await taken(holder(200))).slept).toBeGreaterThanOrEqual(1000);
  });

  it('with a folder in its place goes over after its time', async () => {
    mkdirSync(file);
    await taken(holder(200));
    expect(statSync(file).isFile()).toBe(true);
  });

  it('that nobody could remove to the end is removed in time', async () => {
    folder.write('held-by', 'nonsense');
    mkdirSync(`${file}.removing`);
    await taken(holder(200));
    expect(readdirSync(folder.root)).toEqual(['held-by']);
  });

  it('of a dead one goes to one of several that find it', async () => {
    folder.write('held-by', 'nonsense');
    const own = Array.from({ length: 8 }, (_, index) => holder(100 + index));
    const results = await Promise.all(own.map((one) => takeHold(file, one, hurriedParts())));
    expect(results.filter((result) => 'release' in result)).toHaveLength(1);
  });

  it('that another one has taken meanwhile stays its', async () => {
    const { release } = await taken(holder(100));
    writeFileSync(file, 'of another');
    await release();
    expect(existsSync(file)).toBe(true);
  });

  it('is done without where it cannot be written', async () => {
    folder.write('a-file', '');
    const result = await takeHold(folder.path('a-file/held-by'), holder(100), hurriedParts());
    expect(result).toEqual({ release: expect.any(Function) });
  });
});
