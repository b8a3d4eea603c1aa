import { spansWidth } from '../../../src/lib/spans.ts';
import type { LoopEvent } from '../../../src/model/events.ts';
import type { LoopState } from '../../../src/state/state.ts';
import { createStore } from '../../../src/state/store.ts';
import type { TabRow, TabRows } from '../../../src/ui/tabs/tab-row.ts';
import { startTime } from '../../support/sample.ts';
import type { Timed } from '../../support/screen.ts';

export function stateAt(events: readonly Timed[]): LoopState {
  let time = startTime;
  const store = createStore(() => time);
  for (const [at, event] of events) {
    time = startTime + at;
    store.dispatch(event);
  }
  return store.getState();
}

export const atOnce = (events: readonly LoopEvent[], at = 0): Timed[] => events.map((event) => [at, event]);

/** The tab's rows as a user sees them, without trailing blanks. A row that is too wide fails the test. */
export function showTab(rows: TabRows, state: LoopState, columns: number, after = 60_000, service = 'backend'): string {
  return textOf(rows({ state, service, now: startTime + after, columns }), columns);
}

export function textOf(rows: readonly TabRow[], columns: number): string {
  const tooWide = rows.filter(({ spans }) => spansWidth(spans) > columns);
  if (tooWide.length > 0) throw new Error(`wider than ${columns}: ${tooWide.map(({ copy }) => copy).join(' | ')}`);
  return rows
    .map(({ spans }) =>
      spans
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    )
    .join('\n');
}
