import { createContext, useContext, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import type { Snapshot } from './feed.ts';
import type { Session } from './session.ts';
import type { ViewState } from './view-state.ts';

export interface Screen {
  readonly columns: number;
  readonly color: boolean;
}

export const ScreenContext = createContext<Screen>({ columns: 80, color: false });
export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('no session: mount the dashboard with runDashboard');
  return session;
}

/** A part of the loop's snapshot; the component draws again only when that part has changed. */
export function useFeed<T>(select: (snapshot: Snapshot) => T): T {
  const { feed } = useSession();
  return useSelected(feed.subscribe, feed.get, select);
}

/** A part of what the user looks at. */
export function useView<T>(select: (view: ViewState) => T): T {
  const { view } = useSession();
  return useSelected(view.subscribe, view.get, select);
}

/** The component shows so many rows of what a page key goes through. */
export function usePage(height: number): void {
  const { setArea } = useSession();
  const { columns } = useContext(ScreenContext);
  useLayoutEffect(() => setArea(columns, height), [setArea, columns, height]);
}

function useSelected<S, T>(subscribe: (listener: () => void) => () => void, get: () => S, select: (source: S) => T): T {
  // React asks again and again; it must get the same value while nothing has changed, also from a selector that
  // builds an object.
  const last = useRef<{ readonly value: T }>(undefined);
  return useSyncExternalStore(subscribe, () => {
    const value = select(get());
    if (!last.current || !shallowEqual(last.current.value, value)) last.current = { value };
    return last.current.value;
  });
}

function shallowEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([key, value]) => right.has(key) && Object.is(value, right.get(key)));
}
