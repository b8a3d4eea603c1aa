import type { HiddenValues } from '../lib/hidden-values.ts';
import type { LoopEvent } from '../model/events.ts';

/**
 * Fields with words of people and programs. All others are names, which stay: a Secret may hold the name of a service, and
 * what is known of that is found by it.
 */
const worded: ReadonlySet<string> = new Set([
  ...['title', 'why', 'fix', 'evidence', 'text', 'cause', 'detail', 'message', 'lines', 'line'],
  ...['complaint', 'unschedulable', 'unavailable'],
]);

/** The event with stars for every secret value in its words; the same when it has none. */
export function maskEvent(event: LoopEvent, hidden: HiddenValues): LoopEvent {
  if (hidden.isEmpty) return event;
  if (event.type === 'log') {
    // They come by the ten thousand a second.
    const text = hidden.mask(event.line.text);
    return text === event.line.text ? event : { ...event, line: { ...event.line, text } };
  }
  if (event.type === 'build.step') {
    const name = hidden.mask(event.step.name);
    return name === event.step.name ? event : { ...event, step: { ...event.step, name } };
  }
  return maskWords(event, hidden, false);
}

/** @param isWorded whether a text here is words */
function maskWords<T>(value: T, hidden: HiddenValues, isWorded: boolean): T {
  if (typeof value === 'string') return (isWorded ? hidden.mask(value) : value) as T;
  if (typeof value !== 'object' || value === null) return value;
  let changed = false;
  const mask = (inner: unknown, key: string) => {
    const masked = maskWords(inner, hidden, isWorded || worded.has(key));
    changed ||= masked !== inner;
    return masked;
  };
  const copy = Array.isArray(value)
    ? value.map((inner) => mask(inner, ''))
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mask(inner, key)]));
  return changed ? (copy as T) : value;
}
