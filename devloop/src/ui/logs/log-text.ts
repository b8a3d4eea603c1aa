import { jsonLineText, parseJsonLine } from '../../lib/logs/json-line.ts';
import { isoTime, wallTime } from '../../lib/time-text.ts';
import { type LogFrame, placeOf } from './log-place.ts';
import type { LogView } from './log-view.ts';
import { logWindow } from './log-window.ts';
import type { LogEntry } from './merged-lines.ts';

/**
 * All lines that the view shows, in the window or not, for a file: `TIME SERVICE/POD │ TEXT`, the time in UTC, the
 * container behind the pod where it is not named like the service.
 */
export function shownLogText(view: LogView, frame: LogFrame): string {
  const { lines } = placeOf(view, frame, true);
  let text = '';
  let last: LogEntry | undefined;
  for (let block = lines.after(last, blockSize); block.length > 0; block = lines.after(last, blockSize)) {
    text += textOf(block, view);
    last = block.at(-1);
  }
  return text;
}

/** The lines in the window, in the same form but never cut, for the clipboard. */
export const visibleLogText = (view: LogView, frame: LogFrame): string =>
  textOf(logWindow(placeOf(view, frame)).entries, view);

/** Lines that are objects at the same time: all would take several times their text. */
const blockSize = 1000;

const textOf = (entries: readonly LogEntry[], { raw }: LogView): string =>
  entries.map((entry) => `${entryText(entry, raw)}\n`).join('');

function entryText(entry: LogEntry, raw: boolean): string {
  if (entry.kind === 'note') return `── ${entry.text} ──`;
  if (entry.kind === 'marker') return `── ${wallTime(entry.at)} ──`;
  const { at, service, pod, container, text } = entry.stream.lineAt(entry.ordinal);
  const json = raw ? undefined : parseJsonLine(text);
  const origin = [service, pod, container === service ? undefined : container].filter((part) => part !== undefined);
  return `${isoTime(at)} ${origin.join('/')} │ ${json ? jsonLineText(json) : text}`;
}
