import type { Writable } from 'node:stream';

/** A client may be this far behind before it is cut: more than a list of some thousand pods. */
const defaultLimitBytes = 64 * 1024 * 1024;

/**
 * Writes JSON lines that leave at once. A client that does not read is cut when too much waits for it: it comes back and
 * lists anew.
 * @param limitBytes what may wait at most
 */
export function createLineWriter(output: Writable, limitBytes = defaultLimitBytes): (value: unknown) => void {
  return (value) => {
    if (output.destroyed || output.writableEnded) return;
    output.write(`${JSON.stringify(value)}\n`);
    if (output.writableLength > limitBytes) output.destroy();
  };
}
