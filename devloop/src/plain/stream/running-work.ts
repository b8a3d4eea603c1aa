import { formatDuration } from '../../lib/duration.ts';
import type { LoopState } from '../../state/state.ts';

/** Something that devloop does now, as `building backend`. */
export interface Work {
  readonly what: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** What devloop does now, what has taken longest first. */
export function runningWork({ services, releases }: LoopState): Work[] {
  const builds = Object.values(services).flatMap(({ name, build }) =>
    build.status === 'running' ? [{ what: `building ${name}`, since: build.startedAt }] : [],
  );
  const updates = Object.values(services).flatMap(({ name, update }) =>
    update.status === 'running' ? [{ what: `looking at edit ${update.edit} of ${name}`, since: update.startedAt }] : [],
  );
  const deploys = Object.values(releases).flatMap(({ name, deploy }) =>
    deploy.status === 'running' ? [{ what: `deploying ${name}`, since: deploy.startedAt }] : [],
  );
  return [...builds, ...updates, ...deploys].sort((a, b) => a.since - b.since);
}

/** `building backend 12 s`; the first second is not counted out. */
export function workText({ what, since }: Work, now: number): string {
  const seconds = Math.floor((now - since) / 1000);
  if (seconds < 1) return what;
  return `${what} ${seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000)}`;
}

/** In how many milliseconds the text of a work changes by itself; undefined when nothing runs. */
export function nextSecond(state: LoopState, now: number): number | undefined {
  const waits = runningWork(state).map(({ since }) => 1000 - (Math.max(0, now - since) % 1000));
  return waits.length > 0 ? Math.min(...waits) : undefined;
}
