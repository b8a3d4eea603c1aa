import { Box } from 'ink';
import { useContext } from 'react';
import { fitSpans, span } from '../../lib/spans.ts';
import { ScreenContext, useFeed, usePage, useSession, useView } from '../hooks.ts';
import { visibleRange } from '../layout.ts';
import { Clickable } from '../mouse/clickable.tsx';
import { tabRows } from '../tab-rows.ts';
import { Rows } from './row.tsx';

/** The rows of the tab that shows, around the selected one. */
export function TabPanel({ height }: { readonly height: number }) {
  const { columns } = useContext(ScreenContext);
  usePage(height);
  const { view: viewStore } = useSession();
  const snapshot = useFeed((current) => current);
  const { tab, selected, row } = useView((view) => ({ tab: view.tab, selected: view.selected, row: view.row }));
  const rows = tabRows({ tab, ...(selected !== undefined && { selected }) }, snapshot, columns - 2);
  const at = Math.min(row, rows.length - 1);
  const { from, to } = visibleRange(rows.length, at, height);
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      <Clickable onClick={(_, clicked) => viewStore.set((current) => ({ ...current, row: from + clicked }))}>
        <Rows
          rows={rows
            .slice(from, to)
            .map(({ spans }, index) => [
              span(from + index === at ? '› ' : '  ', { color: 'cyan' }),
              ...fitSpans(spans, columns - 2),
            ])}
        />
      </Clickable>
    </Box>
  );
}
