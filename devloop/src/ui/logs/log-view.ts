/**
 * A place in the merged logs. Lines are in the order of their groups (a group is a line with its stack trace), and by
 * `seq` within one, so that a trace stays together whatever came in between.
 */
export interface LogPosition {
  /** `seq` of the group's first line. */
  readonly group: number;
  readonly seq: number;
}

/** The last row that shows while the logs are frozen. */
export interface LogBottom extends LogPosition {
  /** Rows of that line that are hidden below, where it takes several; 0 when not set. */
  readonly cut?: number;
}

export interface LogMarker {
  /** `seq` of the newest line when it was set. */
  readonly after: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What the user has chosen to look at in the logs. */
export interface LogView {
  /** The selected service's lines or all. It is the screen's to choose: no log command changes `selected` to `all`. */
  readonly scope: 'all' | 'selected';
  /** One pod or container of the service; it narrows the scope `selected` while that service is selected. */
  readonly narrowed?: { readonly service: string; readonly pod?: string; readonly container?: string };
  /** As it was typed, see `parseFilter`; empty for none. */
  readonly filter: string;
  /** The filter is being typed: keys are text. */
  readonly typing: boolean;
  /** With a filter: only the lines that match, or all with the matches set off. */
  readonly mode: 'matches' | 'all';
  /** `warnings` leaves out what is not at least a warning. */
  readonly levels: 'all' | 'warnings';
  /** JSON lines as they came. */
  readonly raw: boolean;
  readonly wrap: boolean;
  /** `relative`: how long after the line above. */
  readonly timestamps: 'off' | 'time' | 'relative';
  /** Only lines from the time `from` (epoch milliseconds) on, which was so many minutes ago when it was chosen. */
  readonly since?: { readonly minutes: number; readonly from: number };
  /** Lines up to this `seq` were cleared away, at this time (epoch milliseconds). */
  readonly cleared?: { readonly after: number; readonly at: number };
  readonly markers: readonly LogMarker[];
  /** Not set while the logs follow. */
  readonly bottom?: LogBottom;
  /** The match that `n` and `N` have gone to. */
  readonly match?: LogPosition;
}

export const initialLogView: LogView = {
  scope: 'all',
  filter: '',
  typing: false,
  mode: 'matches',
  levels: 'all',
  raw: false,
  wrap: false,
  timestamps: 'off',
  markers: [],
};

/** One step back towards the plain logs: the filter closes, then the pod; undefined when nothing is left to close. */
export function logBack(view: LogView): LogView | undefined {
  if (view.typing || view.filter !== '') return filteredBy(view, '', false);
  if (view.narrowed === undefined) return undefined;
  const { narrowed: _, ...rest } = view;
  return rest;
}

/** The view with another filter; the match that was gone to was the old one's. */
export function filteredBy(view: LogView, filter: string, typing: boolean): LogView {
  const { match: _, ...rest } = view;
  return { ...rest, filter, typing };
}

/** @param bottom where to freeze; undefined to follow */
export function frozenAt(view: LogView, bottom: LogBottom | undefined): LogView {
  const { bottom: _, ...following } = view;
  return bottom === undefined ? following : { ...following, bottom };
}
