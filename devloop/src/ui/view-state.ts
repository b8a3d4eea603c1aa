import { initialLogView, type LogView, logBack } from './logs/log-view.ts';
import type { Overlay } from './overlays/overlay.ts';
import { type TabName as ListTab, tabs } from './tabs/tabs.ts';

export type TabName = 'logs' | ListTab;
/** The tabs of the service view, in their order. */
export const tabNames: readonly TabName[] = ['logs', ...tabs.map(({ name }) => name)];

/** What the user has chosen to look at; the loop's own state is elsewhere. */
export interface ViewState {
  /** The service that the user selected; not set until then. */
  readonly selected?: string;
  readonly screen: 'overview' | 'service';
  readonly tab: TabName;
  /** The row that is selected in the tab that shows. */
  readonly row: number;
  readonly logs: LogView;
  /** The logs have the whole overview. */
  readonly zoomed: boolean;
  readonly byAttention: boolean;
  /** When the user last looked at a service, epoch milliseconds. */
  readonly seen: ReadonlyMap<string, number>;
  /** What lies over the screen and takes the keys. */
  readonly overlay?: Overlay;
}

export const initialView: ViewState = {
  screen: 'overview',
  tab: 'logs',
  row: 0,
  logs: initialLogView,
  zoomed: false,
  byAttention: false,
  seen: new Map(),
};

export interface ViewStore {
  readonly get: () => ViewState;
  readonly set: (change: (view: ViewState) => ViewState) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createViewStore(): ViewStore {
  const listeners = new Set<() => void>();
  let view = initialView;
  return {
    get: () => view,
    set: (change) => {
      const next = change(view);
      if (next === view) return;
      view = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function withoutOverlay({ overlay: _, ...view }: ViewState): ViewState {
  return view;
}

/** One step back towards the plain overview: the innermost thing that is open closes. */
export function goBack(view: ViewState): ViewState {
  if (view.overlay) return withoutOverlay(view);
  const logs = showsLogs(view) ? logBack(view.logs) : undefined;
  if (logs) return { ...view, logs };
  if (view.screen === 'service') return onScreen(view, 'overview');
  return view.zoomed ? { ...view, zoomed: false } : view;
}

export const showsLogs = ({ screen, tab }: ViewState): boolean => screen === 'overview' || tab === 'logs';

/** The view on another screen: the service view has the logs of its service only. */
export const onScreen = (view: ViewState, screen: ViewState['screen']): ViewState => ({
  ...view,
  screen,
  logs: { ...view.logs, scope: screen === 'service' ? 'selected' : 'all' },
});

/** The selected service; until the user selects one, the first that has failed, else the first. */
export function selectedName(
  view: Pick<ViewState, 'selected'>,
  rows: readonly { readonly name: string; readonly phase: string }[],
): string | undefined {
  const chosen = rows.find(({ name }) => name === view.selected);
  return (chosen ?? rows.find(({ phase }) => phase === 'failed') ?? rows[0])?.name;
}
