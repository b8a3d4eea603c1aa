import { type Span, span, spansWidth } from '../lib/spans.ts';
import { fit, wrapText } from '../lib/text-width.ts';
import { type Keymap, keyGroups } from '../model/keymap/keymap.ts';
import { showKey } from './key-name.ts';

const keysWidth = 16;

const signs = [
  '○ waiting  ◔ building  ◑ deploying  ◐ updating  ◕ starting  ● ready  ✗ failed  ? unknown',
  '▂ probe passed (higher: slower)  ✗ probe failed  ↻ restarts  ! a problem not looked at yet',
  '│ container  ┊ the run before it  ▸ devloop’s own work  ! warning, Kubernetes event  ✗ error',
];

/** From here on there is room for two columns. */
const fromHereInTwo = 140;

/** The help: keys by groups, as they are now, then what the signs mean. */
export function helpRows(keymap: Keymap, columns: number): Span[][] {
  if (columns < fromHereInTwo) return groupRows(keymap, columns).flat();
  const half = Math.floor(columns / 2);
  const groups = groupRows(keymap, half);
  const [left, right] = [groups.slice(0, 2).flat(), groups.slice(2).flat()];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const first = left[index] ?? [];
    return [...first, span(' '.repeat(half - spansWidth(first))), ...(right[index] ?? [])];
  });
}

/** Rows of each group of keys, and of the signs. */
function groupRows(keymap: Keymap, columns: number): Span[][][] {
  const room = Math.max(20, columns - keysWidth - 3);
  const groups = keyGroups.map(({ title, bindings }): Span[][] => [
    [span(` ${title}`, { bold: true })],
    ...bindings.flatMap(({ command, description }) => {
      const keys = keymap.find((binding) => binding.command === command)?.keys ?? [];
      const name = keys.map(showKey).join(', ') || 'no key';
      return wrapText(description, room).map((text, line) => [
        span(`  ${fit(line === 0 ? name : '', keysWidth)}`, { bold: true }),
        span(text),
      ]);
    }),
    [],
  ]);
  const legend = signs.flatMap((text) => wrapText(text, columns - 3)).map((text) => [span(`  ${text}`, { dim: true })]);
  return [...groups, [[span(' Signs', { bold: true })], ...legend]];
}
