import { Box } from 'ink';
import { useContext } from 'react';
import { span, spread } from '../../lib/spans.ts';
import { ScreenContext, useFeed, usePage, useSession, useView } from '../hooks.ts';
import { showKey } from '../key-name.ts';
import { visibleRange } from '../layout.ts';
import { paletteFound } from '../overlays/press-in-overlay.ts';
import { Row, Rows } from './row.tsx';

/** A key that is far from its command is not easily read as its own. */
const widest = 90;

/** Commands by their names: what is typed, and those that match. */
export function Palette({ height }: { readonly height: number }) {
  const { columns } = useContext(ScreenContext);
  usePage(height);
  const { order, keymap } = useSession();
  useFeed(({ state }) => state.services);
  const view = useView((current) => current);
  if (view.overlay?.kind !== 'palette') return null;
  const found = paletteFound(view.overlay, keymap(), { order });
  const { text, index } = view.overlay;
  const { from, to } = visibleRange(found.length, index, height - 1);
  const rows = found.slice(from, to).map(({ title, keys }, at) => {
    const isSelected = from + at === index;
    const left = [span(isSelected ? '› ' : '  ', { color: 'cyan' }), span(title, { bold: isSelected })];
    return spread(left, [span(`${keys.map(showKey).join(', ')} `, { dim: true })], Math.min(columns, widest));
  });
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      <Row
        spans={[
          span(': ', { color: 'yellow' }),
          span(text, { color: 'yellow', bold: true }),
          span(' ', { inverse: true }),
          span(text === '' ? ' type a part of its name' : '', { dim: true }),
        ]}
      />
      {rows.length > 0 ? <Rows rows={rows} /> : <Row spans={[span(`  Nothing is named "${text}".`, { dim: true })]} />}
    </Box>
  );
}
