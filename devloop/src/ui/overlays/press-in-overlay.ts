import { type Command, commandOf, type Keymap } from '../../model/keymap/keymap.ts';
import type { CommandContext } from '../commands/command-context.ts';
import { helpRows } from '../help-rows.ts';
import { type ViewStore, withoutOverlay } from '../view-state.ts';
import { matchingEntries, type PaletteEntry, paletteEntries } from './palette-entries.ts';
import { type Palette, pressInPalette } from './palette-keys.ts';

type Run = (command: Command, context: CommandContext) => void;

/** A key while something lies over the screen. @param run does what the overlay was opened for */
export function pressInOverlay(view: ViewStore, key: string, keymap: Keymap, context: CommandContext, run: Run): void {
  const current = view.get();
  const { overlay } = current;
  if (overlay?.kind === 'palette') pressPalette(view, overlay, key, keymap, context, run);
  else if (overlay) {
    const command = commandOf(keymap, key, current.screen);
    if (command === 'quit') run(command, context);
    else if (command === 'help' || command === 'back') view.set(withoutOverlay);
    else {
      const { columns, height } = context.area;
      const last = Math.max(0, helpRows(keymap, columns).length - height);
      const top = Math.min(Math.max(0, overlay.top + rowsOf(command, height)), last);
      view.set((now) => ({ ...now, overlay: { kind: 'help', top } }));
    }
  }
}

function rowsOf(command: Command | undefined, page: number): number {
  switch (command) {
    case 'selectNext':
    case 'lineDown':
      return 1;
    case 'selectPrevious':
    case 'lineUp':
      return -1;
    case 'pageDown':
      return page;
    case 'pageUp':
      return -page;
    case 'oldest':
      return Number.NEGATIVE_INFINITY;
    case 'newest':
      return Number.POSITIVE_INFINITY;
    default:
      return 0;
  }
}

export function paletteFound(
  { text }: Palette,
  keymap: Keymap,
  { order }: Pick<CommandContext, 'order'>,
): readonly PaletteEntry[] {
  const names = order().rows.map(({ name }) => name);
  return matchingEntries(paletteEntries(keymap, names), text);
}

function pressPalette(
  view: ViewStore,
  palette: Palette,
  key: string,
  keymap: Keymap,
  context: CommandContext,
  run: Run,
): void {
  const found = paletteFound(palette, keymap, context);
  const next = pressInPalette(palette, key, found);
  if (next === 'close') view.set(withoutOverlay);
  else if (next === 'run') {
    view.set(withoutOverlay);
    const does = found[palette.index]?.does;
    if (does && 'service' in does) view.set((now) => ({ ...now, selected: does.service, row: 0 }));
    else if (does) run(does.command, context);
  } else view.set((now) => ({ ...now, overlay: next }));
}
