import { messageRow } from '../../lib/message-lines.ts';
import type { Color } from '../../lib/paint.ts';
import type { EditTiming } from '../../model/events.ts';
import type { EditRun } from '../../state/history.ts';
import type { ServiceSummary } from '../../state/service-summary.ts';

/** What the timeline says of an edit. */
export interface EditOutline {
  readonly glyph: string;
  /** How it went to the pods, or how far it is. */
  readonly word: string;
  readonly color?: Color;
  /** What there is to say besides its files. */
  readonly note: string;
  /** Where the time went, until now for one under way; not set where that says nothing. */
  readonly timing?: EditTiming;
}

/** @param summary of its service, where it is the newest edit: what is wrong with that is wrong with it */
export function outlineOf(run: EditRun, now: number, summary?: ServiceSummary): EditOutline {
  const { result, way, timing, problem, supersededBy } = run;
  const timed = timing ? { timing } : {};
  switch (result) {
    case 'live':
      return { glyph: '✓', word: way === 'helm' ? 'helm only' : (way ?? 'live'), color: 'green', note: '', ...timed };
    case 'unchanged':
      return { glyph: '=', word: 'unchanged', note: 'its image is the one that is deployed', ...timed };
    case 'failed':
      return { glyph: '✗', word: 'failed', color: 'red', note: messageRow(problem?.why ?? '') };
    case 'superseded':
      return { glyph: '–', word: 'overtaken', note: `edit ${supersededBy} took its place` };
    case 'running':
      if (summary?.phase === 'failed')
        return { glyph: '✗', word: 'failing', color: 'red', note: messageRow(summary.reason) };
      return { glyph: '◔', word: stageOf(run), color: 'yellow', note: '', timing: timingUntil(run, now) };
    default:
      return result satisfies never;
  }
}

function stageOf({ way, builtAt, broughtAt }: EditRun): string {
  if (broughtAt !== undefined) return 'starting';
  if (way === 'helm') return 'deploying';
  if (way === 'live update') return builtAt === undefined ? 'looking at it' : 'sending';
  if (way === 'image') return builtAt === undefined ? 'building' : 'deploying';
  return 'waiting';
}

function timingUntil({ way, changedAt, seenAt, builtAt, broughtAt }: EditRun, now: number): EditTiming {
  const part = (from: number | undefined, to: number) => (from === undefined ? 0 : Math.max(0, to - from));
  const built = way === 'helm' ? seenAt : builtAt;
  return {
    watch: part(changedAt, seenAt),
    build: part(seenAt, built ?? now),
    deploy: part(built, broughtAt ?? now),
    ready: part(broughtAt, now),
    total: part(changedAt, now),
  };
}
