import { describe, expect, it } from '@jest/globals';
import { keptChunks } from '../../src/lib/kept-lines.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import type { ServiceState } from '../../src/state/state.ts';
import { built, compilerProblem, imageOf, sampleProject, started, startTime } from '../support/sample.ts';
import { after, buildCancelled, buildFails, buildStarted, edit, printed, refused, step } from './history-events.ts';

describe('the history of builds', () => {
  const results = ({ builds }: ServiceState) => builds.map((run) => [run.edit, run.result, run.ms, run.overtakenBy]);

  it.each<[string, readonly LoopEvent[], unknown]>([
    ['one that runs', [buildStarted(0)], [[0, 'running', undefined, undefined]]],
    ['one that worked', built('backend'), [[0, 'built', 240, undefined]]],
    [
      'one that found its image',
      [
        buildStarted(0),
        { type: 'build.succeeded', service: 'backend', image: imageOf('backend'), reused: true, ms: 40 },
      ],
      [[0, 'reused', 40, undefined]],
    ],
    ['one that failed', [buildStarted(0), buildFails(0)], [[0, 'failed', 310, undefined]]],
    ['one that was cut off', [buildStarted(0), buildCancelled(0)], [[0, 'cancelled', 10, undefined]]],
    [
      'one that a newer edit took the place of',
      [buildStarted(0), edit(1), buildCancelled(0), ...built('backend', 1)],
      [
        [0, 'cancelled', 20, 1],
        [1, 'built', 240, undefined],
      ],
    ],
    [
      'the last five',
      [0, 1, 2, 3, 4, 5, 6].flatMap((number) => built('backend', number, number)),
      [2, 3, 4, 5, 6].map((number) => [number, 'built', number, undefined]),
    ],
  ])('has %s', (_, events, expected) => {
    expect(results(after('backend', started(), events))).toEqual(expected);
  });

  it('has the problem of one that failed, and why a live update was not enough', () => {
    const { builds } = after(
      'backend',
      started(),
      built('backend'),
      edit(1),
      refused(1),
      buildStarted(1),
      buildFails(1),
    );
    expect(builds.at(-1)).toMatchObject({ why: 'package.json changed', problem: compilerProblem });
  });

  it('has the steps in the order in which they began, each as it was last told', () => {
    const { builds } = after(
      'backend',
      started(),
      buildStarted(0),
      step('a', 'running'),
      step('b', 'cached'),
      step('a', 'done', 40),
      step('c', 'running'),
      buildCancelled(0),
    );
    const [run] = builds;
    expect(run?.steps.map(({ id, status, ms, startedAt }) => [id, status, ms, startedAt - run.startedAt])).toEqual([
      ['a', 'done', 40, 10],
      ['b', 'cached', undefined, 20],
      ['c', 'running', undefined, 40],
    ]);
  });

  it('has what each build printed, harmless, and nothing that came when none ran', () => {
    const { builds } = after(
      'backend',
      started(),
      printed('too early'),
      buildStarted(0),
      printed('\x1b[31mone\x1b[0m'),
      buildFails(0),
      printed('too late'),
      buildStarted(1),
      printed('two'),
    );
    expect(builds.map(({ output }) => keptChunks(output).flat())).toEqual([['one'], ['two']]);
  });

  it('keeps the newest lines of a long output and says how many are gone', () => {
    const lines = Array.from({ length: 3000 }, (_, index) => printed(`line ${index}`));
    const [run] = after('backend', started(), buildStarted(0), lines).builds;
    const kept = run ? keptChunks(run.output).flat() : [];
    expect(kept.at(-1)).toBe('line 2999');
    expect(kept.length + (run?.output.dropped ?? 0)).toBe(3000);
    expect(kept.length).toBeLessThanOrEqual(2050);
  });

  it('changes nothing for lines of containers and of other services', () => {
    const before = after('backend', started(), buildStarted(0));
    const line = { at: startTime, service: 'nobody', source: 'build', text: 'x' } as const;
    const same = after('backend', started(), buildStarted(0), [
      { type: 'log', line },
      { type: 'log', line: { ...line, service: 'backend', source: 'container' } },
    ]);
    expect(same).toEqual(before);
  });

  it('survives a new configuration', () => {
    const reloaded: LoopEvent = { type: 'config.reloaded', project: sampleProject(), changed: ['services'] };
    expect(results(after('backend', started(), built('backend'), reloaded))).toHaveLength(1);
  });
});
