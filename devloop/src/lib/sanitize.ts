import { stripVTControlCharacters } from 'node:util';

// Everything below space but the tab, DEL, and the C1 controls: a foreign program must not move our cursor.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const controls = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;

/** One line of foreign output as harmless text: no escape sequences, no control characters, tabs as two spaces. */
export function sanitizeLine(line: string): string {
  return stripVTControlCharacters(line).replace(controls, '').replaceAll('\t', '  ');
}
