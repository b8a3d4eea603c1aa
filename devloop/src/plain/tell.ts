import type { StampedEvent } from '../model/events.ts';
import { reduce } from '../state/reducer.ts';
import { initialState } from '../state/state.ts';
import { eventLines } from './event-lines.ts';
import { createLineFormat } from './line-format.ts';
import { createPhaseTeller } from './phase-lines.ts';

/**
 * Returns what makes of each event the lines to print, without newlines: what changes, never that something is still as
 * it was. It keeps its own state from the events it is given, so it has to be given all of them.
 * @param color whether to use escape codes for colour
 */
export function createTeller({ color }: { readonly color: boolean }): (event: StampedEvent) => string[] {
  const tellPhases = createPhaseTeller();
  const format = createLineFormat(color);
  let state = initialState;
  return (event) => {
    const before = state;
    state = reduce(before, event);
    return [...eventLines(event, before, state), ...tellPhases(state, event.at)].map((line) => format(line, state));
  };
}
