import type { Overlay } from './overlay.ts';
import type { PaletteEntry } from './palette-entries.ts';

export type Palette = Extract<Overlay, { kind: 'palette' }>;

/** What a key does in the palette; `run` when it is to do what is selected, `close` when it closes it. */
export function pressInPalette(
  palette: Palette,
  key: string,
  found: readonly PaletteEntry[],
): Palette | 'run' | 'close' {
  const { text, index } = palette;
  const moved = (by: number) => ({
    ...palette,
    index: Math.min(Math.max(0, index + by), Math.max(0, found.length - 1)),
  });
  const typed = (now: string): Palette => ({ ...palette, text: now, index: 0 });
  switch (key) {
    case 'enter':
      return found.length > 0 ? 'run' : palette;
    case 'esc':
      return 'close';
    case 'up':
    case 'ctrl+p':
    case 'shift+tab':
      return moved(-1);
    case 'down':
    case 'ctrl+n':
    case 'tab':
      return moved(1);
    case 'pgup':
      return moved(-10);
    case 'pgdn':
      return moved(10);
    case 'backspace':
      return text === '' ? 'close' : typed([...text].slice(0, -1).join(''));
    case 'ctrl+u':
      return typed('');
    case 'space':
      return typed(`${text} `);
    default:
      return [...key].length === 1 ? typed(text + key) : palette;
  }
}
