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
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">
${drawn}
</g>
</svg>
`;
}

/** A part of a row that looks the same. */
interface Run {
  readonly from: number;
  readonly style: CellStyle;
  text: string;
  columns: number;
}

interface CellStyle {
  readonly key: string;
  readonly fill: string;
  readonly behind: string;
  readonly marks: string;
}

/** Each run becomes one text element, held to the grid by `textLength`, on a box where it has a background. */
function rowToSvg(terminal: InstanceType<typeof xterm.Terminal>, row: number, columns: number): string {
  const { active } = terminal.buffer;
  const line = active.getLine(active.baseY + row);
  const runs: Run[] = [];
  for (let column = 0; column < columns; column += 1) {
    const at = line?.getCell(column);
    if (!at || at.getWidth() === 0) continue;
    const text = at.getChars() || ' ';
    const style = styleOf(at);
    const last = runs.at(-1);
    if (last?.style.key === style.key) {
      last.text += text;
      last.columns += at.getWidth();
    } else runs.push({ from: column, text, style, columns: at.getWidth() });
  }
  return runs.map((run) => runToSvg(run, row)).join('');
}

function runToSvg({ from, text, columns, style: { fill, behind, marks } }: Run, row: number): string {
  const x = (margin + from * cell.width).toFixed(1);
  const top = margin + row * cell.height;
  const width = (columns * cell.width).toFixed(1);
  const box =
    behind === background
      ? ''
      : `<rect x="${x}" y="${top}" width="${width}" height="${cell.height}" fill="${behind}"/>`;
  if (text.trim() === '') return box;
  return `${box}<text x="${x}" y="${top + 13}" textLength="${width}" fill="${fill}"${marks}>${escaped(text)}</text>`;
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
