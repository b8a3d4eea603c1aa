import { type Span, span } from '../lib/spans.ts';
import { fit, wrapText } from '../lib/text-width.ts';
import { type Keymap, keyGroups } from '../model/keymap/keymap.ts';
import { showKey } from './key-name.ts';

const keysWidth = 16;

const signs = [
  '○ waiting  ◔ building  ◑ deploying  ◐ updating  ◕ starting  ● ready  ✗ failed',
  '• probe passed  ✗ probe failed    ↻ restarts    ! something new to look at',
  '│ container  ┊ container before it  ▸ build, deploy',
];

/** The help: keys by groups, as they are now, then what the signs mean. */
export function helpRows(keymap: Keymap, columns: number): Span[][] {
  const room = Math.max(20, columns - keysWidth - 3);
  const groups = keyGroups.flatMap(({ title, bindings }) => [
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
  return [...groups, [span(' Signs', { bold: true })], ...legend];
}
