import { formatDuration } from '../../lib/duration.ts';

/** How long something has been going on, in whole seconds, so that it changes once a second: `0 s`, `12 s`, `2m 05s`. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
}

/** What Kubernetes tells in whole seconds: less than one may be any part of it. */
export const wholeSeconds = (ms: number): string => (ms < 1000 ? 'under 1 s' : elapsed(ms));
