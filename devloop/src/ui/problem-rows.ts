import { messageLines } from '../lib/message-lines.ts';
import { type Span, span } from '../lib/spans.ts';
import { wrapText } from '../lib/text-width.ts';
import type { Problem } from '../model/errors.ts';

const bar = span('▌ ', { color: 'red' });

/**
 * A problem as terminal rows: what failed and why, the newest evidence, the next step. When there is little room the
 * evidence gives way first; the next step is never cut, so that it can be copied.
 */
export function problemRows(problem: Problem, width: number, height: number): Span[][] {
  const room = Math.max(10, width - 3);
  const why = messageLines(problem.why).flatMap((line) => wrapText(line, room));
  const fix = problem.fix ? messageLines(problem.fix).flatMap((line) => wrapText(line, room - 2)) : [];
  const evidence = (problem.evidence ?? []).flatMap(messageLines);

  const title = [bar, span(problem.title, { color: 'red', bold: true })];
  const whyRows = why.slice(0, Math.max(1, height - 1 - fix.length)).map((text) => [bar, span(text)]);
  const left = Math.max(0, height - 1 - whyRows.length - fix.length);
  const evidenceRows =
    left === 0 ? [] : evidence.slice(-left).map((text) => [bar, span('│ ', { dim: true }), span(text, { dim: true })]);
  const fixRows = fix.map((text, index) => [bar, span(index === 0 ? '→ ' : '  ', { color: 'green' }), span(text)]);
  return [title, ...whyRows, ...evidenceRows, ...fixRows].slice(0, height);
}
