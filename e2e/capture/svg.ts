// A terminal's screen, with its colours, as a picture for the docs.
import xterm from '@xterm/headless';

/** Pixels of one cell, for a 14 px monospace face. */
const cell = { width: 8.4, height: 18 };
const margin = 12;
const background = '#101418';
const foreground = '#d4d8dd';
const palette = [
  ...['#3b4048', '#e06c75', '#8ecf7a', '#d8b365', '#6aa9f0', '#c58fe0', '#5fc4cf', '#d4d8dd'],
  ...['#7d8590', '#ff8b93', '#a9e596', '#f0cd82', '#8fc2ff', '#ddaef5', '#83e0ea', '#ffffff'],
];

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string) => text.replace(/[&<>]/g, (found) => escapes[found] ?? found);

/**
 * Draws text with escape codes, as `tmux capture-pane -e` gives it.
 * @param lines one a row of the screen
 */
export const screenToSvg = (lines: readonly string[], columns: number): Promise<string> =>
  terminalToSvg(lines.join('\n'), columns, lines.length);

/** Draws the screen that a terminal of this size shows after all this was written to it. */
export async function terminalToSvg(written: string, columns: number, rows: number): Promise<string> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  // The line discipline of a real terminal does this.
  const text = written.replaceAll(/\r?\n/g, '\r\n');
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = rows * cell.height + 2 * margin;
  const drawn = Array.from({ length: rows }, (_, row) => rowToSvg(terminal, row, columns)).join('\n');
  terminal.dispose();
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>A terminal that shows devloop's dashboard</title>
<rect width="100%" height="100%" rx="8" fill="${background}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
${drawn}
</g>
</svg>
`;
}

/** A part of a row that looks the same. */
interface Run {
  readonly from: number;
  readonly style: CellStyle;
  /** One a column; the second of a wide character is empty. */
  readonly cells: string[];
}

interface CellStyle {
  readonly key: string;
  readonly fill: string;
  readonly behind: string;
  readonly marks: string;
}

function rowToSvg(terminal: InstanceType<typeof xterm.Terminal>, row: number, columns: number): string {
  const { active } = terminal.buffer;
  const line = active.getLine(active.baseY + row);
  const runs: Run[] = [];
  for (let column = 0; column < columns; column += 1) {
    const at = line?.getCell(column);
    if (!at) continue;
    const cells = at.getWidth() === 0 ? '' : at.getChars() || ' ';
    const style = styleOf(at);
    const last = runs.at(-1);
    if (last && (cells === '' || last.style.key === style.key)) last.cells.push(cells);
    else runs.push({ from: column, style, cells: [cells] });
  }
  return runs.map((run) => runToSvg(run, row)).join('');
}

/** Each word is held to the grid by `textLength`. Blanks are none of its text: browsers differ in what they keep. */
function runToSvg({ from, cells, style: { fill, behind, marks } }: Run, row: number): string {
  const top = margin + row * cell.height;
  const left = (column: number) => (margin + column * cell.width).toFixed(1);
  const wide = (columns: number) => (columns * cell.width).toFixed(1);
  const box = `<rect x="${left(from)}" y="${top}" width="${wide(cells.length)}" height="${cell.height}" fill="${behind}"/>`;
  const drawn = behind === background ? [] : [box];
  for (let start = 0; start < cells.length; start += 1) {
    const end = cells.indexOf(' ', start);
    const word = cells.slice(start, end === -1 ? cells.length : end);
    if (word.length === 0) continue;
    const place = `x="${left(from + start)}" y="${top + 13}" textLength="${wide(word.length)}"`;
    drawn.push(`<text ${place} fill="${fill}"${marks}>${escaped(word.join(''))}</text>`);
    start += word.length;
  }
  return drawn.join('');
}

interface Cell {
  isFgPalette(): boolean;
  getFgColor(): number;
  isBgPalette(): boolean;
  getBgColor(): number;
  isBold(): number;
  isDim(): number;
  isInverse(): number;
  isUnderline(): number;
}

function styleOf(at: Cell): CellStyle {
  const own = at.isFgPalette() ? (palette[at.getFgColor()] ?? foreground) : foreground;
  const under = at.isBgPalette() ? (palette[at.getBgColor()] ?? background) : background;
  const [fill, behind] = at.isInverse() ? [under, own] : [own, under];
  const marks = [
    at.isBold() ? ' font-weight="bold"' : '',
    at.isUnderline() ? ' text-decoration="underline"' : '',
    at.isDim() ? ' fill-opacity="0.6"' : '',
  ].join('');
  return { key: `${fill} ${behind} ${marks}`, fill, behind, marks };
}
