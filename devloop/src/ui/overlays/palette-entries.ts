import type { Command, Keymap } from '../../model/keymap/keymap.ts';

/** One line of the palette. */
export interface PaletteEntry {
  readonly title: string;
  /** The keys that do the same. */
  readonly keys: readonly string[];
  readonly does: { readonly command: Command } | { readonly service: string };
}

/** Everything that can be done by name: the commands, and going to a service. */
export const paletteEntries = (keymap: Keymap, services: readonly string[]): PaletteEntry[] => [
  ...keymap
    .filter(({ command }) => command !== 'palette')
    .map(({ command, keys, description }) => ({ title: description, keys, does: { command } })),
  ...services.map((service) => ({ title: `Go to ${service}`, keys: [], does: { service } })),
];

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
