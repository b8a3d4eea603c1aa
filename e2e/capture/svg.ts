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
export async function screenToSvg(lines: readonly string[], columns: number): Promise<string> {
  const terminal = new xterm.Terminal({ cols: columns, rows: lines.length, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(lines.join('\r\n'), resolve));
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = lines.length * cell.height + 2 * margin;
  const rows = lines.map((_, row) => rowToSvg(terminal, row, columns)).join('\n');
  terminal.dispose();
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>A terminal that shows devloop's dashboard</title>
<rect width="100%" height="100%" rx="8" fill="${background}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">
${rows}
</g>
</svg>
`;
}

/** Runs of equal style become one text element, held to the grid by `textLength`. */
function rowToSvg(terminal: InstanceType<typeof xterm.Terminal>, row: number, columns: number): string {
  const line = terminal.buffer.active.getLine(row);
  const runs: { from: number; text: string; style: string }[] = [];
  for (let column = 0; column < columns; column += 1) {
    const at = line?.getCell(column);
    if (!at || at.getWidth() === 0) continue;
    const text = at.getChars() || ' ';
    const style = styleOf(at);
    const last = runs.at(-1);
    if (last && last.style === style) last.text += text;
    else runs.push({ from: column, text, style });
  }
  const y = margin + (row + 1) * cell.height - 5;
  return runs
    .filter(({ text }) => text.trim() !== '')
    .map(({ from, text, style }) => {
      const x = (margin + from * cell.width).toFixed(1);
      const length = (text.length * cell.width).toFixed(1);
      return `<text x="${x}" y="${y}" textLength="${length}" ${style}>${escaped(text)}</text>`;
    })
    .join('');
}

interface Cell {
  isFgPalette(): boolean;
  getFgColor(): number;
  isBold(): number;
  isDim(): number;
  isInverse(): number;
}

function styleOf(at: Cell): string {
  const color = at.isFgPalette() ? (palette[at.getFgColor()] ?? foreground) : foreground;
  // Inverse is drawn as an underline: a picture needs no filled cells to be read.
  const marks = `${at.isBold() ? ' font-weight="bold"' : ''}${at.isInverse() ? ' text-decoration="underline"' : ''}`;
  return `fill="${color}"${at.isDim() ? ' fill-opacity="0.6"' : ''}${marks}`;
}
