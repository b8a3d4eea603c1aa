import { useLayoutEffect } from 'react';
import { useFeed } from '../hooks.ts';
import type { MouseReports } from './mouse-reports.ts';

/** Takes the mouse from the terminal while the configuration asks for it; however devloop ends, it is given back. */
export function Mouse({ reports }: { readonly reports: MouseReports }) {
  const isWanted = useFeed(({ state }) => state.project?.ui.mouse ?? false);
  useLayoutEffect(() => {
    if (isWanted) reports.start();
    return () => reports.stop();
  }, [isWanted, reports]);
  return null;
}
