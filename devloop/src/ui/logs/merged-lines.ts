import { lowerBound } from '../../lib/lower-bound.ts';
import type { LogStream } from '../../state/log-stream.ts';
import type { LogPosition } from './log-view.ts';

/** One thing in the logs: a kept line, a marker of the user's, or a note about lines that do not show. */
export type LogEntry = LogPosition &
  (
    | { readonly kind: 'line'; readonly stream: LogStream; readonly ordinal: number }
    | { readonly kind: 'marker'; readonly at: number }
    | { readonly kind: 'note'; readonly text: string }
  );

/** Entries in the order of their positions, by index. */
export interface Lane {
  readonly length: number;
  readonly groupAt: (index: number) => number;
  readonly seqAt: (index: number) => number;
  readonly entryAt: (index: number) => LogEntry;
}

/** Several lanes as one, merged where it is looked at; nothing is copied. */
export class MergedLines {
  readonly length: number;
  readonly #lanes: readonly Lane[];

  constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes.filter(({ length }) => length > 0);
    this.length = this.#lanes.reduce((sum, { length }) => sum + length, 0);
  }

  /** The newest `count` entries that are not after the position (or of all, when it is undefined), oldest first. */
  upTo(position: LogPosition | undefined, count: number): LogEntry[] {
    return this.#take(
      this.#lanes.map((lane) => (position ? indexAfter(lane, position) : lane.length) - 1),
      count,
      -1,
    ).reverse();
  }

  /** The oldest `count` entries after the position (or of all, when it is undefined), oldest first. */
  after(position: LogPosition | undefined, count: number): LogEntry[] {
    return this.#take(
      this.#lanes.map((lane) => (position ? indexAfter(lane, position) : 0)),
      count,
      1,
    );
  }

  countAfter(position: LogPosition): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.length - indexAfter(lane, position), 0);
  }

  /** @param cursors the next index of each lane; they are moved */
  #take(cursors: number[], count: number, step: 1 | -1): LogEntry[] {
    const keyOf = (lane: Lane, index: number) =>
      index >= 0 && index < lane.length ? { group: lane.groupAt(index), seq: lane.seqAt(index) } : undefined;
    const keys = this.#lanes.map((lane, number) => keyOf(lane, cursors[number] ?? 0));
    const out: LogEntry[] = [];
    while (out.length < count) {
      let best = -1;
      for (let number = 0; number < keys.length; number += 1) {
        const [key, leader] = [keys[number], keys[best]];
        if (key && (!leader || comparePositions(key, leader) * step < 0)) best = number;
      }
      const lane = this.#lanes[best];
      if (!lane) break;
      const cursor = cursors[best] ?? 0;
      out.push(lane.entryAt(cursor));
      cursors[best] = cursor + step;
      keys[best] = keyOf(lane, cursor + step);
    }
    return out;
  }
}

/** Below 0 when `a` is before `b`, 0 when they are the same place. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  if (a.group !== b.group) return a.group - b.group;
  // Not by their difference: that of two infinite ones is no number.
  return a.seq === b.seq ? 0 : a.seq < b.seq ? -1 : 1;
}

const indexAfter = (lane: Lane, { group, seq }: LogPosition): number =>
  lowerBound(0, lane.length, (index) => {
    const own = lane.groupAt(index);
    return own < group || (own === group && lane.seqAt(index) <= seq);
  });
