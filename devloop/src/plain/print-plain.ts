import { colorOfIndex, paint } from '../lib/paint.ts';
import { sanitizeLine } from '../lib/sanitize.ts';
import { fit, textWidth } from '../lib/text-width.ts';
import type { StampedEvent } from '../model/events.ts';
import { reduce } from '../state/reducer.ts';
import { initialState } from '../state/state.ts';
import { eventLines } from './event-lines.ts';
import { createPhaseTeller } from './phase-lines.ts';
import type { PlainLine } from './plain-line.ts';

export interface PlainPrinterOptions {
  /** Takes each line with its newline. */
  readonly write: (text: string) => void;
  /** Whether to use escape codes for colour. */
  readonly color: boolean;
}

const own = 'devloop';

/**
 * Prints a loop as lines for pipes and CI, each with the service it is about: `backend │ built in 240 ms`. It prints
 * what changes, never that something is still as it was. It keeps its own state from the events it is given, so it has
 * to be given all of them.
 */
export function createPlainPrinter({ write, color }: PlainPrinterOptions): (event: StampedEvent) => void {
  const tellPhases = createPhaseTeller();
  let state = initialState;
  const print = ({ service, text, style }: PlainLine) => {
    const names = Object.keys(state.services);
    const width = Math.max(own.length, ...names.map(textWidth));
    const prefix = `${fit(service ?? own, width)} │ `;
    const clean = sanitizeLine(text);
    const styledPrefix = service === undefined ? { dim: true } : { color: colorOfIndex(names.indexOf(service)) };
    write(color ? `${paint(prefix, styledPrefix)}${paint(clean, style ?? {})}\n` : `${prefix}${clean}\n`);
  };
  return (event) => {
    const before = state;
    state = reduce(before, event);
    for (const line of eventLines(event, before)) print(line);
    for (const line of tellPhases(state)) print(line);
  };
}
