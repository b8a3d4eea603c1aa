import { formatDuration } from '../../lib/duration.ts';
import { keptLines } from '../../lib/kept-lines.ts';
import { messageRow } from '../../lib/message-lines.ts';
import type { Color } from '../../lib/paint.ts';
import { remember } from '../../lib/remember.ts';
import { type Span, span, spread } from '../../lib/spans.ts';
import { wallTime } from '../../lib/time-text.ts';
import type { BuildRun, TimedStep } from '../../state/history.ts';
import { blank, heading, row, wrapped } from './make-rows.ts';
import type { TabRow } from './tab-row.ts';
import { elapsed } from './time-words.ts';

/** One build in full: its steps, its problem, and what it printed. */
export function buildRows(run: BuildRun, columns: number, now: number): readonly TabRow[] {
  // One that has ended shows the same for ever, and may have thousands of lines.
  if (run.result === 'running') return makeRows(run, columns, now);
  const last = ended(run);
  if (last.columns !== columns) {
    last.columns = columns;
    last.rows = makeRows(run, columns, now);
  }
  return last.rows;
}

interface Made {
  columns: number;
  rows: readonly TabRow[];
}
const ended = remember((_: BuildRun): Made => ({ columns: 0, rows: [] }));

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

function stepRow(step: TimedStep, run: BuildRun, columns: number, now: number, key: string): TabRow {
  const name = messageRow(step.name);
  const { glyph, color, time } = stepLook(step, run, now);
  const style = color ? { color } : {};
  const left: Span[] = [span(`  ${glyph} `, style), span(name, step.status === 'cached' ? { dim: true } : {})];
  return { spans: spread(left, [span(time, style)], columns), copy: `${name}  ${time}`, key };
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
  const lines = keptLines(output);
  if (lines.length === 0) return [];
  const left = output.dropped > 0 ? `, ${output.dropped} older lines left out` : '';
  const count = lines.length === 1 ? '1 line' : `${lines.length} lines`;
  return [
    row([span(`  output: ${count}${left}`, { dim: true })], columns),
    ...lines.flatMap((line, index) =>
      wrapped([span('  │ ', { dim: true })], line || ' ', {}, columns, {
        copy: line,
        most: 6,
        key: `${id}/line ${output.dropped + index}`,
      }),
    ),
  ];
}
