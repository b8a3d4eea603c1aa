import { Box } from 'ink';
import { memo, useContext, useSyncExternalStore } from 'react';
import { span } from '../../lib/spans.ts';
import type { Command, Keymap } from '../../model/keymap/keymap.ts';
import { Row, Rows } from '../components/row.tsx';
import { ScreenContext, useFeed, usePage, useSession } from '../hooks.ts';
import { shownKey } from '../shown-key.ts';
import { placeOf } from './log-place.ts';
import { LogTitle } from './log-title.tsx';
import type { LogView } from './log-view.ts';
import { logWindow } from './log-window.ts';

interface Props {
  readonly view: LogView;
  /** All services, in the order that gives them their colours. */
  readonly names: readonly string[];
  /** The service that the view's scope `selected` means. */
  readonly selected: string | undefined;
  /** Rows below the title. */
  readonly height: number;
}

/**
 * The log lines that the user looks at, below a title; only the rows that show are made, and not when only something
 * else on the screen has changed.
 */
export const LogPanel = memo(function LogPanel({ view, names, selected, height }: Props) {
  const { columns } = useContext(ScreenContext);
  const { keymap, logIndex } = useSession();
  usePage(height);
  useFeed((snapshot) => snapshot.logVersion);
  useSyncExternalStore(logIndex.subscribe, logIndex.version);

  const place = placeOf(view, { logs: logIndex, selected, names, columns, height });
  const { rows, below } = logWindow(place);
  return (
    <>
      <LogTitle view={view} selected={selected} shown={place.shown} below={below} />
      <Box flexDirection="column" height={height} overflowY="hidden">
        {rows.length === 0 ? (
          <Row spans={[span(`  ${emptyText(view, selected, place.shown.searching, keymap())}`, { dim: true })]} />
        ) : (
          <Rows rows={rows} />
        )}
      </Box>
    </>
  );
});

function emptyText(view: LogView, selected: string | undefined, searching: boolean, keymap: Keymap): string {
  const hint = (command: Command, does: string) => {
    const key = shownKey(keymap, command);
    return key === undefined ? '' : ` ${key} ${does}.`;
  };
  if (searching) return 'Searching.';
  if (view.filter.startsWith('!'))
    return `No line is without "${view.filter.slice(1)}".${hint('back', 'clears the filter')}`;
  if (view.filter !== '') return `No line contains "${view.filter}".${hint('back', 'clears the filter')}`;
  if (view.levels === 'warnings') return `No warnings and no errors.${hint('toggleLevels', 'shows all levels')}`;
  if (view.since) return `No line in the last ${view.since.minutes} min.${hint('since', 'goes further back')}`;
  return view.scope === 'selected' && selected ? `${selected} has not written anything yet.` : 'No log lines yet.';
}
