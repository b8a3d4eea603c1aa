import { type ServiceRow, serviceRows } from '../state/service-row.ts';
import type { LoopState } from '../state/state.ts';
import { unreadProblems } from '../state/unread-problems.ts';
import { byAttention, type Ranks } from './by-attention.ts';
import type { Feed } from './feed.ts';
import type { ViewState, ViewStore } from './view-state.ts';

/** The services in the order of the screen, and which of them have a problem that the user has not looked at. */
export interface ServiceOrder {
  readonly rows: readonly ServiceRow[];
  readonly unread: ReadonlySet<string>;
}

/** Makes out the order once for each state and view: keys and screens then have the same. */
export function createServiceOrder(feed: Feed, view: ViewStore): () => ServiceOrder {
  let ranks: Ranks = new Map();
  let last: { readonly state: LoopState; readonly view: ViewState; readonly order: ServiceOrder } | undefined;
  return () => {
    const { state } = feed.get();
    const current = view.get();
    if (last?.state === state && last.view === current) return last.order;
    const unread = unreadProblems(state, current.seen);
    const own = serviceRows(state);
    const sorted = byAttention(own, unread, ranks);
    ranks = sorted.ranks;
    last = { state, view: current, order: { rows: current.byAttention ? sorted.rows : own, unread } };
    return last.order;
  };
}
