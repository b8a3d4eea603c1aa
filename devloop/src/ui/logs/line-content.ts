import { type JsonLine, parseJsonLine } from '../../lib/logs/json-line.ts';
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
const mostStackRows = 100;

/**
 * A line's own text, in one row; of a JSON line its level, message and other fields, then the rows of its stack trace.
 * @param raw as it came
 */
export function lineContent(line: KeptLine, level: LogLevel | undefined, raw: boolean): Span[][] {
  const json = raw ? undefined : parseJsonLine(line.text);
  if (json) return jsonContent(json);
  // A container's own lines stand out from devloop's work, those of the run before, and the rest of a stack trace.
  const style =
    level === undefined || level === 'info'
      ? { dim: line.source !== 'container' || line.seq !== line.group }
      : levelLooks[level].style;
  return [[span(cut(line.text), style)]];
}

function jsonContent({ level, message, fields, stack }: JsonLine): Span[][] {
  const style = level ? levelLooks[level].style : {};
  const row = [
    ...(level ? [span(level.toUpperCase(), { ...style, bold: true })] : []),
    ...(message ? [span(cut(message))] : []),
    ...(fields ? [span(cut(fields), { dim: true })] : []),
  ].flatMap((part, index) => (index === 0 ? [part] : [span(' '), part]));
  return [row, ...stack.slice(0, mostStackRows).map((text) => [span(cut(text), { dim: true })])];
}

const cut = (text: string): string => (text.length > mostShown ? `${text.slice(0, mostShown)}…` : text);
