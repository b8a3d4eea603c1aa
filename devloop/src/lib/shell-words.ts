// Lines of the live protocol: words separated by one space, ended by a newline. Whatever a shell could stumble over is
// written as `\0ooo`, which is what `printf %b` reads.

const newline = 10;
const plain = new Set(Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/:@+,=-'));

/** The longest line, with its newline, in bytes. */
export const longestLine = 64 * 1024;

/** Text, as UTF-8, or bytes as one word of a line. */
export function encodeWord(text: string | Uint8Array): string {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  if (bytes.length === 0) return '%';
  if (bytes.every((byte) => plain.has(byte))) return Buffer.from(bytes).toString('latin1');
  let word = '';
  for (const byte of bytes) {
    word += plain.has(byte) ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`;
  }
  return word;
}

/** @throws Error when `encodeWord` cannot have written it */
export function decodeWord(word: string): string {
  if (word === '%') return '';
  if (!/^(?:[A-Za-z0-9._/:@+,=-]|\\0[0-3][0-7]{2})+$/.test(word)) throw new Error('a broken word');
  if (!word.includes('\\')) return word;
  const bytes = word.replace(/\\0(...)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** @throws Error when the line is too long to be read on the other side */
export function encodeLine(words: readonly (string | number)[]): Buffer {
  const line = Buffer.from(`${words.map((word) => encodeWord(String(word))).join(' ')}\n`);
  if (line.length > longestLine) throw new Error(`a line of ${line.length} bytes; ${longestLine} are the most`);
  return line;
}

/** @param line without its newline. @throws Error when it is broken */
export const decodeLine = (line: string): string[] => line.split(' ').map(decodeWord);

/** Where the first line of `bytes` ends; -1 when it is not complete. @throws Error when it is too long */
export function endOfLine(bytes: Buffer): number {
  const end = bytes.indexOf(newline);
  if ((end === -1 ? bytes.length : end) >= longestLine) throw new Error('a line that is too long');
  return end;
}
