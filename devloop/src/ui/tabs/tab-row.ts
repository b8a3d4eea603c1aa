import type { Span } from '../../lib/spans.ts';
import type { LoopState } from '../../state/state.ts';
export interface TabRow {
  readonly spans: readonly Span[];
  readonly copy?: string;
}
export type TabRows = (context: {
  readonly state: LoopState;
  readonly service: string;
  readonly now: number;
  readonly columns: number;
}) => readonly TabRow[];
