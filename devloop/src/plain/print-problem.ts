import { messageLines } from '../lib/message-lines.ts';
import { paint, type Style } from '../lib/paint.ts';
import type { Problem } from '../model/errors.ts';

/**
 * A problem as text for people, without a newline at the end: what failed, why, the evidence indented, the next step.
 * @param color whether to use escape codes for colour; the text is the same without
 */
export function formatProblem(problem: Problem, { color }: { readonly color: boolean }): string {
  const styled = (text: string, style: Style) => (color ? paint(text, style) : text);
  const fix = problem.fix === undefined ? [] : messageLines(problem.fix);
  return [
    styled(`✗ ${problem.title}`, { color: 'red', bold: true }),
    ...messageLines(problem.why).map((line) => `  ${line}`),
    ...(problem.evidence ?? []).flatMap(messageLines).map((line) => styled(`    │ ${line}`, { dim: true })),
    ...fix.map((line, index) => `  ${index === 0 ? styled('→', { color: 'green' }) : ' '} ${line}`),
  ].join('\n');
}
