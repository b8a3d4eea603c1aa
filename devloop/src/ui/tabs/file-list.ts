import { sanitizeLine } from '../../lib/sanitize.ts';
import { textWidth } from '../../lib/text-width.ts';

/**
 * The files of an edit in few words: `src/a.ts and 2 more`. Where that is too long for the room, the first file shows
 * without its folders: `…/a.ts and 2 more`.
 * @param count how many files there were in all
 */
export function fileList(files: readonly string[], count: number, room = Number.POSITIVE_INFINITY): string {
  const [first] = files;
  if (first === undefined) return '';
  const name = sanitizeLine(first);
  const rest = count > 1 ? ` and ${count - 1} more` : '';
  if (textWidth(name + rest) <= room) return name + rest;
  return `${name.replace(/^.*\//, '…/')}${rest}`;
}
