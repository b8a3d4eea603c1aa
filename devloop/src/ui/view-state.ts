/** What the user has chosen to look at; the loop's own state is elsewhere. */
export interface ViewState {
  /** The service that the user selected; not set until then. */
  readonly selected?: string;
  /** Whose log lines show. */
  readonly scope: 'all' | 'selected';
  /** Only lines that contain it show, in any case; empty for no filter. */
  readonly filter: string;
  /** The filter is being typed: keys are text. */
  readonly typing: boolean;
  readonly timestamps: boolean;
  readonly wrap: boolean;
  /** `seq` of the line at the bottom while the logs are frozen; not set while they follow. */
  readonly bottom?: number;
  readonly help: boolean;
}

export const initialView: ViewState = {
  scope: 'all',
  filter: '',
  typing: false,
  timestamps: false,
  wrap: false,
  help: false,
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

/** One step back towards the plain screen: the innermost thing that is open closes. */
export function goBack(view: ViewState): ViewState {
  if (view.help) return { ...view, help: false };
  if (view.typing || view.filter !== '') return { ...view, typing: false, filter: '' };
  return view.scope === 'selected' ? { ...view, scope: 'all' } : view;
}

/** @param bottom the line to freeze at; undefined to follow */
export function frozenAt(view: ViewState, bottom: number | undefined): ViewState {
  const { bottom: _, ...following } = view;
  return bottom === undefined ? following : { ...following, bottom };
}

/** The selected service; until the user selects one, the first that has failed, else the first. */
export function selectedName(
  view: ViewState,
  rows: readonly { readonly name: string; readonly phase: string }[],
): string | undefined {
  const chosen = rows.find(({ name }) => name === view.selected);
  return (chosen ?? rows.find(({ phase }) => phase === 'failed') ?? rows[0])?.name;
}
