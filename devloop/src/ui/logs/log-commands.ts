import type { LogCommand } from '../../model/keymap/log-keys.ts';
import { type LogFrame, placeOf } from './log-place.ts';
import { filteredBy, frozenAt, type LogBottom, type LogPosition, type LogView } from './log-view.ts';
import { keptTogether, revealed, scrolled } from './log-window.ts';
import { comparePositions, type MergedLines } from './merged-lines.ts';
import { nextContainer, nextPod } from './narrow-scope.ts';

/** What a command needs to know besides the view. */
export interface LogContext extends LogFrame {
  /** `seq` of the newest line, 0 before the first. */
  readonly newest: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The view after a command. It is the same object when the command changes nothing. */
export function applyLogCommand(view: LogView, command: LogCommand, context: LogContext): LogView {
  const page = Math.max(1, context.height - 1);
  switch (command) {
    case 'filter':
      return { ...view, typing: true };
    case 'nextMatch':
      return goToMatch(view, 1, context);
    case 'previousMatch':
      return goToMatch(view, -1, context);
    case 'toggleMode':
      return { ...view, mode: view.mode === 'matches' ? 'all' : 'matches' };
    case 'toggleLevels':
      return { ...view, levels: view.levels === 'all' ? 'warnings' : 'all' };
    case 'toggleRaw':
      return { ...view, raw: !view.raw };
    case 'follow':
      return frozenAt(view, view.bottom === undefined ? newestBottom(view, context) : undefined);
    case 'wrap':
      return { ...view, wrap: !view.wrap };
    case 'timestamps':
      return { ...view, timestamps: after(['off', 'time', 'relative'], view.timestamps) };
    case 'since':
      return sinceNext(view, context.now);
    case 'marker':
      return marked(view, context);
    case 'clear':
      return frozenAt({ ...view, cleared: { after: context.newest, at: context.now } }, undefined);
    case 'unclear':
      return uncleared(view);
    case 'nextPod':
      return nextPod(view, context);
    case 'nextContainer':
      return nextContainer(view, context);
    case 'lineUp':
      return frozenAt(view, scrolled(placeOf(view, context), -1));
    case 'lineDown':
      return frozenAt(view, scrolled(placeOf(view, context), 1));
    case 'pageUp':
      return pageBy(view, -page, context);
    case 'pageDown':
      return pageBy(view, page, context);
    case 'oldest':
      return frozenAt(view, scrolled(placeOf(view, context, true), Number.NEGATIVE_INFINITY));
    case 'newest':
      return frozenAt(view, undefined);
    default:
      return command satisfies never;
  }
}

/** A key while the filter is typed: Enter keeps the filter, Esc clears it. */
export function typeIntoFilter(view: LogView, key: string): LogView {
  switch (key) {
    case 'enter':
      return { ...view, typing: false };
    case 'esc':
      return filteredBy(view, '', false);
    case 'backspace':
      return filteredBy(view, [...view.filter].slice(0, -1).join(''), true);
    case 'ctrl+u':
      return filteredBy(view, '', true);
    case 'ctrl+w':
      return filteredBy(view, view.filter.replace(/\S+\s*$/, ''), true);
    case 'space':
      return filteredBy(view, `${view.filter} `, true);
    default:
      return [...key].length === 1 ? filteredBy(view, view.filter + key, true) : view;
  }
}

/** Pasted text goes into the filter while that is typed, as one line; else nowhere. */
export const pasteIntoFilter = (view: LogView, text: string): LogView =>
  view.typing ? filteredBy(view, view.filter + text.replaceAll(/\s*[\r\n]+\s*/g, ' '), true) : view;

/** Frozen at the newest line; what still comes of its stack trace shows. */
function newestBottom(view: LogView, context: LogContext): LogBottom {
  const last = placeOf(view, context).lines.upTo(undefined, 1)[0];
  return { group: last?.group ?? context.newest, seq: Number.POSITIVE_INFINITY };
}

function pageBy(view: LogView, rows: number, context: LogContext): LogView {
  const place = placeOf(view, context);
  const bottom = keptTogether(place, scrolled(place, rows));
  const atEnd = bottom && !bottom.cut && place.lines.countAfter(bottom) === 0;
  return frozenAt(view, atEnd ? undefined : bottom);
}

/** The match after or before the current one, round the ends; without a current one the newest that may be in view. */
function goToMatch(view: LogView, direction: 1 | -1, context: LogContext): LogView {
  // What was searched so far mostly has it: only to go round the end takes a search of all lines.
  const target = nearestMatch(hitsOf(view, context), view, direction) ?? endMatch(view, direction, context);
  if (!target) return view;
  const match = { group: target.group, seq: target.seq };
  return { ...frozenAt(view, revealed(placeOf(view, context), match)), match };
}

function nearestMatch(hits: MergedLines, { match, bottom }: LogView, direction: 1 | -1): LogPosition | undefined {
  if (!match) return hits.upTo(bottom, 1)[0];
  if (direction === 1) return hits.after(match, 1)[0];
  return hits.upTo(match, 2).find((one) => comparePositions(one, match) < 0);
}

function endMatch(view: LogView, direction: 1 | -1, context: LogContext): LogPosition | undefined {
  const hits = hitsOf(view, context, true);
  const inOrder = nearestMatch(hits, view, direction);
  if (inOrder) return inOrder;
  return view.match && direction === -1 ? hits.upTo(undefined, 1)[0] : hits.after(undefined, 1)[0];
}

const hitsOf = (view: LogView, { logs, selected }: LogContext, whole = false): MergedLines =>
  logs.show(view, selected, whole).hits;

const minutes = [1, 5, 15, 60];

function sinceNext(view: LogView, now: number): LogView {
  const { since, ...rest } = view;
  const next = minutes[since ? minutes.indexOf(since.minutes) + 1 : 0];
  return next === undefined ? rest : { ...rest, since: { minutes: next, from: now - next * 60_000 } };
}

/** A second marker without a line between takes the place of the first. */
function marked(view: LogView, { newest, now }: LogContext): LogView {
  const others = view.markers.filter((marker) => marker.after !== newest);
  return { ...view, markers: [...others, { after: newest, at: now }] };
}

function uncleared(view: LogView): LogView {
  const { cleared: _, ...rest } = view;
  return view.cleared ? rest : view;
}

const after = <T>(values: readonly T[], value: T): T => values[(values.indexOf(value) + 1) % values.length] ?? value;
