import type { LogLevel } from '../../lib/logs/level-name.ts';
import { levelOf } from '../../lib/logs/log-level.ts';
import type { LogStream } from '../../state/log-stream.ts';

/** The level of a group, by its first line. What only a trace follows is an error, whatever it says of itself. */
export function levelOfGroup(stream: LogStream, start: number): LogLevel | undefined {
  // Of its Events only warnings are told.
  if (stream.origin.source === 'kubernetes') return 'warn';
  const own = levelOf(stream.textAt(start));
  if (own) return own;
  return start + 1 < stream.end && stream.continuesAt(start + 1) ? 'error' : undefined;
}
