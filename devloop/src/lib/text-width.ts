const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
// One column and one UTF-16 unit each: ASCII, Latin without the soft hyphen, and the marks, arrows, lines and blocks that
// devloop draws with. To ask the segmenter takes a hundred times as long.
const simple = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25ef\u2713\u2717]*$/;
const zeroWidth = /^[\p{Mark}\p{Format}\p{Control}]/u;
// East Asian Wide and Fullwidth blocks, as terminals draw them; emoji are asked for by their own property.
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const emoji = /^\p{Emoji_Presentation}|\ufe0f/u;

/** How many terminal columns the text takes. It must be free of escape sequences and newlines. */
export function textWidth(text: string): number {
  if (simple.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The text cut to at most `width` columns; what is cut away shows as `…`. */
export function truncate(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return '';
  return `${splitAt(text, width - 1)[0]}…`;
}

/** The text cut or filled with spaces to exactly `width` columns. */
export function fit(text: string, width: number): string {
  const cut = truncate(text, width);
  return cut + ' '.repeat(Math.max(0, width - textWidth(cut)));
}

/** The text as rows of at most `width` columns (at least 2), broken between words where a row has any; at least one row. */
export function wrapText(text: string, width: number): string[] {
  const rows: string[] = [];
  const room = Math.max(2, width);
  let rest = text;
  for (;;) {
    const [row, after] = splitAt(rest, room);
    if (after === '') break;
    const space = after.startsWith(' ') ? row.length : row.lastIndexOf(' ');
    // A break at an early space would leave the row nearly empty: a long word is cut instead.
    const isGood = space > row.length / 2;
    rows.push(isGood ? rest.slice(0, space) : row);
    rest = isGood ? rest.slice(space + 1) : after;
  }
  return [...rows, rest];
}

function graphemeWidth(segment: string): number {
  if (zeroWidth.test(segment)) return 0;
  return wide.test(segment) || emoji.test(segment) ? 2 : 1;
}

function splitAt(text: string, width: number): [string, string] {
  if (simple.test(text)) return [text.slice(0, width), text.slice(width)];
  let used = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
}
