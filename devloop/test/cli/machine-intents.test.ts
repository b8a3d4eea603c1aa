import { readdirSync, readFileSync, statSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Desktop } from '../../src/adapters/desktop/desktop.ts';
import { createMachineIntents } from '../../src/cli/machine-intents.ts';
import { createPodShell } from '../../src/cli/pod-shell.ts';
import { outsideFault } from '../../src/model/errors.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { createTempFolder } from '../fakes/temp-folder.ts';
import { settle, until } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { allHealthy, podChanged, sampleContainer, samplePod, sampleProject, startTime } from '../support/sample.ts';

function setUp(desktop: Desktop = { platform: 'linux', env: {} }) {
  const folder = createTempFolder({});
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  let written = '';
  const intents = createMachineIntents({
    project: { ...sampleProject(), root: folder.path('') },
    store,
    clock,
    desktop,
    runProgram: async () => desktop.env['DISPLAY'] !== undefined,
    write: (text) => {
      written += text;
    },
    shell: () => Promise.reject(new Error('no')),
  });
  const notices = () => store.of('notice').map(({ level, text }) => `${level} ${text}`);
  return { folder, intents, notices, written: () => written };
}

describe('what is asked of this machine', () => {
  it('a page is opened, or its URL is told', async () => {
    const desktop = setUp({ platform: 'linux', env: { DISPLAY: ':0' } });
    desktop.intents.open('http://localhost:4000');
    const remote = setUp({ platform: 'linux', env: { SSH_TTY: '/dev/pts/1' } });
    remote.intents.open('http://localhost:4000');
    await settle();
    expect(desktop.notices()).toEqual(['info opened http://localhost:4000 in the browser']);
    expect(remote.notices()).toEqual([
      'warning http://localhost:4000 was not opened: there is no desktop here; over SSH the port has to be forwarded to your own machine (ssh -L)',
    ]);
  });

  it.each([
    ['hello', 'info 5 characters were sent to the terminal’s clipboard (OSC 52)'],
    ['a\nb\n', 'info 2 lines were sent to the terminal’s clipboard (OSC 52)'],
    [
      'x'.repeat(99_999),
      'warning 99999 characters were not copied: it is too long for the terminal, and no program took it',
    ],
  ])('a copy says which way it went', async (text, notice) => {
    const { intents, notices } = setUp();
    intents.copy(text);
    await settle();
    expect(notices()).toEqual([notice.replace('’', "'")]);
  });

  it('a log is saved where only its owner reads it', async () => {
    const { folder, intents, notices } = setUp();
    intents.saveLog('one\ntwo');
    await until('it is saved', () => notices().length > 0);
    const [file = ''] = readdirSync(folder.path('.devloop/logs'));
    expect(file).toMatch(/^2026-01-31_\d\d-\d\d-20-000\.log$/);
    expect(notices()).toEqual([`info saved to .devloop/logs/${file}`]);
    expect(readFileSync(folder.path(`.devloop/logs/${file}`), 'utf8')).toBe('one\ntwo\n');
    expect(statSync(folder.path(`.devloop/logs/${file}`)).mode & 0o777).toBe(0o600);
    folder.remove();
  });

  it('a log that cannot be saved says why, and takes no file’s place', async () => {
    const { folder, intents, notices } = setUp();
    intents.saveLog('one');
    await until('it is saved', () => notices().length > 0);
    intents.saveLog('two');
    await until('it is refused', () => notices().length > 1);
    expect(notices()[1]).toMatch(/^warning The log was not saved: .*EEXIST/);
    folder.remove();
  });
});

class FakeShell extends Duplex {
  exitCode: number | undefined;
  override _read(): void {}
  override _write(_chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    done();
  }
  resize(): void {}
  finish(code: number): void {
    this.exitCode = code;
    this.push(null);
  }
}

describe('a shell in a pod', () => {
  function withShell({ open = async () => new FakeShell(), hasDashboard = true } = {}) {
    const store = createRecordedStore(() => startTime);
    for (const event of allHealthy()) store.dispatch(event);
    const stdin = Object.assign(new Duplex({ read: () => {} }), {
      isRaw: false,
      setRawMode: () => {},
      ref: () => {},
      unref: () => {},
    });
    let screen = '';
    const stdout = Object.assign(new Duplex({ read: () => {} }), {
      columns: 80,
      rows: 24,
      write: (text: unknown) => {
        screen += String(text);
        return true;
      },
    });
    const asked: unknown[][] = [];
    const lent: string[] = [];
    const suspend = async (work: () => Promise<void>) => {
      lent.push('taken');
      await work().finally(() => lent.push('given back'));
    };
    const shell = createPodShell({
      kubernetes: {
        shell: (...args) => {
          asked.push(args);
          return open();
        },
      },
      store,
      suspend: () => (hasDashboard ? suspend : undefined),
      stdin: stdin as never,
      stdout: stdout as never,
      signal: new AbortController().signal,
    });
    const notices = () => store.of('notice').map(({ level, text }) => `${level} ${text}`);
    return { store, shell, asked, lent, notices, screen: () => screen };
  }

  it('takes the terminal and gives it back', async () => {
    const session = new FakeShell();
    const { shell, asked, lent, notices, screen } = withShell({ open: async () => session });
    const done = shell('backend-7d9f-0');
    await settle();
    expect(asked[0]?.slice(0, 3)).toEqual(['tasks-dev', 'backend-7d9f-0', 'backend']);
    expect(screen()).toContain('a shell in container backend of pod backend-7d9f-0; exit or Ctrl-D leads back');
    expect(lent).toEqual(['taken']);
    session.finish(0);
    await done;
    expect(lent).toEqual(['taken', 'given back']);
    expect(notices()).toEqual([
      'info a shell is open in container backend of pod backend-7d9f-0',
      'info the shell in container backend of pod backend-7d9f-0 has ended',
    ]);
  });

  it('is one at a time', async () => {
    const session = new FakeShell();
    const { shell, asked } = withShell({ open: async () => session });
    const done = shell('backend-7d9f-0');
    await shell('backend-7d9f-0');
    expect(asked).toHaveLength(1);
    await settle();
    session.finish(0);
    await done;
  });

  it('that cannot be opened leaves the terminal alone', async () => {
    const refuse = async () => {
      throw outsideFault({ title: 'refused', why: 'pods "x" is forbidden' });
    };
    const { shell, lent, notices } = withShell({ open: refuse });
    await shell('backend-7d9f-0');
    expect([lent, notices()]).toEqual([
      [],
      ['warning The shell in container backend of pod backend-7d9f-0 failed: pods "x" is forbidden'],
    ]);
  });

  it('that is cut off gives the terminal back', async () => {
    const session = new FakeShell();
    const { shell, lent, notices } = withShell({ open: async () => session });
    const done = shell('backend-7d9f-0');
    await settle();
    session.destroy(new Error('the connection was cut off'));
    await done;
    expect(lent).toEqual(['taken', 'given back']);
    expect(notices().at(-1)).toMatch(/^warning .* failed: the connection was cut off$/);
  });

  it('whose image has none says so', async () => {
    const session = new FakeShell();
    const { shell, notices } = withShell({ open: async () => session });
    const done = shell('backend-7d9f-0');
    await settle();
    session.finish(127);
    await done;
    expect(notices().at(-1)).toMatch(/^warning .* ended with exit code 127: the image may have none$/);
  });

  it.each([
    ['nothing', 'nothing', undefined, 'there is no such pod'],
    ['a container that is not there', 'backend-7d9f-0', 'sidecar', 'its container sidecar does not run'],
    ['a pod that has ended', 'gone', undefined, 'none of its containers runs'],
  ])('into %s is refused', async (_, pod, container, why) => {
    const { store, shell, notices, asked } = withShell();
    const containers = [sampleContainer('backend', 0, { state: 'terminated', exitCode: 0 })];
    store.dispatch(podChanged(samplePod('backend', 0, { name: 'gone', containers })));
    await shell(pod, container);
    expect([notices(), asked]).toEqual([[`warning No shell in pod ${pod}: ${why}`], []]);
  });

  it('goes to the container with the service’s own image, not to a sidecar', async () => {
    const session = new FakeShell();
    const { store, shell, asked } = withShell({ open: async () => session });
    const containers = [sampleContainer('proxy', 0, { image: 'envoy:1' }), sampleContainer('backend')];
    store.dispatch(podChanged(samplePod('backend', 0, { containers })));
    const done = shell('backend-7d9f-0');
    await settle();
    session.finish(0);
    await done;
    expect(asked[0]?.[2]).toBe('backend');
  });

  it('needs a dashboard, whose terminal it takes', async () => {
    const { shell, notices } = withShell({ hasDashboard: false });
    await shell('backend-7d9f-0');
    expect(notices()).toEqual(['warning No shell in pod backend-7d9f-0: there is no terminal for it']);
  });
});
