import { formatDuration } from '../../lib/duration.ts';
import { type Span, span } from '../../lib/spans.ts';
import { fit } from '../../lib/text-width.ts';
import { wallTime } from '../../lib/time-text.ts';
import type { EditTiming } from '../../model/events.ts';
import type { EditRun } from '../../state/history.ts';
import { summarize } from '../../state/service-summary.ts';
import type { ServiceState } from '../../state/state.ts';
import { type EditOutline, outlineOf } from './edit-outline.ts';
import { fileList } from './file-list.ts';
import { blank, emptyRows, row } from './make-rows.ts';
import type { TabRow, TabRows } from './tab-row.ts';
import { timingBar, timingParts } from './timing-bar.ts';

/** What a terminal of 120 columns leaves beside the mark of the selected row. */
const fromHereInOneRow = 118;
const partWidth = 8;

/**
 * The last edits, the newest first, under the medians of those that went live in the same way. A bar is as long as the
 * edit took, measured by the slowest of its way; the start is measured by itself.
 */
export const timelineRows: TabRows = ({ state, service: name, columns, now }) => {
  const service = state.services[name];
  if (!service || service.edits.length === 0) return emptyRows(whyEmpty(service), columns);
  const newest = service.edits.findLast(({ way }) => way !== 'helm');
  const lines = service.edits.toReversed().map((run): Line => {
    const outline = outlineOf(run, now, run === newest ? summarize(state, service) : undefined);
    return {
      key: `edit ${run.edit}`,
      edit: run.edit === 0 ? 'start' : `#${run.edit}`,
      time: wallTime(run.seenAt),
      outline,
      about: (room) => fileList(run.files, run.fileCount, room),
      longest: 0,
      way: run.edit === 0 ? 'start' : run.way,
    };
  });
  const longest = new Map<string | undefined, number>();
  for (const { way, outline } of lines) longest.set(way, Math.max(longest.get(way) ?? 0, outline.timing?.total ?? 0));
  const medians = mediansOf(service.edits);
  return [
    legend(columns),
    ...[...medians, ...(medians.length > 0 ? [undefined] : []), ...lines].flatMap((line) =>
      line ? lineRows({ ...line, longest: longest.get(line.way) ?? 0 }, columns) : [blank],
    ),
  ];
};

interface Line {
  readonly key: string;
  readonly edit: string;
  readonly time: string;
  readonly outline: EditOutline;
  /** What fits into so many columns. */
  readonly about: (room: number) => string;
  /** Milliseconds of the longest bar of its way. */
  readonly longest: number;
  readonly way: string | undefined;
}

function whyEmpty(service: ServiceState | undefined): string {
  if (!service?.spec) return 'No edits: the configuration does not name this service, so devloop does not watch it.';
  return 'No edits yet. Each save that changes this service or its release will be here, with where its time went.';
}

function legend(columns: number): TabRow {
  const parts = timingParts.flatMap(({ name, glyph, color }) => [span(`${glyph} `, { color }), span(`${name}  `)]);
  if (columns < fromHereInOneRow) return { spans: row(parts, columns).spans };
  const { files, bar } = widths(columns);
  const titles = timingParts.map(({ name, glyph }) => `${glyph} ${name}`.padStart(partWidth + 1)).join('');
  const text = `${fit('EDIT', 7)}${fit('TIME', 10)}${fit('HOW', 18)}${fit('FILES', files)}${' '.repeat(bar)}`;
  return { spans: row([span(`${text}${titles}${'total'.padStart(partWidth + 1)}`, { dim: true })], columns).spans };
}

/** What the fixed columns leave, for the files a little more than for the bar. */
function widths(columns: number): { files: number; bar: number } {
  const left = columns - 35 - (partWidth + 1) * 5;
  const bar = Math.floor(left * 0.4);
  return { files: left - bar, bar };
}

function lineRows({ key, edit, time, outline, about, longest }: Line, columns: number): TabRow[] {
  const { glyph, word, color, note, timing } = outline;
  const style = color ? { color } : {};
  const begin = [
    span(fit(edit, 7), { bold: true }),
    span(fit(time, 10), { dim: true }),
    span(`${fit(`${glyph} ${word}`, 16)}  `, style),
  ];
  const textIn = (room: number) => [about(room), note].filter(Boolean).join(' · ');
  const total = timing ? formatDuration(timing.total) : '';
  const copy = [edit, time, word, total, ...(timing ? [partsText(timing)] : []), textIn(Number.POSITIVE_INFINITY)]
    .filter(Boolean)
    .join('  ');
  if (columns >= fromHereInOneRow) {
    if (!timing) return [row([...begin, span(textIn(columns / 2), style)], columns, { copy, key })];
    const { files, bar } = widths(columns);
    const parts = timingParts.map(({ name }) => partText(timing[name]).padStart(partWidth + 1));
    const end = [span(parts.join('')), span(total.padStart(partWidth + 1), { bold: true })];
    return [
      row(
        [...begin, span(fit(textIn(files - 1), files - 1)), span(' '), ...timingBar(timing, longest, bar), ...end],
        columns,
        {
          copy,
          key,
        },
      ),
    ];
  }
  const first = row(
    [...begin, span(`${total.padStart(partWidth)}  `, { bold: true }), span(about(columns - 45))],
    columns,
    {
      copy,
      key,
    },
  );
  if (timing) return [first, row(barRow(timing, longest, columns), columns, { copy, key: `${key}/bar` })];
  return note === ''
    ? [first]
    : [first, row([span(' '.repeat(7)), span(note, style)], columns, { copy, key: `${key}/note` })];
}

function barRow(timing: EditTiming, longest: number, columns: number): Span[] {
  const parts = timingParts.map(({ name, glyph }) => ` ${glyph} ${partText(timing[name]).padEnd(partWidth - 1)}`);
  const text = parts.join('').trimEnd();
  const bar = Math.min(60, columns - 7 - 4 * (partWidth + 2));
  return [span(' '.repeat(7)), ...timingBar(timing, longest, bar), span(text, { dim: true })];
}

/** A part that did not take place, or not yet, has no time. */
const partText = (ms: number): string => (ms === 0 ? '-' : formatDuration(ms));

const partsText = (timing: EditTiming): string =>
  timingParts.map(({ name }) => `${name} ${partText(timing[name])}`).join(', ');

/** One line for each way that edits went live in, where there are at least two to tell of. */
function mediansOf(edits: readonly EditRun[]): Line[] {
  const groups = Map.groupBy(
    edits.filter(({ edit, result, timing }) => edit > 0 && result === 'live' && timing),
    ({ way }) => way,
  );
  return [...groups].flatMap(([way, runs]) => {
    if (runs.length < 2) return [];
    const timings = runs.flatMap(({ timing }) => (timing ? [timing] : []));
    const median = (name: keyof EditTiming) => medianOf(timings.map((timing) => timing[name]));
    const parts = { watch: median('watch'), build: median('build'), deploy: median('deploy'), ready: median('ready') };
    const timing = { ...parts, total: median('total') };
    const word = way === 'helm' ? 'helm only' : (way ?? 'live');
    const outline = { glyph: '~', word, note: '', timing };
    return [
      {
        key: `median ${way}`,
        edit: 'median',
        time: '',
        outline,
        about: () => `of ${runs.length} edits`,
        longest: 0,
        way,
      },
    ];
  });
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
