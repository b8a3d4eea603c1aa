import type { StampedEvent } from '../model/events.ts';
import { createTeller } from './tell.ts';

export interface PlainPrinterOptions {
  /** Takes each line with its newline. */
  readonly write: (text: string) => void;
  /** Whether to use escape codes for colour. */
  readonly color: boolean;
}

/**
 * Prints a loop as lines for pipes and CI, each with the service it is about: `backend │ built in 240 ms`. It has to be
 * given all events.
 */
export function createPlainPrinter({ write, color }: PlainPrinterOptions): (event: StampedEvent) => void {
  const tell = createTeller({ color });
  return (event) => {
    for (const line of tell(event)) write(`${line}\n`);
  };
}
