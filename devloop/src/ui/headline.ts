import { messageRow } from '../lib/message-lines.ts';
import { type Span, span } from '../lib/spans.ts';
import type { Keymap } from '../model/keymap/keymap.ts';
import type { LoopState } from '../state/state.ts';
import { shownKey } from './shown-key.ts';

/** Milliseconds that a notice stays under the header. */
export const noticeShownFor = 30_000;

/** The one most important thing to say about the whole loop, under the header; undefined when all is as usual. */
export function headline(state: LoopState, now: number, keymap: Keymap): Span[] | undefined {
  const { clusterLost, configProblem, status } = state;
  if (status === 'stopping') return [span('… stopping', { color: 'yellow' })];
  if (clusterLost !== undefined) {
    return [span('✗ cluster lost, trying again: ', { color: 'red', bold: true }), span(messageRow(clusterLost))];
  }
  if (configProblem) {
    const rest = ' · the last good configuration stays in use';
    return [
      span('✗ ', { color: 'red' }),
      span(configProblem.title, { color: 'red', bold: true }),
      span(`: ${messageRow(configProblem.why)}`),
      span(rest, { dim: true }),
    ];
  }
  const { paused, held } = state;
  if (paused) {
    const key = shownKey(keymap, 'pause');
    const how = key ? `${key} resumes the watching` : 'the watching can be resumed from the palette';
    const text = `: ${filesWait(paused.files)}; ${how}`;
    return [span('‖ paused', { color: 'yellow', bold: true }), span(text)];
  }
  if (held) {
    return [
      span('‖ git is at work', { color: 'yellow', bold: true }),
      span(`: ${filesWait(held.files)} until it has finished`),
      span(` (${held.why})`, { dim: true }),
    ];
  }
  const notice = state.notices.at(-1);
  if (!notice || now - notice.at >= noticeShownFor) return undefined;
  const text = messageRow(notice.text);
  return notice.level === 'warning'
    ? [span(`! ${text}`, { color: 'yellow' })]
    : [span('i ', { color: 'cyan' }), span(text)];
}

const filesWait = (files: number): string => `${files} changed ${files === 1 ? 'file waits' : 'files wait'}`;
