import { parseFilter } from './log-filter.ts';
import type { LogIndex, ShownLogs } from './log-index.ts';
import { type LogLook, rowsIn } from './log-rows.ts';
import type { LogView } from './log-view.ts';
import type { WindowPlace } from './log-window.ts';
import { originLabels } from './origin-label.ts';

/** The window that the logs show in. */
export interface LogFrame {
  readonly logs: LogIndex;
  /** The service that the scope `selected` means. */
  readonly selected: string | undefined;
  /** All services, in the order that gives them their colours. */
  readonly names: readonly string[];
  /** Of the terminal. */
  readonly columns: number;
  /** Rows of the lines, without the title. */
  readonly height: number;
}

/** What shows of the logs, how it looks, and where the window is in it. */
export interface LogPlace extends WindowPlace {
  readonly shown: ShownLogs;
  readonly look: LogLook;
}

/** @param whole search all lines now, not a slice of them */
export function placeOf(view: LogView, { logs, selected, names, columns, height }: LogFrame, whole = false): LogPlace {
  const shown = logs.show(view, selected, whole);
  const look: LogLook = {
    timestamps: view.timestamps,
    raw: view.raw,
    wrap: view.wrap,
    labels: originLabels(shown.streams, view.scope === 'selected' && selected ? undefined : names),
    names,
    filter: parseFilter(view.filter),
    match: view.match,
    columns,
  };
  return { shown, look, lines: shown.lines, bottom: view.bottom, height, rowsOf: rowsIn(look) };
}
