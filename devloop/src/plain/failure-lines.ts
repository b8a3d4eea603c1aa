import { formatDuration } from '../lib/duration.ts';
import type { StampedEvent } from '../model/events.ts';
import { type FailureCard, failureCard, failureCardLines } from '../state/failure-card.ts';
import type { LoopState } from '../state/state.ts';
import { line, outputLine, type PlainLine, problemLines } from './plain-line.ts';

const kinds = { 'build.failed': 'build', 'update.failed': 'update', 'deploy.failed': 'deploy' } as const;

/** Says that devloop's own work has failed. */
export type WorkFailure = Extract<StampedEvent, { type: keyof typeof kinds }>;

/**
 * What is printed of work that has failed: the service's card, or one for all services of the release.
 * @param state after the event
 */
export function workFailureLines(event: WorkFailure, state: LoopState): PlainLine[] {
  const service = 'service' in event ? event.service : undefined;
  const took = 'ms' in event ? ` (${formatDuration(event.ms)})` : '';
  const names = 'release' in event ? servicesOf(state, event.release) : [event.service];
  const cards = names.flatMap((name) => failureCard(state, name, event.at) ?? []);
  const [card, ...others] = cards.filter(({ kind }) => kind === kinds[event.type]);
  // Something newer is under way for all of them.
  if (!card) return problemLines(service, `${event.problem.title}${took}`, event.problem);
  const changed = new Set([card, ...others].flatMap((one) => one.changed));
  return cardLines(service, { ...card, changed: [...changed] }, took);
}

const servicesOf = ({ services }: LoopState, release: string): string[] =>
  Object.values(services)
    .filter(({ spec }) => spec?.release === release)
    .map(({ name }) => name);

/**
 * A card as lines. What its first line says already is left out.
 * @param more what the first line ends with
 */
export function cardLines(service: string | undefined, card: FailureCard, more = ''): PlainLine[] {
  const [cause, ...others] = failureCardLines(card);
  const first = cause?.text ?? card.cause;
  let last = '';
  const rest = others.flatMap(({ label, text }) => {
    last = label || last;
    return isSaid(label, text, first, card) ? [] : [rowOf(service, last, text, label !== '')];
  });
  return [line(service, `✗ ${first}${more}`, { color: 'red' }), ...rest];
}

function isSaid(label: string, text: string, first: string, { kind }: FailureCard): boolean {
  if (label === 'exit') return kind === 'exit' || kind === 'crash-loop';
  if (label === 'at') return first.includes(text);
  return label === 'output' && first.endsWith(`: ${text}`);
}

function rowOf(service: string | undefined, label: string, text: string, isFirst: boolean): PlainLine {
  if (label === 'output' || label === 'last lines') return outputLine(service, text);
  const mark = label === 'fix' ? '→' : `${label}:`;
  return line(service, `  ${isFirst ? mark : ' '} ${text}`);
}
