import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../../src/model/events.ts';
import { buildsRows } from '../../../src/ui/tabs/builds-tab.ts';
import { built, edited, imageOf, sampleProject, started, startTime } from '../../support/sample.ts';
import type { Timed } from '../../support/screen.ts';
import { failedBuild, manyEdits } from './scenes.ts';
import { atOnce, showTab, stateAt } from './show-tab.ts';

const begin = atOnce([started()]);
const show = (columns: number, ...events: readonly Timed[]) =>
  showTab(buildsRows, stateAt([...begin, ...events]), columns);
const buildStarted = (edit: number): LoopEvent => ({ type: 'build.started', service: 'backend', edit });
const printed = (text: string): LoopEvent => ({
  type: 'log',
  line: { at: startTime, service: 'backend', source: 'build', text },
});

describe('the builds tab', () => {
  it('shows a failed build: its cause, its steps, its output', () => {
    expect(showTab(buildsRows, stateAt(failedBuild), 80)).toBe(
      `✗ failed   310 ms  edit 1     14:03:30  src/routes/tasks.ts
✓ built    240 ms  edit 0     14:03:20  the start

Build of edit 1  failed, started 14:03:30
  ✗ Build of backend failed: src/server.ts:14:9: error TS2322: Type string is
    not assignable to type number
  → Correct the file: the next save builds again, and the last good pod goes on
    serving.
  ✗ [build 4/5] RUN npm run build                            failed after 210 ms
  output: 3 lines
  │ #9 [build 4/5] RUN npm run build
  │ src/server.ts(14,9): error TS2322: Type 'string' is not assignable to type
    'number'.
  │ npm error Lifecycle script \`build\` failed with error:

Build of edit 0  built, started 14:03:20
  It reported no steps.
`,
    );
  });

  it('shows the steps of a running build as they are, and its time so far', () => {
    const text = showTab(buildsRows, stateAt(manyEdits), 120, 55_000);
    expect(text).toMatch(/^◔ building +4 s {2}edit 7 /);
    expect(text).toMatch(/ {2}= \[build 1\/4\] FROM node:24-alpine +cached\n/);
    expect(text).toMatch(/ {2}◔ \[build 2\/4\] RUN npm ci .* running 4 s\n/);
    expect(text).toMatch(/ {2}✓ \[build 3\/4\] RUN npm ci +2\.0 s\n/);
  });

  it('says which edit took the place of another, and why an image was built', () => {
    const text = showTab(buildsRows, stateAt(manyEdits), 120);
    expect(text).toMatch(/– overtaken +500 ms {2}edit 6 +\S+ {2}by edit 7 · Dockerfile\n/);
    expect(text).toContain('Build of edit 6  overtaken by edit 7,');
    expect(text).toMatch(/✓ built +2\.5 s {2}edit 3 .*package\.json is not part of a live update · package\.json\n/);
  });

  it.each<[string, readonly LoopEvent[], string]>([
    ['begun', [buildStarted(0)], 'No step has begun yet.'],
    ['cut off', [buildStarted(0), { type: 'build.cancelled', service: 'backend', edit: 0 }], '– cut off'],
    [
      'reused',
      [
        buildStarted(0),
        { type: 'build.succeeded', service: 'backend', image: imageOf('backend'), reused: true, ms: 40 },
      ],
      'The image of this content was there already: nothing was built.',
    ],
    [
      'cut off within a step',
      [
        buildStarted(0),
        { type: 'build.step', service: 'backend', step: { id: '1', name: 'RUN npm ci', status: 'running' } },
        { type: 'build.cancelled', service: 'backend', edit: 0 },
      ],
      '  – RUN npm ci                                                           cut off',
    ],
    ['with one line', [buildStarted(0), printed('one')], '  output: 1 line\n  │ one'],
    ['with an empty line', [buildStarted(0), printed('one'), printed(''), printed('two')], '  │ one\n  │\n  │ two'],
  ])('shows one that is %s', (_, events, expected) => {
    expect(show(80, ...atOnce(events))).toContain(expected);
  });

  it('says how much of a long output is left out, and names lines by their place in the whole', () => {
    const lines = Array.from({ length: 2600 }, (_, index) => printed(`line ${index}`));
    const events = atOnce([started(), buildStarted(0), ...lines]);
    const rows = buildsRows({ state: stateAt(events), service: 'backend', now: startTime, columns: 80 });
    const first = rows.findIndex(({ copy }) => /^output: \d+ lines, \d+ older lines left out$/.test(copy ?? ''));
    const left = Number(/, (\d+) older/.exec(rows[first]?.copy ?? '')?.[1]);
    expect(left).toBeGreaterThan(500);
    expect(rows[first + 1]).toMatchObject({ copy: `line ${left}`, key: expect.stringMatching(`/line ${left}$`) });
  });

  it('makes the rows of a build that has ended once for each width', () => {
    const state = stateAt(manyEdits);
    const rows = (columns: number, now: number) => buildsRows({ state, service: 'backend', now, columns });
    const ofEdit3 = (all: ReturnType<typeof rows>) => all.find(({ copy }) => copy?.startsWith('Build of edit 3'));
    expect(ofEdit3(rows(80, 1))).toBe(ofEdit3(rows(80, 2)));
    expect(ofEdit3(rows(100, 1))).not.toBe(ofEdit3(rows(80, 2)));
  });

  it('sorts the newest first', () => {
    const events = atOnce([...built('backend'), edited(1, ['backend'], ['a.ts'], startTime), ...built('backend', 1)]);
    expect(show(80, ...events).match(/^Build of edit \d/gm)).toEqual(['Build of edit 1', 'Build of edit 0']);
  });

  it.each([
    [stateAt(begin), /^No builds yet\./],
    [
      stateAt(
        atOnce([
          started({ ...sampleProject(), services: sampleProject().services.map(({ image: _, ...rest }) => rest) }),
        ]),
      ),
      /^No builds: the configuration gives this service no image/,
    ],
    [stateAt([]), /^No builds: the configuration does not name this service/],
  ])('says why there are none', (state, words) => {
    expect(showTab(buildsRows, state, 80)).toMatch(words);
  });
});
