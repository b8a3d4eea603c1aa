import { describe, expect, it } from '@jest/globals';
import { spansWidth } from '../../../src/lib/spans.ts';
import type { EditTiming } from '../../../src/model/events.ts';
import type { EditRun } from '../../../src/state/history.ts';
import type { ServiceSummary } from '../../../src/state/service-summary.ts';
import { outlineOf } from '../../../src/ui/tabs/edit-outline.ts';
import { fileList } from '../../../src/ui/tabs/file-list.ts';
import { timelineRows } from '../../../src/ui/tabs/timeline-tab.ts';
import { timingBar } from '../../../src/ui/tabs/timing-bar.ts';
import { compilerProblem, crashLoopPod, podChanged, sampleProject, started } from '../../support/sample.ts';
import { healthy, manyEdits } from './scenes.ts';
import { atOnce, showTab, stateAt } from './show-tab.ts';

const timing = (watch: number, build: number, deploy: number, ready: number): EditTiming => ({
  watch,
  build,
  deploy,
  ready,
  total: watch + build + deploy + ready,
});
const bar = (parts: EditTiming, longest: number, width: number) =>
  timingBar(parts, longest, width)
    .map(({ text }) => text)
    .join('');

describe('the bar of an edit', () => {
  it.each<[string, EditTiming, number, number, string]>([
    ['fills the width when it took longest', timing(10, 10, 10, 10), 40, 8, '░░▒▒▓▓██'],
    ['is half as long after half the time', timing(10, 10, 10, 10), 80, 8, '░▒▓█    '],
    ['has a character for a part that took little', timing(1, 100, 1, 1), 103, 10, '░▒▒▒▒▒▒▒▓█'],
    ['has none for a part that took no time', timing(0, 50, 0, 50), 100, 6, '▒▒▒███'],
    ['is never longer than the width', timing(10, 10, 10, 10), 1, 5, '░░▒▓█'],
    ['shares what is left fairly', timing(1, 1, 1, 0), 3, 10, '░░░░▒▒▒▓▓▓'],
    ['is empty when nothing took time', timing(0, 0, 0, 0), 10, 4, '    '],
    ['is empty where it has no room', timing(1, 1, 1, 1), 4, 3, '   '],
    ['is empty with no width', timing(1, 1, 1, 1), 4, 0, ''],
    ['is one character at least', timing(0, 0, 0, 1), 1000, 5, '█    '],
  ])('%s', (_, parts, longest, width, expected) => {
    expect(bar(parts, longest, width)).toBe(expected);
  });

  it('has the width that was asked for, whatever the parts', () => {
    for (let width = 4; width < 60; width += 1)
      for (const parts of [timing(1, 3, 5, 7), timing(1000, 1, 1, 1), timing(0, 1, 999, 3), timing(7, 0, 0, 1)])
        expect(spansWidth(timingBar(parts, 900, width))).toBe(width);
  });
});

describe('the files of an edit', () => {
  it.each([
    [[], 0, 20, ''],
    [['src/a.ts'], 1, 20, 'src/a.ts'],
    [['src/a.ts'], 3, 20, 'src/a.ts and 2 more'],
    [['apps/backend/src/server.ts'], 1, 20, '…/server.ts'],
    [['apps/backend/src/server.ts'], 5, 20, '…/server.ts and 4 more'],
    [['Dockerfile'], 1, 5, 'Dockerfile'],
    [['\x1b[31msrc/a.ts'], 1, 20, 'src/a.ts'],
  ])('%j of %i in %i columns are %j', (files, count, room, expected) => {
    expect(fileList(files, count, room)).toBe(expected);
  });
});

describe('what is said of an edit', () => {
  const run = (change: Partial<EditRun>): EditRun => ({
    edit: 3,
    files: [],
    fileCount: 0,
    changedAt: 1000,
    seenAt: 1010,
    result: 'running',
    ...change,
  });
  const done = timing(10, 20, 30, 40);

  it.each<[Partial<EditRun>, string]>([
    [{}, '◔ waiting'],
    [{ way: 'image' }, '◔ building'],
    [{ way: 'image', builtAt: 1100 }, '◔ deploying'],
    [{ way: 'image', builtAt: 1100, broughtAt: 1200 }, '◔ starting'],
    [{ way: 'live update' }, '◔ looking at it'],
    [{ way: 'live update', builtAt: 1100 }, '◔ sending'],
    [{ way: 'live update', builtAt: 1100, broughtAt: 1200 }, '◔ starting'],
    [{ way: 'helm' }, '◔ deploying'],
    [{ way: 'live update', result: 'live', timing: done }, '✓ live update'],
    [{ way: 'image', result: 'live', timing: done }, '✓ image'],
    [{ way: 'helm', result: 'live', timing: done }, '✓ helm only'],
    [{ way: 'image', result: 'unchanged', timing: done }, '= unchanged its image is the one that is deployed'],
    [{ result: 'failed', problem: compilerProblem }, `✗ failed ${compilerProblem.why}`],
    [{ result: 'superseded', supersededBy: 4 }, '– overtaken edit 4 took its place'],
  ])('of %j is %j', (change, expected) => {
    const { glyph, word, note } = outlineOf(run(change), 2000);
    expect([glyph, word, note].filter(Boolean).join(' ')).toBe(expected);
  });

  it.each<[Partial<EditRun>, EditTiming]>([
    [{}, timing(10, 990, 0, 0)],
    [{ way: 'image', builtAt: 1110 }, timing(10, 100, 890, 0)],
    [{ way: 'image', builtAt: 1110, broughtAt: 1500 }, timing(10, 100, 390, 500)],
    [{ way: 'helm' }, timing(10, 0, 990, 0)],
  ])('has the time until now, as of %j', (change, expected) => {
    expect(outlineOf(run(change), 2000).timing).toEqual(expected);
  });

  it('is what is wrong with the service, while it is on its way', () => {
    const summary: ServiceSummary = {
      name: 'backend',
      phase: 'failed',
      reason: 'crash loop',
      ready: 0,
      wanted: 1,
      restarts: 3,
    };
    expect(outlineOf(run({ way: 'image' }), 2000, summary)).toMatchObject({ word: 'failing', note: 'crash loop' });
    expect(outlineOf(run({ result: 'live' }), 2000, summary).word).toBe('live');
  });
});

describe('the timeline', () => {
  it('has the start alone, without a median, at first', () => {
    expect(showTab(timelineRows, stateAt(healthy), 60)).toBe(
      [
        '░ watch  ▒ build  ▓ deploy  █ ready',
        'start  14:03:20  ✓ image              1.2 s',
        '       ░▒▒▒▓▓███████ ░ 60 ms   ▒ 240 ms  ▓ 210 ms  █ 690 ms',
      ].join('\n'),
    );
  });

  it('has the median of the edits that went live in the same way, the failed and overtaken left out', () => {
    const text = showTab(timelineRows, stateAt(manyEdits), 200);
    expect(text).toMatch(/median +~ live update +of 2 edits +[░▒▓█]+ +15 ms +50 ms +23 ms +89 ms +177 ms/);
    expect(text.match(/median/g)).toHaveLength(1);
  });

  it('has the newest first, the start last', () => {
    const edits = showTab(timelineRows, stateAt(manyEdits), 200)
      .split('\n')
      .flatMap((line) => /^(#\d|start)/.exec(line)?.[0] ?? []);
    expect(edits).toEqual(['#7', '#6', '#5', '#4', '#3', '#2', '#1', 'start']);
  });

  it('tells of the newest edit under way what is wrong with the pods', () => {
    const crashing = atOnce([podChanged(crashLoopPod('backend'))], 40);
    const state = stateAt([...atOnce([started()]), ...crashing]);
    const line = showTab(timelineRows, state, 120).split('\n').at(-1);
    expect(line).toMatch(/^start {2}14:03:20 {2}◔ waiting/);
  });

  it('copies the whole of an edit', () => {
    const rows = timelineRows({ state: stateAt(manyEdits), service: 'backend', now: 0, columns: 60 });
    expect(rows.find(({ key }) => key === 'edit 2')?.copy).toBe(
      '#2  14:03:40  live update  210 ms  watch 15 ms, build 60 ms, deploy 25 ms, ready 110 ms  src/server.ts and 2 more',
    );
  });

  it.each([
    [stateAt([]), /does not name this service/],
    [
      stateAt(
        atOnce([
          started({ ...sampleProject(), services: sampleProject().services.map(({ image: _, ...rest }) => rest) }),
        ]),
      ),
      /No edits yet/,
    ],
  ])('says why it is empty', (state, words) => {
    expect(showTab(timelineRows, state, 60)).toMatch(words);
  });
});
