import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { holdSandbox } from '../../src/cli/sandbox-hold.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';

const silent = async () => false;
const present = async () => true;
/** Milliseconds that a holder has until its sandbox answers. */
const startMs = 5000;

let temporary: TempFolder;
let folder: string;
let file: string;
let clock: FakeClock;

beforeEach(() => {
  temporary = createTempFolder();
  folder = temporary.path('project/sandbox');
  file = temporary.path('project/sandbox/held-by');
  clock = createFakeClock(0);
});

afterEach(() => temporary.remove());

/** A process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['--version']).pid;

/** A clock whose sleepers wake at once, and that tells how long they have slept. */
function hurriedClock() {
  let slept = 0;
  const sleep = async (ms: number) => {
    slept += ms;
  };
  return { ...clock, now: () => slept, sleep, slept: () => slept };
}

describe('the hold of a sandbox', () => {
  it('is taken where there is none, in a folder of this user only', async () => {
    const hold = await holdSandbox(folder, clock, silent);
    expect(hold).not.toBe('taken');
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('can be taken again once it is released', async () => {
    for (const _ of [1, 2]) {
      const hold = await holdSandbox(folder, clock, silent);
      if (hold === 'taken') throw new Error('nobody holds it');
      await hold.release();
      expect(existsSync(file)).toBe(false);
    }
  });

  it('is taken by another whose sandbox answers', async () => {
    await holdSandbox(folder, clock, silent);
    expect(await holdSandbox(folder, clock, present)).toBe('taken');
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
  });

  it('is not taken by what answers when nobody holds it', async () => {
    expect(await holdSandbox(folder, clock, present)).not.toBe('taken');
  });

  it.each([
    ['has died', () => String(deadPid())],
    ['is no process', () => 'nonsense'],
    ['has an impossible number', () => '-1'],
  ])('of a process that %s is nobody’s, at once', async (_, text) => {
    temporary.write('project/sandbox/held-by', text());
    const hurried = hurriedClock();
    expect(await holdSandbox(folder, hurried, silent)).not.toBe('taken');
    expect(hurried.slept()).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
  });

  it('is waited for while its sandbox starts', async () => {
    temporary.write('project/sandbox/held-by', String(process.pid));
    const hurried = hurriedClock();
    expect(await holdSandbox(folder, hurried, async () => hurried.slept() >= 1000)).toBe('taken');
    expect(hurried.slept()).toBeLessThan(startMs);
  });

  it('whose number is not written yet is waited for', async () => {
    temporary.write('project/sandbox/held-by', '');
    const hurried = hurriedClock();
    expect(await holdSandbox(folder, hurried, async () => hurried.slept() >= 1000)).toBe('taken');
  });

  it('goes over when its holder ends while the other waits', async () => {
    temporary.write('project/sandbox/held-by', String(process.pid));
    const hurried = hurriedClock();
    const answers = async () => {
      if (hurried.slept() >= 500) writeFileSync(file, String(deadPid()));
      return false;
    };
    expect(await holdSandbox(folder, hurried, answers)).not.toBe('taken');
    expect(hurried.slept()).toBeLessThan(startMs);
  });

  it('goes over when a living process, which may be another program by now, stays silent', async () => {
    temporary.write('project/sandbox/held-by', '1');
    const hurried = hurriedClock();
    expect(await holdSandbox(folder, hurried, silent)).not.toBe('taken');
    expect(hurried.slept()).toBeGreaterThanOrEqual(startMs);
  });

  it('goes to one of several that ask at the same time', async () => {
    // The one that has it answers; the others see that.
    const asked = await Promise.all([1, 2, 3, 4].map(() => holdSandbox(folder, clock, present)));
    expect(asked.filter((hold) => hold === 'taken')).toHaveLength(3);
  });

  it('of a process that has died goes to one of several that find it', async () => {
    temporary.write('project/sandbox/held-by', String(deadPid()));
    let held = 0;
    // The sandbox of the one that gets it answers.
    const ask = async () => {
      const hold = await holdSandbox(folder, hurriedClock(), async () => held > 0);
      if (hold !== 'taken') held += 1;
      return hold;
    };
    const asked = await Promise.all(Array.from({ length: 8 }, ask));
    expect(asked.filter((hold) => hold !== 'taken')).toHaveLength(1);
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
    expect(readdirSync(folder)).toEqual(['held-by']);
  });

  it('that nobody could remove to the end is removed in time', async () => {
    temporary.write('project/sandbox/held-by', String(deadPid()));
    mkdirSync(temporary.path('project/sandbox/held-by.removing'));
    const hurried = hurriedClock();
    expect(await holdSandbox(folder, hurried, silent)).not.toBe('taken');
    expect(hurried.slept()).toBeGreaterThanOrEqual(startMs);
    expect(readdirSync(folder)).toEqual(['held-by']);
  });

  it('fails where the folder cannot be written', async () => {
    temporary.write('project', 'a file');
    await expect(holdSandbox(folder, clock, silent)).rejects.toThrow(/ENOTDIR|EEXIST/);
  });
});
