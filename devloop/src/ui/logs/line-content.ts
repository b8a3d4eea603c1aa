import { parseJsonLine } from '../../lib/logs/json-line.ts';
import type { LogLevel } from '../../lib/logs/level-name.ts';
import type { Style } from '../../lib/paint.ts';
import { type Span, span } from '../../lib/spans.ts';
import type { KeptLine } from '../../state/log-stream.ts';

/** How a level looks: a mark instead of the line's usual one, and a colour. */
export interface LevelLook {
  readonly mark?: string;
  readonly style: Style;
}

export const levelLooks: Readonly<Record<LogLevel, LevelLook>> = {
  error: { mark: '✗', style: { color: 'red' } },
  warn: { mark: '!', style: { color: 'yellow' } },
  info: { style: {} },
  debug: { style: { dim: true } },
};

/** More characters of a line do not fit on any screen; the whole of it is in what is saved. */
const mostShown = 10_000;

/** A line's own text; of a JSON line its level, message and other fields. @param raw as it came */
export function lineContent(line: KeptLine, level: LogLevel | undefined, raw: boolean): Span[] {
  const json = raw ? undefined : parseJsonLine(line.text);
  if (json) {
    const style = json.level ? levelLooks[json.level].style : {};
    return cut([
      ...(json.level ? [span(json.level.toUpperCase(), { ...style, bold: true }), span(' ')] : []),
      ...(json.message ? [span(`${json.message} `)] : []),
      span(json.fields, { dim: true }),
    ]);
  }
  // A container's own lines stand out from devloop's work and from those of the run before.
  const style =
    level === undefined || level === 'info' ? { dim: line.source !== 'container' } : levelLooks[level].style;
  return cut([span(line.text, style)]);
}

const cut = (spans: Span[]): Span[] => {
  let left = mostShown;
  return spans.flatMap((piece) => {
    const text = piece.text.length > left ? `${piece.text.slice(0, Math.max(0, left))}…` : piece.text;
    const had = left;
    left -= text.length;
    return had > 0 ? [{ ...piece, text }] : [];
  });
};
