import { initialLogView, type LogView, logBack } from './logs/log-view.ts';

/** What the user has chosen to look at; the loop's own state is elsewhere. */
export interface ViewState {
  /** The service that the user selected; not set until then. */
  readonly selected?: string;
  readonly logs: LogView;
  readonly help: boolean;
}

export const initialView: ViewState = { logs: initialLogView, help: false };

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

/** One step back towards the plain screen: the innermost thing that is open closes. */
export function goBack(view: ViewState): ViewState {
  if (view.help) return { ...view, help: false };
  const logs = logBack(view.logs);
  if (logs) return { ...view, logs };
  return view.logs.scope === 'selected' ? { ...view, logs: { ...view.logs, scope: 'all' } } : view;
}

/** The selected service; until the user selects one, the first that has failed, else the first. */
export function selectedName(
  view: ViewState,
  rows: readonly { readonly name: string; readonly phase: string }[],
): string | undefined {
  const chosen = rows.find(({ name }) => name === view.selected);
  return (chosen ?? rows.find(({ phase }) => phase === 'failed') ?? rows[0])?.name;
}
