import { stripVTControlCharacters } from 'node:util';

// Everything below space but the tab, DEL, and the C1 controls: a foreign program must not move our cursor.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const controls = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const anyControl = /[\u0000-\u001f\u007f-\u009f]/;

/** One line of foreign output as harmless text: no escape sequences, no control characters, tabs as two spaces. */
export function sanitizeLine(line: string): string {
  // Nearly all lines are harmless, and there are thousands a second.
  if (!anyControl.test(line)) return line;
  return stripVTControlCharacters(line).replace(controls, '').replaceAll('\t', '  ');
}
