import type { Loop } from '../harness/devloop.ts';
import type { SoakRun } from './soak-run.ts';
import { growthOf } from './soak-samples.ts';
import { spreadOf } from './stats.ts';

/** The figures of a run, and all that was not as it has to be. */
export function reportSoak(run: SoakRun, loop: Loop, seconds: number): { text: string; faults: string[] } {
  const growth = growthOf(run.samples);
  const failed = run.poller.failures.length - run.excused;
  const failures = failed === 0 ? [] : [`${failed} requests failed: ${countsOf(run.poller.failures)}`];
  const { median, p90, p99, max } = spreadOf(run.times);
  const times = Object.entries({ median, p90, p99, max }).map(([name, ms]) => `${name} ${ms.toFixed(0)}`);
  const refusals = loop.since(0, 'update.refused').map(({ why }) => why);
  const lines = [
    `${run.made.length} edits in ${seconds.toFixed(0)} s: ${countsOf(run.made)}`,
    `edit → live, ms: ${times.join(', ')}`,
    `${run.poller.requests} requests, ${failed} failed; and ${run.excused} around ${countsOf(run.disruptions) || 'nothing'}`,
    `${loop.since(0, 'build.succeeded').length} images; edits that took one: ${countsOf(refusals) || 'none'}`,
    growth.table,
  ];
  return { text: lines.join('\n'), faults: [...run.faults, ...failures, ...growth.faults] };
}

const countsOf = (words: readonly string[]): string =>
  [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${all.length} × ${word}`).join(', ');
