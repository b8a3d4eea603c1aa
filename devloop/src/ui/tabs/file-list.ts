import { sanitizeLine } from '../../lib/sanitize.ts';

/** The files of an edit in few words: `src/a.ts and 2 more`. @param count how many there were in all */
export function fileList(files: readonly string[], count: number): string {
  const [first] = files;
  if (first === undefined) return '';
  return count > 1 ? `${sanitizeLine(first)} and ${count - 1} more` : sanitizeLine(first);
}
