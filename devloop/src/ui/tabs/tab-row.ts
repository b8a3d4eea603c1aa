import type { Span } from '../../lib/spans.ts';
import type { LoopState } from '../../state/state.ts';

/** One terminal row of a tab of the service view. */
export interface TabRow {
  /** Never wider than the columns that were asked for. */
  readonly spans: readonly Span[];
  /** What the copy key takes: the whole text, unstyled and uncut. Not set where there is nothing to take. */
  readonly copy?: string;
  /** Names what the row is about, the same in each making; not set for headings and blanks. */
  readonly key?: string;
}

export interface TabContext {
  readonly state: LoopState;
  /** The name of the service. */
  readonly service: string;
  /** Epoch milliseconds, for the ages of what runs. */
  readonly now: number;
  /** The width of the terminal. */
  readonly columns: number;
}

/** All rows of a tab, from the top; pure. An empty one says why, and what will fill it. */
export type TabRows = (context: TabContext) => readonly TabRow[];
