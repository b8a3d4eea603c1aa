import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LimitedWatch } from '../../src/adapters/files/limited-watch.ts';
import { limitText } from '../../src/adapters/files/watch-limit.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';

jest.setTimeout(60_000);

const errorOf = (code: string, file?: string) => Object.assign(new Error(code), { code, ...(file && { path: file }) });
let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder({ 'a/file': '' });
});
afterEach(() => folder.remove());

describe('what is said of', () => {
  it.each<[string, string | undefined]>([
    ['ENOSPC', 'fs.inotify.max_user_watches=524288'],
    ['EMFILE', 'ulimit -n 65536'],
    ['ENFILE', 'ulimit -n 65536'],
    ['EACCES', undefined],
    ['ENOENT', undefined],
  ])('%s: %s', (code, command) => {
    const text = limitText(errorOf(code));
    expect(text ?? '').toContain(command ?? '');
    expect(text === undefined).toBe(command === undefined);
  });
});

describe('while the system refuses watches', () => {
  /** @param renewals the errors that new watches begin with */
  function setUp(renewals: Error[] = []) {
    const clock = createFakeClock(0);
    const controller = new AbortController();
    const asked: string[] = [];
    const folders = new Map([[folder.path('a'), {} as never]]);
    const limited = new LimitedWatch(
      clock,
      {
        look: async () => {
          asked.push('look');
          return folders;
        },
        renew: async () => {
          asked.push('renew');
          if (renewals.length === 0) controller.abort();
          else throw renewals.shift();
        },
        notice: (level, text) => asked.push(`${level}: ${text.slice(0, 30)}`),
      },
      controller.signal,
    );
    const pass = async (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        await settle();
        clock.advance(1000);
      }
      await settle();
    };
    return { clock, controller, asked, limited, pass };
  }

  it('everything is looked through each second, it is said once, and it ends when there is room', async () => {
    const { clock, asked, limited, pass } = setUp();
    expect([1, 2].map(() => limited.refused(errorOf('ENOSPC', folder.path('a'))))).toEqual([true, true]);
    expect(asked).toEqual(['warning: Not all files can be watched: ']);
    await pass(14);
    expect(asked.slice(1)).toEqual(Array.from({ length: 14 }, () => 'look'));
    await pass(1);
    expect(asked.slice(-2)).toEqual(['look', 'renew']);
    expect(clock.pending()).toBe(0);
  });

  it('it goes on where a new watch cannot begin', async () => {
    const { asked, limited, pass } = setUp([new Error('no')]);
    limited.refused(errorOf('ENOSPC', folder.path('a')));
    await pass(32);
    expect(asked.filter((one) => one === 'renew').length).toBe(2);
    expect(asked.filter((one) => one === 'look').length).toBe(30);
  });

  it('a folder that is gone is not waited for', async () => {
    const { asked, limited, pass } = setUp();
    limited.refused(errorOf('ENOSPC', folder.path('gone')));
    await pass(16);
    expect(asked.at(-1)).toBe('renew');
  });

  it('another error is none of it', () => {
    const { asked, limited } = setUp();
    expect(limited.refused(errorOf('EACCES', folder.path('a')))).toBe(false);
    expect(asked).toEqual([]);
  });

  it('it ends with its signal', async () => {
    const { clock, controller, asked, limited, pass } = setUp();
    limited.refused(errorOf('EMFILE', folder.path('a')));
    controller.abort();
    await pass(3);
    expect([asked.length, clock.pending()]).toEqual([1, 0]);
  });
});

/** Whether this machine lets us have limits of our own, in a user namespace: user_namespaces(7). */
function hasNamespaces(): boolean {
  try {
    execFileSync('unshare', ['-Ur', 'sh', '-c', 'echo 9 > /proc/sys/user/max_inotify_watches'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

(hasNamespaces() ? describe : describe.skip)('under limits of its own', () => {
  /** Runs the watcher with a limit, saves a file in each of 20 folders, and raises the limit at last. */
  const watchUnder = (limit: string, value: number) =>
    new Promise<string[]>((resolve) => {
      for (let number = 0; number < 20; number += 1) {
        mkdirSync(folder.path(`d${number}`));
        writeFileSync(folder.path(`d${number}/file`), '1');
      }
      const script = path.join(import.meta.dirname, '../fakes/watch-under-limit.ts');
      const command = 'echo "$2" > "/proc/sys/user/$1" && exec "$3" --no-warnings "$4" "$5" "/proc/sys/user/$1"';
      const words = [limit, String(value), process.execPath, script, folder.root];
      const child = spawn('unshare', ['-Ur', 'sh', '-c', command, 'sh', ...words], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (data: Buffer) => (output += data.toString()));
      child.on('close', () => resolve(output.trim().split('\n')));
    });

  it.each<[string, number, string]>([
    ['max_inotify_watches', 12, 'sudo sysctl fs.inotify.max_user_watches=524288'],
    ['max_inotify_instances', 0, 'sudo sysctl fs.inotify.max_user_instances=512'],
  ])('%s of %d: each save is found, and it is watched when the limit is raised', async (limit, value, command) => {
    const [notice, ...rest] = await watchUnder(limit, value);
    expect(notice).toContain(command);
    expect(rest).toEqual(['saved 20 of 20', 'made 1 of 1', 'All files are watched again.', 'saved again 20 of 20']);
  });
});
