import { type Span, span, spansWidth } from '../lib/spans.ts';
import type { ForwardView } from '../model/operation.ts';
import type { ServiceRow } from '../state/service-row.ts';

/**
 * Where a service is reached: the first port as a URL or by its number, the others by their numbers; where they need
 * more columns than there are, the first and how many more.
 */
export function urlSpans({ forwards }: ServiceRow, long: boolean, room: number): Span[] {
  const all = forwards.map((forward, index) => urlSpan(forward, long && index === 0, index > 0 ? ' ' : ''));
  const [first] = all;
  if (!first || all.length === 1 || spansWidth(all) <= room) return all;
  return [first, span(` +${all.length - 1}`, { dim: true })];
}

function urlSpan({ local, status }: ForwardView, long: boolean, gap: string): Span {
  if (status === 'failed') return span(`${gap}:${local} failed`, { color: 'red' });
  const text = `${gap}${long ? `http://localhost:${local}` : `:${local}`}`;
  // Dim while connections wait for a ready pod.
  return span(text, status === 'ready' ? { color: 'cyan' } : { dim: true });
}
