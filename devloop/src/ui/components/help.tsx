import { Box } from 'ink';
import { type Span, span } from '../../lib/spans.ts';
import { fit } from '../../lib/text-width.ts';
import { keymap, showKey } from '../keymap.ts';
import { Rows } from './row.tsx';

/** All keys, from the keymap, and the signs of the dashboard. */
export function Help({ height }: { readonly height: number }) {
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      <Rows rows={helpRows(height)} />
    </Box>
  );
}

const signs = [
  '○ waiting  ◔ building  ◑ deploying, updating  ◕ starting  ● ready  ✗ failed',
  '• probe passed  ✗ probe failed    ↻ restarts',
  '│ container  ┊ container before it  ▸ build, deploy',
];

function helpRows(height: number): Span[][] {
  const keys = keymap.map(({ keys: names, description }) => [
    span(`  ${fit(names.map(showKey).join(', '), 14)}`, { bold: true }),
    span(description),
  ]);
  const legend = signs.map((text) => [span(`  ${text}`, { dim: true })]);
  const title = [span(' Keys', { bold: true })];
  // On a low terminal the keys come before the rest.
  return height >= keys.length + 2 + legend.length ? [title, ...keys, [], ...legend] : keys;
}
