import { formatDuration } from '../../lib/duration.ts';
import { keptChunks } from '../../lib/kept-lines.ts';
import { messageRow } from '../../lib/message-lines.ts';
import type { Color } from '../../lib/paint.ts';
import { type Span, span, spread } from '../../lib/spans.ts';
import { wallTime } from '../../lib/time-text.ts';
import type { BuildRun, TimedStep } from '../../state/history.ts';
import { blank, heading, row, wrapped } from './make-rows.ts';
import { rememberRows } from './remember-rows.ts';
import type { TabRow } from './tab-row.ts';
import { elapsed } from './time-words.ts';

/** One build in full: its steps, its problem, and what it printed. */
export const buildRows = (run: BuildRun, columns: number, now: number): readonly TabRow[] =>
  run.result === 'running' ? makeRows(run, columns, now) : endedRows(run, columns);

const endedRows = rememberRows((run: BuildRun, columns) => makeRows(run, columns, run.startedAt));

/** Which edit took its place, where one did: ` by edit 7`. */
export const byText = ({ overtakenBy }: BuildRun): string =>
  overtakenBy === undefined ? '' : ` by edit ${overtakenBy}`;

/** How a build went, in a word or two. */
export function resultOf({ result, overtakenBy }: BuildRun): { glyph: string; word: string; color?: Color } {
  switch (result) {
    case 'running':
      return { glyph: '◔', word: 'building', color: 'yellow' };
    case 'built':
      return { glyph: '✓', word: 'built', color: 'green' };
    case 'reused':
      return { glyph: '✓', word: 'reused', color: 'green' };
    case 'failed':
      return { glyph: '✗', word: 'failed', color: 'red' };
    case 'cancelled':
      return { glyph: '–', word: overtakenBy === undefined ? 'cut off' : 'overtaken' };
    default:
      return result satisfies never;
  }
}

function makeRows(run: BuildRun, columns: number, now: number): TabRow[] {
  const id = `${run.edit}@${run.startedAt}`;
  const title = heading(
    `Build of edit ${run.edit}`,
    columns,
    `${resultOf(run).word}${byText(run)}, started ${wallTime(run.startedAt)}`,
  );
  return [
    title,
    ...noteRows(run, columns),
    ...run.steps.map((step) => stepRow(step, run, columns, now, `${id}/${step.id}`)),
    ...outputRows(run, columns, id),
    blank,
  ];
}

function noteRows({ result, problem, steps }: BuildRun, columns: number): TabRow[] {
  const indent = [span('  ')];
  if (problem) {
    return [
      ...wrapped([span('  ✗ ', { color: 'red' })], `${problem.title}: ${problem.why}`, { color: 'red' }, columns),
      ...(problem.fix ? wrapped([span('  → ', { color: 'green' })], problem.fix, {}, columns) : []),
    ];
  }
  if (result === 'reused')
    return wrapped(indent, 'The image of this content was there already: nothing was built.', { dim: true }, columns);
  if (steps.length > 0) return [];
  const text = result === 'running' ? 'No step has begun yet.' : 'It reported no steps.';
  return wrapped(indent, text, { dim: true }, columns);
}

/** A time that is far from its step is not easily read as its own. */
const widestStep = 118;

function stepRow(step: TimedStep, run: BuildRun, columns: number, now: number, key: string): TabRow {
  const name = messageRow(step.name);
  const { glyph, color, time } = stepLook(step, run, now);
  const style = color ? { color } : {};
  const left: Span[] = [span(`  ${glyph} `, style), span(name, step.status === 'cached' ? { dim: true } : {})];
  return { spans: spread(left, [span(time, style)], Math.min(columns, widestStep)), copy: `${name}  ${time}`, key };
}

function stepLook(
  { status, ms, startedAt }: TimedStep,
  { result }: BuildRun,
  now: number,
): { glyph: string; time: string; color?: Color } {
  const took = ms === undefined ? '' : formatDuration(ms);
  switch (status) {
    case 'running':
      return result === 'running'
        ? { glyph: '◔', time: `running ${elapsed(now - startedAt)}`, color: 'yellow' }
        : { glyph: '–', time: 'cut off' };
    case 'cached':
      return { glyph: '=', time: 'cached' };
    case 'done':
      return { glyph: '✓', time: took, color: 'green' };
    case 'failed':
      return { glyph: '✗', time: `failed${took && ` after ${took}`}`, color: 'red' };
    default:
      return status satisfies never;
  }
}

function outputRows({ output }: BuildRun, columns: number, id: string): TabRow[] {
  const chunks = keptChunks(output);
  const { dropped } = output;
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (length === 0) return [];
  const left = dropped > 0 ? `, ${dropped} older lines left out` : '';
  let next = dropped;
  return [
    row([span(`  output: ${length === 1 ? '1 line' : `${length} lines`}${left}`, { dim: true })], columns),
    ...chunks.flatMap((chunk) => {
      const first = next;
      next += chunk.length;
      return lineRows(chunk, columns, `${id}/line`, first);
    }),
  ];
}

/** @param first the number of the chunk's first line in the whole output */
const lineRows = rememberRows((chunk: readonly string[], columns, id: string, first: number) =>
  chunk.flatMap((line, index) =>
    wrapped([span('  │ ', { dim: true })], line || ' ', {}, columns, {
      copy: line,
      most: 6,
      key: `${id} ${first + index}`,
    }),
  ),
);
