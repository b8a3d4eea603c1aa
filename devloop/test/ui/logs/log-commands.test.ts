import { describe, expect, it } from '@jest/globals';
import type { LogCommand } from '../../../src/model/keymap/log-keys.ts';
import { pasteIntoFilter, typeIntoFilter } from '../../../src/ui/logs/log-commands.ts';
import { initialLogView, type LogView, logBack } from '../../../src/ui/logs/log-view.ts';
import { LogDesk } from './support.ts';

const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `line ${from + index}`);
const row = (text: string) => `│ ${text}`;
const rowsOf = (from: number, to: number) => numbered(from, to).map(row);

describe('scrolling', () => {
  it('follows until it is told to go elsewhere', () => {
    const desk = new LogDesk().append(...numbered(0, 20));
    expect(desk.rows()).toEqual(rowsOf(15, 20));
    desk.append('line 20');
    expect(desk.rows()).toEqual(rowsOf(16, 21));
    expect(desk.view.bottom).toBeUndefined();
  });

  it('goes by line, by page, and to both ends', () => {
    const desk = new LogDesk().append(...numbered(0, 20));
    expect(desk.press('lineUp').rows()).toEqual(rowsOf(14, 19));
    expect(desk.press('pageUp').rows()).toEqual(rowsOf(10, 15));
    expect(desk.press('lineDown').rows()).toEqual(rowsOf(11, 16));
    expect(desk.press('oldest').rows()).toEqual(rowsOf(0, 5));
    expect(desk.press('lineUp').rows()).toEqual(rowsOf(0, 5));
    expect(desk.press('pageDown').rows()).toEqual(rowsOf(4, 9));
    expect(desk.press('newest').rows()).toEqual(rowsOf(15, 20));
    expect(desk.view.bottom).toBeUndefined();
  });

  it('follows again when it has come down to the newest line', () => {
    const desk = new LogDesk().append(...numbered(0, 8)).press('pageUp');
    expect(desk.view.bottom).toBeDefined();
    desk.press('pageDown');
    expect(desk.view.bottom).toBeUndefined();
    desk.press('lineUp', 'lineDown');
    expect(desk.view.bottom).toBeUndefined();
  });

  it.each(['lineUp', 'pageUp', 'oldest', 'lineDown', 'pageDown'] as const)(
    '%s does nothing when all fits',
    (command) => {
      const desk = new LogDesk().append(...numbered(0, 4)).press(command);
      expect(desk.view.bottom).toBeUndefined();
      expect(desk.rows()).toEqual(rowsOf(0, 4));
    },
  );

  it('does nothing without lines', () => {
    const desk = new LogDesk().press('lineUp', 'pageDown', 'oldest', 'nextMatch', 'nextPod', 'marker', 'newest');
    expect(desk.rows()).toEqual(['── 14:03:20 ──'.padEnd(80, '─')]);
  });

  it('goes row by row through lines that are wrapped, however long', () => {
    const desk = new LogDesk({ wrap: true });
    desk.columns = 21;
    desk.append('first', 'abcdefghij'.repeat(8), 'last');
    const text = (rows: string[]) => rows.map((one) => one.replace(/^[│ ]+/, ''));
    expect(text(desk.rows())).toHaveLength(5);
    expect(text(desk.rows()).at(-1)).toBe('last');
    const seen: string[][] = [];
    for (let up = 0; up < 12; up += 1) seen.push(text(desk.press('lineUp').rows()));
    expect(seen.every((rows) => rows.length === 5)).toBe(true);
    expect(seen.at(-1)?.[0]).toBe('first');
    const down: string[][] = [];
    for (let step = 0; step < 12; step += 1) down.push(text(desk.press('lineDown').rows()));
    expect(down.at(-1)?.at(-1)).toBe('last');
    expect(desk.view.bottom).toBeUndefined();
    expect(text(desk.press('oldest').rows())[0]).toBe('first');
    desk.press('pageDown', 'pageDown', 'pageDown');
    expect(desk.view.bottom).toBeUndefined();
  });

  it('by pages does not split a stack trace that fits', () => {
    const desk = new LogDesk();
    desk.height = 8;
    desk.append(...numbered(0, 12), 'Error: no', '    at a (x.js:1:1)', '    at b (x.js:2:2)', ...numbered(12, 20));
    desk.press('oldest', 'pageDown');
    expect(desk.rows().at(-1)).toBe('│     at b (x.js:2:2)');
    expect(desk.rows()[0]).toBe('│ line 7');
  });
});

describe('freezing', () => {
  it('holds the lines, counts what is new, and follows again', () => {
    const desk = new LogDesk().append(...numbered(0, 20)).press('follow');
    expect(desk.below()).toBe(0);
    desk.append(...numbered(20, 27));
    expect(desk.rows()).toEqual(rowsOf(15, 20));
    expect(desk.below()).toBe(7);
    expect(desk.press('follow').rows()).toEqual(rowsOf(22, 27));
  });

  it('lets a stack trace that is being written come to its end', () => {
    const desk = new LogDesk().append(...numbered(0, 9), 'Error: no').press('follow');
    desk.append('    at a (x.js:1:1)', 'next');
    expect(desk.rows().at(-1)).toBe('│     at a (x.js:1:1)');
    expect(desk.below()).toBe(1);
  });

  it('counts only new lines that the filter leaves', () => {
    const desk = new LogDesk({ filter: 'odd' }).append(...numbered(0, 9), 'odd 1').press('follow');
    desk.append('even', 'odd 2', 'even', 'odd 3');
    expect(desk.below()).toBe(2);
  });

  it('goes on with the oldest lines when its own are dropped', () => {
    const desk = new LogDesk({}, 32 * 1024).append(...numbered(0, 100)).press('lineUp');
    expect(desk.rows()).toEqual(rowsOf(94, 99));
    desk.append(...numbered(100, 5000));
    const { first } = desk.store.streams()[0] ?? { first: 0 };
    expect(first).toBeGreaterThan(100);
    expect(desk.rows().slice(1)).toEqual(rowsOf(first, first + 4));
    expect(desk.rows()[0]).toContain('older lines dropped');
    expect(desk.below()).toBe(5000 - first - 4);
    expect(desk.press('lineDown').rows()).toEqual(rowsOf(first, first + 5));
    expect(desk.press('pageDown').rows()[0]).toBe(`│ line ${first + 4}`);
  });

  it('keeps its place when the filter changes', () => {
    const desk = new LogDesk().append(...numbered(0, 200)).press('pageUp', 'pageUp');
    const before = desk.rows();
    desk.view = { ...desk.view, filter: '9$' };
    expect(desk.rows().at(-1)).toBe('│ line 189');
    desk.view = { ...desk.view, filter: '' };
    expect(desk.rows()).toEqual(before);
  });
});

describe('matches', () => {
  const current = (desk: LogDesk) => desk.rows().filter((one) => one.startsWith('› '));

  it('are gone to one by one, round the ends', () => {
    const desk = new LogDesk({ filter: '[05]0$', mode: 'all' }).append(...numbered(0, 200));
    expect(current(desk.press('nextMatch'))).toEqual(['› line 150']);
    expect(current(desk.press('nextMatch'))).toEqual(['› line 50']);
    expect(current(desk.press('nextMatch'))).toEqual(['› line 100']);
    expect(current(desk.press('previousMatch', 'previousMatch'))).toEqual(['› line 150']);
    expect(desk.view.bottom).toBeDefined();
    expect(desk.press('newest').view.bottom).toBeUndefined();
  });

  it('are shown with what is around them', () => {
    const desk = new LogDesk({ filter: 'line 100', mode: 'all' }).append(...numbered(0, 200)).press('previousMatch');
    expect(desk.rows()).toEqual(['│ line 98', '│ line 99', '› line 100', '│ line 101', '│ line 102']);
  });

  it('do not move the window when they are in it', () => {
    const desk = new LogDesk({ filter: '7$', mode: 'all' }).append(...numbered(0, 20));
    expect(desk.press('nextMatch').rows()).toEqual(rowsOf(15, 20).with(2, '› line 17'));
    desk.append('line 20');
    expect(desk.rows()).toEqual(rowsOf(15, 20).with(2, '› line 17'));
  });

  it('begin with the newest that is not below a frozen window', () => {
    const desk = new LogDesk({ mode: 'all' }).append(...numbered(0, 100)).press('oldest', 'pageDown');
    desk.view = { ...desk.view, filter: 'line' };
    expect(current(desk.press('previousMatch'))).toEqual(['› line 8']);
  });

  it('stay found while lines come and are dropped', () => {
    const desk = new LogDesk({ filter: '77$', mode: 'all' }, 32 * 1024).append(...numbered(0, 200)).press('nextMatch');
    expect(current(desk)).toEqual(['› line 177']);
    desk.append(...numbered(200, 5000));
    expect(current(desk)).toEqual([]);
    const { first } = desk.store.streams()[0] ?? { first: 0 };
    const oldest = Math.ceil((first - 77) / 100) * 100 + 77;
    expect(current(desk.press('nextMatch'))).toEqual([`› line ${oldest}`]);
    expect(current(desk.press('previousMatch'))).toEqual(['› line 4977']);
  });

  it('are also gone to among only matches', () => {
    const desk = new LogDesk({ filter: '0$' }).append(...numbered(0, 200)).press('previousMatch', 'previousMatch');
    expect(current(desk)).toEqual(['› line 180']);
    expect(desk.rows()).toContain('│ line 190');
  });

  it('of an inverse filter are the lines without it', () => {
    const desk = new LogDesk({ filter: '!line', mode: 'all' }).append('line 1', 'odd', 'line 2', 'one out', 'line 3');
    expect(current(desk.press('previousMatch', 'previousMatch'))).toEqual(['› odd']);
  });

  it('are found in lines that were not searched yet', () => {
    const desk = new LogDesk({ filter: 'line 7$', mode: 'all' }).append(...numbered(0, 60_000));
    expect(current(desk.press('previousMatch'))).toEqual(['› line 7']);
  });

  it('are nowhere without a filter', () => {
    const desk = new LogDesk().append(...numbered(0, 9));
    const { view } = desk;
    expect(desk.press('nextMatch').view).toBe(view);
  });
});

describe('one key for several views', () => {
  it('goes through the times', () => {
    const desk = new LogDesk().append('one');
    desk.clock.advance(143);
    desk.append('two');
    expect(desk.press('timestamps').rows()).toEqual(['14:03:20 backend  │ one', '14:03:20 backend  │ two']);
    expect(desk.press('timestamps').rows()).toEqual(['         backend  │ one', ' +143 ms backend  │ two']);
    expect(desk.press('timestamps').rows()).toEqual(['│ one', '│ two']);
  });

  it('goes through the last minutes and back to all', () => {
    const desk = new LogDesk();
    const minutes = Array.from({ length: 5 }, () => desk.press('since').view.since?.minutes);
    expect(minutes).toEqual([1, 5, 15, 60, undefined]);
  });

  it('goes through the pods of the selected service, the newest first, and their containers', () => {
    const desk = new LogDesk();
    for (const pod of ['backend-1-aaa', 'backend-2-bbb'])
      for (const container of ['app', 'proxy']) desk.add(`${pod} ${container}`, { pod, container });
    const narrowed = (command: LogCommand) => desk.press(command).view.narrowed;
    expect(narrowed('nextPod')).toEqual({ service: 'backend', pod: 'backend-2-bbb' });
    expect(desk.view.scope).toBe('selected');
    expect(narrowed('nextContainer')).toEqual({ service: 'backend', pod: 'backend-2-bbb', container: 'app' });
    expect(narrowed('nextContainer')).toEqual({ service: 'backend', pod: 'backend-2-bbb', container: 'proxy' });
    expect(narrowed('nextContainer')).toEqual({ service: 'backend', pod: 'backend-2-bbb' });
    expect(narrowed('nextPod')).toEqual({ service: 'backend', pod: 'backend-1-aaa' });
    expect(narrowed('nextPod')).toBeUndefined();
    expect(narrowed('nextContainer')).toEqual({ service: 'backend', container: 'app' });
    desk.selected = 'frontend';
    expect(narrowed('nextPod')).toBeUndefined();
  });

  it('tells pods and containers of a service apart where there are several', () => {
    const desk = new LogDesk({ scope: 'selected' });
    desk.add('one', { pod: 'backend-7d9f-aaaaa', container: 'app' });
    expect(desk.rows()).toEqual(['│ one']);
    desk.add('two', { pod: 'backend-7d9f-bbbbb', container: 'app' });
    expect(desk.rows()).toEqual(['aaaaa │ one', 'bbbbb │ two']);
    desk.add('three', { pod: 'backend-7d9f-bbbbb', container: 'proxy' });
    expect(desk.rows()).toEqual(['aaaaa/app   │ one', 'bbbbb/app   │ two', 'bbbbb/proxy │ three']);
  });
});

describe('lines', () => {
  it('show their level, JSON readable or raw', () => {
    const json = '{"level":40,"time":1,"msg":"slow","ms":900}';
    const desk = new LogDesk().append('ERROR no', 'fine', json);
    desk.add('of the run before', { source: 'previous' });
    expect(desk.rows()).toEqual(['✗ ERROR no', '│ fine', '! WARN slow ms=900', '┊ of the run before']);
    expect(desk.press('toggleRaw').rows()[2]).toBe(`! ${json}`);
    expect(desk.press('toggleLevels').rows()).toEqual(['✗ ERROR no', `! ${json}`]);
  });

  it('with a stack trace in JSON show it as rows', () => {
    const desk = new LogDesk({ filter: 'main' });
    desk.append('{"level":50,"msg":"no","err":{"stack":"Error: no\\n    at f (a.js:1:1)\\n    at main (a.js:2:2)"}}');
    expect(desk.rows()).toEqual(['✗ ERROR no', '│ Error: no', '│     at f (a.js:1:1)', '│     at main (a.js:2:2)']);
    expect(desk.press('lineUp').view.bottom).toBeUndefined();
    desk.height = 2;
    expect(desk.press('lineUp').rows()).toEqual(['│ Error: no', '│     at f (a.js:1:1)']);
    expect(desk.press('oldest').rows()[0]).toBe('✗ ERROR no');
  });

  it('of any length cost no more than what can show', () => {
    const desk = new LogDesk({ wrap: true }).append('日'.repeat(200_000));
    expect(desk.rows()).toHaveLength(5);
    expect(desk.rows().at(-1)).toContain('…');
  });

  it('are wrapped between words, wide characters and JSON too', () => {
    const desk = new LogDesk({ wrap: true });
    desk.columns = 30;
    desk.append('日本語 日本語 日本語 日本語', '{"level":30,"msg":"two words","a":"b"}');
    expect(desk.rows()).toEqual(['│ 日本語 日本語', '│ 日本語 日本語', '│ INFO two words a=b']);
  });
});

describe('typing a filter', () => {
  const typed = (...keys: readonly string[]) => keys.reduce(typeIntoFilter, { ...initialLogView, typing: true });

  it.each([
    [['a', 'space', 'b'], 'a b', true],
    [['a', 'b', 'backspace'], 'a', true],
    [['日', '👍', 'backspace'], '日', true],
    [['backspace'], '', true],
    [['a', 'ctrl+u', 'b'], 'b', true],
    [['a', 'space', 'b', 'c', 'ctrl+w'], 'a ', true],
    [['a', 'enter'], 'a', false],
    [['a', 'esc'], '', false],
    [['a', 'up', 'pgup', 'ctrl+r', 'tab'], 'a', true],
    [['q', '?', '/', 'n', 'G'], 'q?/nG', true],
  ])('%j gives %j', (keys, filter, typing) => {
    expect(typed(...keys)).toMatchObject({ filter, typing });
  });

  it('forgets the match of the filter before', () => {
    const view: LogView = { ...initialLogView, filter: 'a', match: { group: 1, seq: 1 } };
    expect(typeIntoFilter(view, 'b').match).toBeUndefined();
    expect(typeIntoFilter(view, 'enter').match).toEqual({ group: 1, seq: 1 });
  });

  it('takes pasted text as one line, and only then', () => {
    const view: LogView = { ...initialLogView, typing: true, filter: 'a' };
    expect(pasteIntoFilter(view, ' two\r\n  lines').filter).toBe('a two lines');
    expect(pasteIntoFilter(initialLogView, 'q')).toBe(initialLogView);
  });
});

describe('going back', () => {
  const narrowed = { service: 'backend', pod: 'p' };
  it.each<[Partial<LogView>, Partial<LogView> | undefined]>([
    [{}, undefined],
    [{ scope: 'selected', wrap: true, levels: 'warnings' }, undefined],
    [
      { filter: 'a', typing: true },
      { filter: '', typing: false },
    ],
    [
      { filter: 'a', narrowed },
      { filter: '', narrowed },
    ],
    [{ typing: true }, { typing: false }],
    [{ narrowed }, {}],
  ])('from %j is %j', (change, expected) => {
    expect(logBack({ ...initialLogView, ...change })).toEqual(expected && { ...initialLogView, ...expected });
  });
});
