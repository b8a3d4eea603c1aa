import { Box } from 'ink';
import { useContext } from 'react';
import { span } from '../../lib/spans.ts';
import { helpRows } from '../help-rows.ts';
import { ScreenContext, usePage, useSession, useView } from '../hooks.ts';
import { Rows } from './row.tsx';

/** All keys, from the keymap, and the signs of the dashboard. */
export function Help({ height }: { readonly height: number }) {
  const { columns } = useContext(ScreenContext);
  usePage(height);
  const { keymap } = useSession();
  const top = useView(({ overlay }) => (overlay?.kind === 'help' ? overlay.top : 0));
  const rows = helpRows(keymap(), columns);
  const from = Math.min(top, Math.max(0, rows.length - height));
  const shown = rows.slice(from, from + height);
  const below = rows.length - from - height;
  if (below > 0) shown.splice(-1, 1, [span(`  ▼ ${below + 1} more`, { dim: true })]);
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      <Rows rows={shown} />
    </Box>
  );
}
