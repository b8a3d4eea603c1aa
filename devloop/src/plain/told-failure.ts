import type { FailureCard } from '../state/failure-card.ts';
import { podsOf } from '../state/of-service.ts';
import type { LoopState, ServiceState } from '../state/state.ts';
import { cardLines } from './failure-lines.ts';
import type { PlainLine } from './plain-line.ts';

/** What was printed of one failure of a service, which may show by several causes in turn. */
export interface ToldFailure {
  readonly causes: readonly string[];
  /** The texts of its lines. */
  readonly texts: readonly string[];
  /** The service's newest edit when the last of it was printed. */
  readonly edit: number;
  /** When the service was ready again, if it is; epoch milliseconds. */
  readonly endedAt?: number;
}

/** A service that is ready for less long than this has not recovered: what fails then is the same. Milliseconds. */
const steadyMs = 10_000;

/**
 * What is to be printed of a service's card, and what is told then: each cause of a failure once, with the lines that
 * are new.
 * @param before what was told of the service's last failure
 * @param now epoch milliseconds
 */
export function tellFailure(
  state: LoopState,
  service: ServiceState,
  card: FailureCard,
  before: ToldFailure | undefined,
  now: number,
): { readonly failure: ToldFailure; readonly lines: PlainLine[] } {
  const isOver = before?.endedAt !== undefined && now - before.endedAt >= steadyMs;
  const isSame = before && !isOver && !(service.edit > before.edit && isNewRun(state, service, card));
  const { endedAt: _, ...known } = isSame ? before : { causes: [], texts: [], edit: service.edit };
  const cause = causeKey(card);
  if (known.causes.includes(cause)) return { failure: known, lines: [] };
  const lines = newsOf(card).filter(({ text }) => !known.texts.includes(text));
  const texts = [...known.texts, ...lines.map(({ text }) => text)];
  return { failure: { causes: [...known.causes, cause], texts, edit: service.edit }, lines };
}

/** Has the container that fails started since the newest edit? Kubernetes tells whole seconds. */
function isNewRun(state: LoopState, { name, edit, editSeenAt }: ServiceState, card: FailureCard): boolean {
  const pod = podsOf(state, name).find(({ view }) => view.name === card.pod);
  if (!pod) return true;
  const container = pod.view.containers.find((one) => one.name === card.container);
  const startedAt = Math.max(pod.view.createdAt, container?.startedAt ?? 0, container?.last?.finishedAt ?? 0);
  return startedAt + 999 >= editSeenAt || (pod.update?.edit ?? 0) >= edit;
}

/** That a container ended, and that it does so again and again, is one cause. */
function causeKey({ kind, cause, evidence }: FailureCard): string {
  const exit = evidence.find(({ type }) => type === 'exit');
  return (kind === 'exit' || kind === 'crash-loop') && exit?.type === 'exit' ? `${exit.container} ${exit.code}` : cause;
}

function newsOf(card: FailureCard): PlainLine[] {
  // The event of the build, the deploy or the update has printed it.
  if (card.kind === 'build' || card.kind === 'deploy' || card.kind === 'update') return [];
  // A crash prints its last lines itself.
  const evidence = card.evidence.filter(({ type }) => type !== 'last-lines');
  return cardLines(card.service, { ...card, evidence });
}
