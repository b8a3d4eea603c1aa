import { jsonLineText, parseJsonLine } from '../../lib/logs/json-line.ts';
import { TwoEndedList } from '../../lib/two-ended-list.ts';
import type { LogStream } from '../../state/log-stream.ts';
import { levelOfGroup } from './group-level.ts';
import { contains, type LogFilter } from './log-filter.ts';

/** Which lines are looked for. */
export interface LogCriteria {
  readonly filter: LogFilter | undefined;
  /** Lines that do not match show too. */
  readonly all: boolean;
  readonly warnings: boolean;
  /** JSON lines are searched as they are shown, too. */
  readonly readable: boolean;
}

/** More lines than this are not searched at once after a pause: the search begins anew, at the newest. */
const mostAtOnce = 20_000;
/** What it costs to parse a JSON line, and to find a line's level, in lines that are only searched. */
const parseCost = 10;
const levelCost = 2;

/**
 * The lines of one stream that are wanted, kept up to date as lines come and are dropped. Those that were there before
 * are searched backwards, in as many steps as the caller likes. A group is wanted or not as a whole.
 */
export class StreamMatches {
  /** Ordinals of the lines that show. */
  readonly shown = new TwoEndedList();
  /** Ordinals of the lines that contain what is looked for; for an inverse filter, of the groups that do not. */
  readonly hits = new TwoEndedList();
  readonly #stream: LogStream;
  readonly #criteria: LogCriteria;
  /** All from here on was searched. */
  #from: number;
  /** Where the newest group begins: it is searched again when lines come, as they may belong to it. */
  #open: number;
  #searchedTo: number;
  /** The first ordinal of the block that was last searched as a whole. */
  #judged = -1;
  /** What the searches have cost, in lines of 200 characters. */
  #cost = 0;

  constructor(stream: LogStream, criteria: LogCriteria) {
    this.#stream = stream;
    this.#criteria = criteria;
    this.#open = this.#groupStart(stream.end - 1);
    this.#from = this.#open;
    this.#searchedTo = this.#open;
  }

  /** Whether so many lines came since it was last looked at that a new search is better. */
  get isStale(): boolean {
    return this.#stream.end - this.#searchedTo > mostAtOnce;
  }

  /** The `seq` down to which the stream was searched; undefined when all was. */
  get frontier(): number | undefined {
    return this.#from > this.#stream.first ? this.#stream.seqAt(this.#from) : undefined;
  }

  /** Searches the lines that came, and forgets those that were dropped. */
  catchUp(): void {
    const { first, end } = this.#stream;
    this.shown.dropBelow(first);
    this.hits.dropBelow(first);
    this.#from = Math.max(this.#from, first);
    this.#open = Math.max(this.#open, first);
    if (this.#searchedTo === end) return;
    this.shown.cutFrom(this.#open);
    this.hits.cutFrom(this.#open);
    for (let start = this.#open; start < end; ) {
      this.#open = start;
      start = this.#groupEnd(start);
      const { shows, hits } = this.#search(this.#open, start);
      for (let ordinal = this.#open; shows && ordinal < start; ordinal += 1) this.shown.push(ordinal);
      for (const ordinal of hits) this.hits.push(ordinal);
    }
    this.#searchedTo = end;
  }

  /** Searches the lines before, newest first, down to a `seq`. @returns what it cost, in lines */
  searchBack(downTo: number): number {
    this.#cost = 0;
    while (this.#from > this.#stream.first && this.#stream.seqAt(this.#from) > downTo) {
      if (this.#passOver()) continue;
      const end = this.#from;
      this.#from = this.#groupStart(end - 1);
      const { shows, hits } = this.#search(this.#from, end);
      for (let ordinal = end - 1; shows && ordinal >= this.#from; ordinal -= 1) this.shown.unshift(ordinal);
      for (const ordinal of hits.toReversed()) this.hits.unshift(ordinal);
    }
    return this.#cost;
  }

  /** Passes over the groups of a whole block that does not contain the text: line by line that takes many times as long. */
  #passOver(): boolean {
    const { filter, all, readable } = this.#criteria;
    // Only a text that is looked for as it stands cannot be in a line without being in the block.
    if (filter?.kind !== 'text' || filter.inverse || all) return false;
    const block = this.#stream.blockAt(this.#from - 1);
    if (block.first === this.#judged) return false;
    this.#judged = block.first;
    const text = block.allText();
    this.#cost += text.length / 2000;
    if (contains(filter, text) || (readable && text.includes('{'))) return false;
    let start = block.first;
    // The group that begins in the block before is judged as a whole.
    while (start < this.#from && start > this.#stream.first && this.#stream.continuesAt(start)) start += 1;
    if (start === this.#from) return false;
    this.#from = start;
    return true;
  }

  /** Judges the group of these ordinals. */
  #search(start: number, end: number): { readonly shows: boolean; readonly hits: readonly number[] } {
    const { filter, all, warnings } = this.#criteria;
    this.#cost += end - start;
    if (warnings) this.#cost += levelCost;
    if (warnings && !isWarning(this.#stream, start)) return nothing;
    if (!filter) return everything;
    const found: number[] = [];
    for (let ordinal = start; ordinal < end; ordinal += 1) {
      if (this.#contains(filter, this.#stream.textAt(ordinal))) found.push(ordinal);
    }
    const hits = filter.inverse ? (found.length === 0 ? [start] : []) : found;
    return hits.length === 0 && !all ? nothing : { shows: true, hits };
  }

  #contains(filter: LogFilter, text: string): boolean {
    this.#cost += text.length / 200;
    if (contains(filter, text)) return true;
    if (!this.#criteria.readable || !text.startsWith('{')) return false;
    this.#cost += parseCost;
    const parsed = parseJsonLine(text);
    return parsed !== undefined && contains(filter, jsonLineText(parsed));
  }

  #groupStart(ordinal: number): number {
    const { first } = this.#stream;
    let start = Math.max(first, ordinal);
    while (start > first && this.#stream.continuesAt(start)) start -= 1;
    return start;
  }

  #groupEnd(start: number): number {
    let end = start + 1;
    while (end < this.#stream.end && this.#stream.continuesAt(end)) end += 1;
    return end;
  }
}

const nothing = { shows: false, hits: [] } as const;
const everything = { shows: true, hits: [] } as const;

function isWarning(stream: LogStream, start: number): boolean {
  const level = levelOfGroup(stream, start);
  return level === 'error' || level === 'warn';
}
