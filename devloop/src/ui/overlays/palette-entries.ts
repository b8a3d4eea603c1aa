import { actionKeys } from '../../model/keymap/action-keys.ts';
import type { Binding } from '../../model/keymap/binding.ts';
import type { Command, Keymap } from '../../model/keymap/keymap.ts';

/** One line of the palette. */
export interface PaletteEntry {
  readonly title: string;
  /** The keys that do the same. */
  readonly keys: readonly string[];
  readonly does: { readonly command: Command } | { readonly service: string };
}

/** Everything that can be done by name: actions, going to a service, then what moves about and what is for the logs. */
export function paletteEntries(keymap: Keymap, services: readonly string[]): PaletteEntry[] {
  const commands = keymap.filter(({ command }) => command !== 'palette');
  const isAction = ({ command }: Binding) => actionKeys.some((action) => action.command === command);
  const entry = ({ command, keys, description }: Keymap[number]): PaletteEntry => ({
    title: description,
    keys,
    does: { command },
  });
  return [
    ...commands.filter(isAction).map(entry),
    ...services.map((service) => ({ title: `Go to ${service}`, keys: [], does: { service } })),
    ...commands.filter((binding) => !isAction(binding)).map(entry),
  ];
}

/** Those whose title or name has each word of the text, in any case; a title that begins with the text comes first. */
export function matchingEntries(entries: readonly PaletteEntry[], text: string): readonly PaletteEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries;
  const found = entries.filter((entry) => words.every((word) => searched(entry).includes(word)));
  const begins = ({ title }: PaletteEntry) => title.toLowerCase().startsWith(words.join(' '));
  return [...found.filter(begins), ...found.filter((entry) => !begins(entry))];
}

const searched = ({ title, does }: PaletteEntry): string =>
  ('command' in does ? `${title} ${does.command}` : title).toLowerCase();
