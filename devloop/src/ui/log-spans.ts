import { colorOfIndex } from '../lib/paint.ts';
import { type Span, span } from '../lib/spans.ts';
import { fit, textWidth } from '../lib/text-width.ts';
import { wallTime } from '../lib/time-text.ts';
import type { LogRow } from './log-window.ts';

export interface LogLook {
  readonly timestamps: boolean;
  /** Names in the order that gives them their colours; empty when only one service shows and no prefix is needed. */
  readonly services: readonly string[];
  readonly filter: string;
}

/** Columns before a line's text. */
export const prefixWidth = ({ timestamps, services }: LogLook): number =>
  (timestamps ? 9 : 0) + (services.length > 0 ? nameWidth(services) + 3 : 2);

/** A container's own line, the line of the container before it, devloop's work on the service, or an Event. */
const marks = { container: '│', previous: '┊', build: '▸', deploy: '▸', devloop: '▸', kubernetes: '!' } as const;

export function logSpans({ line, text, first }: LogRow, look: LogLook): Span[] {
  const own = line.source === 'container';
  const color = colorOfIndex(look.services.indexOf(line.service));
  const mark = `${marks[line.source]} `;
  const name = look.services.length > 0 ? `${fit(first ? line.service : '', nameWidth(look.services))} ` : '';
  return [
    ...(look.timestamps ? [span(first ? `${wallTime(line.at)} ` : ' '.repeat(9), { dim: true })] : []),
    span(name, { color }),
    span(mark, { dim: true }),
    ...highlighted(text, look.filter, own),
  ];
}

const nameWidth = (services: readonly string[]): number => Math.min(20, Math.max(...services.map(textWidth)));

/** The text with what the filter found set off. */
function highlighted(text: string, filter: string, own: boolean): Span[] {
  const style = own ? {} : { dim: true };
  const at = filter === '' ? -1 : text.toLowerCase().indexOf(filter.toLowerCase());
  if (at < 0) return [span(text, style)];
  const end = at + filter.length;
  return [span(text.slice(0, at), style), span(text.slice(at, end), { inverse: true }), span(text.slice(end), style)];
}
