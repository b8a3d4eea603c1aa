import { lowerBound } from '../../lib/lower-bound.ts';
import { wallTime } from '../../lib/time-text.ts';
import type { Clock } from '../../model/clock.ts';
import type { LogStore } from '../../state/log-store.ts';
import type { LogStream } from '../../state/log-stream.ts';
import { needsReadable, parseFilter } from './log-filter.ts';
import type { LogView } from './log-view.ts';
import { type Lane, type LogEntry, MergedLines } from './merged-lines.ts';
import { type LogCriteria, StreamMatches } from './stream-matches.ts';

/** What a view shows of the logs, as they are now; it holds until a line is appended. */
export interface ShownLogs {
  readonly lines: MergedLines;
  /** The lines that match the filter; none without one. */
  readonly hits: MergedLines;
  /** Where the lines come from. */
  readonly streams: readonly LogStream[];
  /** Older lines are still being searched. */
  readonly searching: boolean;
}

export interface LogIndex {
  /** @param selected the service that the scope `selected` means @param whole search all lines now, not a slice */
  readonly show: (view: LogView, selected: string | undefined, whole?: boolean) => ShownLogs;
  /** Called while a search goes on, whenever `show` would tell more. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Changes when the listeners were called. */
  readonly version: () => number;
}

/** Lines that are searched at once, of usual ones: some 10 ms, as a key may have to wait for it. */
const sliceCost = 5000;
/** Milliseconds between two frames that tell how far a search has come. */
const tellEvery = 100;
/** Lines, of all services, that are searched before any older one is: the newest are seen first. */
const windowSize = 1000;

/** The index over the logs that makes a frame's cost one of its rows, whatever the number of lines. */
export function createLogIndex(store: LogStore, clock: Clock): LogIndex {
  const listeners = new Set<() => void>();
  let known = '';
  let criteria: LogCriteria | undefined;
  let matches = new Map<LogStream, StreamMatches>();
  let streams: readonly LogStream[] = [];
  let version = 0;
  let searched: readonly StreamMatches[] = [];
  let waiting = false;
  let toldAt = 0;

  const waitForMore = () => {
    if (!waiting) clock.after(1, searchOn);
    waiting = true;
  };

  const searchOn = () => {
    waiting = false;
    const isStale = searched.some((one) => one.isStale);
    if (!isStale) for (const one of searched) one.catchUp();
    if (!isStale && searchBack(searched, sliceCost) && clock.now() - toldAt < tellEvery) return waitForMore();
    toldAt = clock.now();
    version += 1;
    for (const listener of listeners) listener();
  };

  const matchesOf = (stream: LogStream, wanted: LogCriteria): StreamMatches => {
    let found = matches.get(stream);
    if (!found || found.isStale) {
      found = new StreamMatches(stream, wanted);
      matches.set(stream, found);
    }
    found.catchUp();
    return found;
  };

  const choose = ({ filter, mode, levels, raw }: LogView) => {
    const key = JSON.stringify([filter, mode, levels, raw]);
    if (key !== known) {
      known = key;
      matches = new Map();
      criteria = criteriaOf(filter, mode, levels, raw);
    }
    if (streams === store.streams()) return;
    streams = store.streams();
    const live = new Set(streams);
    for (const stream of matches.keys()) if (!live.has(stream)) matches.delete(stream);
  };

  const show: LogIndex['show'] = (view, selected, whole = false) => {
    choose(view);
    const chosen = streams.filter(inScope(view, selected));
    const wanted = criteria;
    const found = wanted ? chosen.map((stream) => ({ stream, matches: matchesOf(stream, wanted) })) : [];
    searched = found.map((one) => one.matches);
    const searching = searchBack(searched, whole ? Number.POSITIVE_INFINITY : sliceCost);
    if (searching) waitForMore();
    const onlySome = wanted !== undefined && (wanted.warnings || !wanted.all);
    const lanes = onlySome
      ? found.map(({ stream, matches: { shown } }) => laneOf(stream, view, shown))
      : chosen.map((stream) => laneOf(stream, view));
    // Of the whole service, also where one pod shows: of which pod they were is not kept.
    const dropped = store.dropped(view.scope === 'selected' ? selected : undefined);
    const hits = wanted?.filter ? found.map((one) => laneOf(one.stream, view, one.matches.hits)) : [];
    return {
      lines: new MergedLines([...lanes, markerLane(view), noteLane(view, dropped)]),
      hits: new MergedLines(hits),
      streams: chosen,
      searching,
    };
  };

  return {
    show,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: () => version,
  };
}

/** Undefined when every line shows and none is searched for. */
function criteriaOf(typed: string, mode: LogView['mode'], levels: LogView['levels'], raw: boolean) {
  const filter = parseFilter(typed);
  if (!filter && levels === 'all') return undefined;
  const readable = !raw && needsReadable(typed);
  return { filter, all: mode === 'all' || !filter, warnings: levels === 'warnings', readable };
}

/** Searches older lines, window by window over all streams. @returns whether some are left */
function searchBack(matches: readonly StreamMatches[], most: number): boolean {
  for (let cost = 0; ; ) {
    const frontiers = matches.flatMap(({ frontier }) => frontier ?? []);
    if (frontiers.length === 0) return false;
    if (cost >= most) return true;
    const downTo = frontiers.reduce((a, b) => Math.max(a, b)) - windowSize;
    for (const one of matches) cost += one.searchBack(downTo);
  }
}

const inScope =
  ({ scope, narrowed }: LogView, selected: string | undefined) =>
  ({ origin }: LogStream): boolean => {
    if (scope === 'all' || selected === undefined) return true;
    if (origin.service !== selected) return false;
    if (narrowed?.service !== selected) return true;
    const { pod = origin.pod, container = origin.container } = narrowed;
    return origin.pod === pod && origin.container === container;
  };

/** The lines of a stream that the view leaves: all, or the found ones, without what was cleared or is too old. */
function laneOf(
  stream: LogStream,
  { cleared, since }: LogView,
  found?: { length: number; at(i: number): number },
): Lane {
  const { first, end } = stream;
  const count = found?.length ?? end - first;
  const ordinalOf = (index: number) => found?.at(index) ?? first + index;
  const isHidden = (index: number) => {
    const ordinal = ordinalOf(index);
    if (cleared && stream.groupAt(ordinal) <= cleared.after) return true;
    return since !== undefined && stream.timeAt(ordinal) < since.from;
  };
  const from = cleared || since ? lowerBound(0, count, isHidden) : 0;
  const groupAt = (index: number) => stream.groupAt(ordinalOf(index + from));
  const seqAt = (index: number) => stream.seqAt(ordinalOf(index + from));
  return {
    length: count - from,
    groupAt,
    seqAt,
    entryAt: (index) => ({
      kind: 'line',
      stream,
      ordinal: ordinalOf(index + from),
      group: groupAt(index),
      seq: seqAt(index),
    }),
  };
}

function listLane(entries: readonly LogEntry[]): Lane {
  return {
    length: entries.length,
    groupAt: (index) => entries[index]?.group ?? 0,
    seqAt: (index) => entries[index]?.seq ?? 0,
    entryAt: (index) => entries[index] as LogEntry,
  };
}

/** A marker comes after the groups that had begun when it was set, with all that belongs to them. */
const markerLane = ({ markers, cleared }: LogView): Lane =>
  listLane(
    markers
      .filter(({ after }) => after >= (cleared?.after ?? 0))
      .map(({ after, at }) => ({ kind: 'marker', at, group: after, seq: Number.POSITIVE_INFINITY })),
  );

function noteLane({ cleared }: LogView, dropped: number): Lane {
  const text = cleared
    ? `cleared at ${wallTime(cleared.at)}, B brings all back`
    : `${dropped.toLocaleString('en')} older ${dropped === 1 ? 'line' : 'lines'} dropped to keep memory small`;
  return listLane(cleared || dropped > 0 ? [{ kind: 'note', text, group: 0, seq: 0 }] : []);
}
