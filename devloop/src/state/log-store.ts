import { Ring } from '../lib/ring.ts';
import { sanitizeLine } from '../lib/sanitize.ts';
import type { LogLine } from '../model/log-line.ts';

/** A line in the store. */
export interface KeptLine extends LogLine {
  /** 1 for the first line that the store took, and one more for each that followed. */
  readonly seq: number;
}

export interface LogStore {
  /** Keeps the line, numbered in the order it came, its text free of control sequences. */
  readonly append: (line: LogLine) => void;
  /** The newest kept lines of one service, or of all in the order they came, oldest first. */
  readonly lines: (service?: string) => readonly KeptLine[];
  /** The `seq` of the newest line, 0 before the first; a view compares it to know whether to draw again. */
  readonly version: () => number;
}

/** @param capacity lines kept for the merged view, and for each service */
export function createLogStore(capacity = 20_000): LogStore {
  const all = new Ring<KeptLine>(capacity);
  const byService = new Map<string, Ring<KeptLine>>();
  let version = 0;
  return {
    append: (line) => {
      version += 1;
      const kept = { ...line, seq: version, text: sanitizeLine(line.text) };
      all.push(kept);
      let own = byService.get(line.service);
      if (!own) {
        own = new Ring<KeptLine>(capacity);
        byService.set(line.service, own);
      }
      own.push(kept);
    },
    lines: (service) => (service === undefined ? all : byService.get(service))?.slice() ?? [],
    version: () => version,
  };
}
