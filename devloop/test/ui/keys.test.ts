import { afterEach, describe, expect, it } from '@jest/globals';
import { defaultKeymap } from '../../src/model/keymap/keymap.ts';
import { allHealthy, crashLoopPod, logged, missingSecretPod, podChanged, startTime } from '../support/sample.ts';
import { keys, openScreen, type Screen } from '../support/screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const numbered = (from: number, to: number, service = 'backend') =>
  Array.from({ length: to - from }, (_, index) => logged(service, `line ${from + index}.`, startTime + index));

const openHealthy = async (columns = 80, rows = 24) => {
  screen = await openScreen(columns, rows);
  await screen.feed(...allHealthy());
};
const selectedRow = () => screen.lines().find((line) => line.startsWith('›')) ?? '';

describe('selecting', () => {
  it('moves with the arrows and with j and k, and stops at both ends', async () => {
    await openHealthy();
    expect(selectedRow()).toContain('backend');
    await screen.type(keys.down);
    expect(selectedRow()).toContain('frontend');
    await screen.type('j');
    expect(selectedRow()).toContain('frontend');
    await screen.type('k');
    expect(selectedRow()).toContain('backend');
    await screen.type(keys.up);
    expect(selectedRow()).toContain('backend');
  });

  it('takes keys that come in one read one by one', async () => {
    await openHealthy();
    await screen.type('jkj');
    expect(selectedRow()).toContain('frontend');
  });

  it('goes to the failed service by itself until the user has selected one', async () => {
    await openHealthy();
    await screen.feed(podChanged(crashLoopPod('frontend')));
    expect(selectedRow()).toContain('frontend');
    await screen.type('k');
    expect(selectedRow()).toContain('backend');
    expect(screen.text()).not.toContain('Pod frontend');
  });
});

describe('logs', () => {
  it('show one service or all', async () => {
    await openHealthy();
    await screen.feed(logged('backend', 'from the back'), logged('frontend', 'from the front'));
    await screen.type(keys.enter);
    expect(screen.text()).toContain('logs of backend');
    expect(screen.text()).not.toContain('from the front');
    await screen.type(']');
    expect(screen.text()).toContain('from the front');
    await screen.type(keys.esc);
    expect(screen.text()).toContain('logs of all');
    expect(screen.text()).toContain('from the back');
  });

  it('filter while the text is typed, keep it on Enter, clear it on Esc', async () => {
    await openHealthy();
    await screen.feed(logged('backend', 'GET /api'), logged('backend', 'an Error happened'), logged('backend', 'quit'));
    await screen.type('/');
    await screen.type('error');
    expect(screen.text()).toContain('/ error');
    expect(screen.text()).toContain('1 match');
    expect(screen.text()).toContain('an Error happened');
    expect(screen.text()).not.toContain('GET /api');
    await screen.type(keys.backspace.repeat(5));
    await screen.type('q');
    expect(screen.text()).toContain('│ quit');
    expect(screen.quits()).toBe(0);
    await screen.type(keys.enter);
    await screen.type('?');
    expect(screen.text()).toContain('Leave; the release');
    await screen.type(keys.esc);
    expect(screen.text()).not.toContain('GET /api');
    await screen.type(keys.esc);
    expect(screen.text()).toContain('GET /api');
  });

  it('say when the filter finds nothing', async () => {
    await openHealthy();
    await screen.feed(logged('backend', 'GET /api'));
    await screen.type('/');
    await screen.type('nowhere');
    expect(screen.text()).toContain('No line contains "nowhere".');
  });

  it('take pasted text for the filter only, never as keys', async () => {
    await openHealthy();
    await screen.type('\x1b[200~q\x1b[201~');
    expect(screen.quits()).toBe(0);
    await screen.type('/');
    await screen.type('\x1b[200~two\nlines\x1b[201~');
    expect(screen.text()).toContain('/ two lines');
  });

  it('freeze with F, count what is new, and follow again', async () => {
    await openHealthy();
    await screen.feed(...numbered(0, 50));
    expect(screen.text()).toContain('line 49.');
    await screen.type('F');
    await screen.feed(...numbered(50, 57));
    expect(screen.text()).toContain('frozen, 7 new lines');
    expect(screen.text()).toContain('line 49.');
    expect(screen.text()).not.toContain('line 50.');
    await screen.type('F');
    expect(screen.text()).toContain('following');
    expect(screen.text()).toContain('line 56.');
  });

  it('scroll by line, by page and to both ends', async () => {
    await openHealthy();
    await screen.feed(...numbered(0, 100));
    await screen.type(keys.shiftUp);
    expect(screen.text()).toContain('frozen, 1 new line:');
    await screen.type('g');
    expect(screen.text()).toContain('line 0.');
    const shown = screen.lines().filter((line) => line.includes('│ line')).length;
    await screen.type(keys.pageDown);
    expect(screen.text()).toContain(`line ${shown - 1}.`);
    expect(screen.text()).toContain(`line ${2 * shown - 2}.`);
    await screen.type(keys.pageUp);
    expect(screen.text()).toContain('line 0.');
    await screen.type('G');
    expect(screen.text()).toContain('following');
    expect(screen.text()).toContain('line 99.');
  });

  it('show the local time of each line on demand', async () => {
    await openHealthy();
    await screen.feed(logged('backend', 'hello', startTime + 2000));
    await screen.type('t');
    expect(screen.text()).toContain('14:03:22 backend  │ hello');
    await screen.type('t');
    expect(screen.text()).not.toContain('14:03:22 backend');
  });

  it('cut long lines, or wrap them', async () => {
    await openHealthy(60, 15);
    await screen.feed(logged('backend', `${'word '.repeat(20)}the end`));
    expect(screen.text()).toContain('…');
    expect(screen.text()).not.toContain('the end');
    await screen.type('w');
    expect(screen.text()).toContain('the end');
  });

  it('show foreign output without its control sequences', async () => {
    await openHealthy();
    await screen.feed(logged('backend', '\x1b[2J\x1b[31mred\x1b[0m \x07bell\ttab 日本 👍 done'));
    expect(screen.text()).toContain('backend  │ red bell  tab 日本 👍 done');
  });
});

describe('help and quit', () => {
  it('opens and closes the help, which lists every command', async () => {
    await openHealthy(120, 80);
    await screen.type('?');
    for (const { description } of defaultKeymap) expect(screen.text()).toContain(description);
    await screen.type('?');
    expect(screen.text()).toContain('logs of all');
  });

  it('scrolls the help to its ends, and no further', async () => {
    await openHealthy();
    await screen.type('?');
    const first = screen.text();
    await screen.type('G');
    const last = screen.text();
    expect(last).toContain('✗ error');
    await screen.type(keys.pageDown.repeat(5));
    expect(screen.text()).toBe(last);
    await screen.type('k');
    expect(screen.text()).not.toContain('✗ error');
    await screen.type('g');
    expect(screen.text()).toBe(first);
  });

  it('asks to quit on q, and leaves it to the loop when to end', async () => {
    await openHealthy();
    await screen.type('q');
    expect([screen.quits(), screen.interrupts()]).toEqual([1, 0]);
    expect(screen.buffer()).toBe('alternate');
  });

  it('asks to be interrupted on Ctrl-C, also while the filter is typed', async () => {
    await openHealthy();
    await screen.type(keys.ctrlC);
    await screen.type('/');
    await screen.type(keys.ctrlC);
    expect([screen.quits(), screen.interrupts()]).toEqual([0, 2]);
    expect(screen.buffer()).toBe('alternate');
  });
});

describe('actions', () => {
  it.each([
    ['b', 'rebuild backend'],
    ['r', 'restart backend'],
    ['u', 'rollback backend'],
    ['s', 'shell backend-7d9f-0'],
    ['o', 'open http://localhost:4000'],
    ['p', 'pause'],
    ['x', 'setActive backend false'],
  ])('%s asks the loop: %s', async (key, asked) => {
    await openHealthy();
    await screen.type(key);
    expect(screen.did()).toEqual([asked]);
  });

  it('are for the selected service, in its own view too', async () => {
    await openHealthy();
    await screen.type('j');
    await screen.type(keys.enter);
    await screen.type('r');
    expect(screen.did()).toEqual(['restart frontend']);
  });

  it('copy the fix of what is wrong, and nothing where nothing is', async () => {
    await openHealthy();
    await screen.type('y');
    expect(screen.did()).toEqual([]);
    await screen.feed(podChanged(missingSecretPod('backend', 'tasks-db')));
    await screen.type('y');
    expect(screen.did()).toEqual([
      'copy kubectl --namespace tasks-dev create secret generic tasks-db --from-literal=KEY=VALUE',
    ]);
  });

  it('copy and save what shows of the log', async () => {
    await openHealthy();
    await screen.feed(logged('backend', 'one', startTime), logged('backend', 'two', startTime));
    await screen.type('/');
    await screen.type('two');
    await screen.type(keys.enter);
    await screen.type('c');
    await screen.type('S');
    expect(screen.did().map((line) => line.trim())).toEqual([
      expect.stringMatching(/^copy .*two$/),
      expect.stringMatching(/^saveLog .*two$/),
    ]);
  });
});

describe('the palette', () => {
  it('finds commands by parts of their names and does the selected one', async () => {
    await openHealthy(100, 30);
    await screen.type(':');
    expect(screen.text()).toContain('type a part of its name');
    await screen.type('kubectl roll');
    expect(screen.text()).toContain('› Restart the pods');
    expect(screen.text()).not.toContain('Build the image');
    await screen.type(keys.enter);
    expect(screen.did()).toEqual(['restart backend']);
    expect(screen.text()).toContain('logs of all');
  });

  it('goes to a service by its name, and takes keys as text', async () => {
    await openHealthy();
    await screen.type(':');
    await screen.type('go to q');
    expect(screen.text()).toContain('Nothing is named "go to q".');
    await screen.type(keys.backspace);
    await screen.type('front');
    await screen.type(keys.enter);
    expect(selectedRow()).toContain('frontend');
    expect(screen.quits()).toBe(0);
  });

  it('closes on Esc and moves with the arrows', async () => {
    await openHealthy();
    await screen.type(':');
    await screen.type('line');
    await screen.type(keys.down);
    expect(screen.lines().findIndex((line) => line.startsWith('›'))).toBe(3);
    await screen.type(keys.esc);
    expect(screen.text()).toContain('logs of all');
  });
});

describe('the service view', () => {
  it('opens on Enter, goes through its tabs, and back', async () => {
    await openHealthy(100, 30);
    await screen.type(keys.enter);
    expect(screen.text()).toContain('1 logs  2 probes  3 events  4 builds  5 timeline  6 commands  7 describe');
    expect(screen.text()).not.toContain('frontend');
    await screen.type('7');
    expect(screen.text()).not.toContain('logs of backend');
    await screen.type('\t');
    expect(screen.text()).toContain('logs of backend');
    await screen.type(keys.esc);
    expect(screen.text()).toContain('frontend');
    expect(screen.text()).toContain('logs of all');
  });
});
