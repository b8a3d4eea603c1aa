/** The 16 colours that every terminal has and every user's theme defines, without black and white. */
export type Color =
  | 'red'
  | 'green'
  | 'yellow'
  | 'blue'
  | 'magenta'
  | 'cyan'
  | 'brightRed'
  | 'brightGreen'
  | 'brightYellow'
  | 'brightBlue'
  | 'brightMagenta'
  | 'brightCyan';

export interface Style {
  readonly color?: Color;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly inverse?: boolean;
}

const codes: Readonly<Record<Color, number>> = {
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  brightRed: 91,
  brightGreen: 92,
  brightYellow: 93,
  brightBlue: 94,
  brightMagenta: 95,
  brightCyan: 96,
};

/** The text between the escape codes that give it the style; unchanged when the style asks for nothing. */
export function paint(text: string, { color, bold, dim, inverse }: Style): string {
  const on: number[] = [];
  if (bold) on.push(1);
  if (dim) on.push(2);
  if (inverse) on.push(7);
  if (color) on.push(codes[color]);
  return on.length === 0 || text === '' ? text : `\u001b[${on.join(';')}m${text}\u001b[0m`;
}

const prefixColors: readonly Color[] = [
  'cyan',
  'magenta',
  'blue',
  'yellow',
  'brightCyan',
  'brightMagenta',
  'brightBlue',
];

/** The colour that marks the nth service everywhere. Red and green are kept for bad and good. */
export const colorOfIndex = (index: number): Color => prefixColors[Math.max(0, index) % prefixColors.length] ?? 'cyan';
