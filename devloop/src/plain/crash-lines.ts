import type { StampedEvent } from '../model/events.ts';
import { explainExitCode } from '../model/exit-code.ts';
import { failureCard } from '../state/failure-card.ts';
import type { LoopState } from '../state/state.ts';
import { evidenceLines, line, type PlainLine } from './plain-line.ts';

type Crash = Extract<StampedEvent, { type: 'container.crashed' }>;

/** How a container ended, and its last lines, where it did not write the same when it ended before. */
export function crashLines(event: Crash, before: LoopState): PlainLine[] {
  const { service, pod, uid, container, exitCode, reason, lines } = event;
  const last = before.pods[uid]?.crash;
  const known = new Set(last?.container === container && last.exitCode === exitCode ? last.lines.map(plain) : []);
  const isAgain = known.size > 0 && lines.every((text) => known.has(plain(text)));
  const how = `exited with code ${exitCode}${isAgain ? ' again' : ''}: ${explainExitCode(exitCode, reason)}`;
  if (isAgain) return [line(service, `✗ ${container} of ${pod} ${how}`, { color: 'red' })];
  const title = isCarded(event, before)
    ? line(service, `  last lines of ${container} of ${pod}:`)
    : line(service, `✗ ${container} of ${pod} ${how}`, { color: 'red' });
  return [title, ...evidenceLines(service, lines)];
}

/** Has the service's card already said how it ended? The lines take longer to get. */
function isCarded({ service, pod, container, exitCode, at }: Crash, before: LoopState): boolean {
  const card = failureCard(before, service, at);
  const isOfIt = card?.pod === pod && card.container === container;
  return isOfIt && card.evidence.some((evidence) => evidence.type === 'exit' && evidence.code === exitCode);
}

/** Times and counters are no other words. */
const plain = (text: string): string => text.replaceAll(/\d+/g, '');
