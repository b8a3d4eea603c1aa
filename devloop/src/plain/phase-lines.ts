import { type FailureCard, failureCard } from '../state/failure-card.ts';
import { podsOf } from '../state/of-service.ts';
import { type ServiceSummary, summarize } from '../state/service-summary.ts';
import type { LoopState, ServiceState } from '../state/state.ts';
import { line, type PlainLine } from './plain-line.ts';
import { type ToldFailure, tellFailure } from './told-failure.ts';

/** What was last told of a service: that it is ready, why it still starts, or its failure. */
interface Told {
  readonly ready: boolean;
  /** Why it starts: each reason so far, without numbers. */
  readonly starting?: readonly string[];
  readonly failure?: ToldFailure;
}

interface News {
  readonly told: Told;
  readonly lines: readonly PlainLine[];
}

/**
 * Returns what tells, for each state in turn, which services now start, are ready or fail. It remembers what it told:
 * a service that was ready before a deploy that did not touch it is not news, nor is the next round of a crash loop.
 * `now` is epoch milliseconds.
 */
export function createPhaseTeller(): (state: LoopState, now: number) => PlainLine[] {
  const told = new Map<string, Told>();
  let last: LoopState | undefined;
  return (state, now) => {
    if (state === last) return [];
    last = state;
    return Object.values(state.services).flatMap((service) => {
      const news = newsOf(state, service, now, told.get(service.name) ?? { ready: false });
      told.set(service.name, news.told);
      return news.lines;
    });
  };
}

function newsOf(state: LoopState, service: ServiceState, now: number, before: Told): News {
  const summary = summarize(state, service);
  const card = cardOf(state, summary, now);
  if (card) {
    const { failure, lines } = tellFailure(state, service, card, before.failure, now);
    return { told: { ready: false, failure }, lines };
  }
  const { failure, ...withoutFailure } = before;
  switch (summary.phase) {
    case 'ready':
      return {
        told: { ready: true, ...(failure && { failure: { endedAt: now, ...failure } }) },
        lines: before.ready ? [] : [readyLine(summary)],
      };
    case 'starting':
      // Between two rounds of a crash loop the container starts: that ends no failure.
      return podsOf(state, summary.name).length === 0 || (failure && failure.endedAt === undefined)
        ? nothingNew(before)
        : startingNews(summary, before);
    case 'building':
    case 'deploying':
      // What fails after that is told again.
      return nothingNew(mayMend(state, service, summary) ? withoutFailure : before);
    case 'waiting':
    case 'updating':
    case 'failed':
      return nothingNew(before);
    default:
      return summary.phase satisfies never;
  }
}

const nothingNew = (told: Told): News => ({ told, lines: [] });

const cardOf = (state: LoopState, { name, phase }: ServiceSummary, now: number): FailureCard | undefined =>
  phase === 'failed' || phase === 'starting' ? failureCard(state, name, now) : undefined;

/** Is the work that is under way for the service itself? */
function mayMend(state: LoopState, service: ServiceState, { phase }: ServiceSummary): boolean {
  const release = state.releases[service.spec?.release ?? ''];
  if (phase === 'building' || release?.deploy.status !== 'running') return true;
  const { edit, rollbackTo } = release.deploy;
  return rollbackTo !== undefined || edit === service.edit || edit === release.edit;
}

function readyLine({ name, url, ready, wanted, reason }: ServiceSummary): PlainLine {
  const pods = wanted === 0 ? reason : `${ready}/${wanted} ${wanted === 1 ? 'pod' : 'pods'}`;
  return line(name, `● ready, ${pods}${url ? `, ${url}` : ''}`, { color: 'green' });
}

function startingNews({ name, reason }: ServiceSummary, { starting = [], failure }: Told): News {
  // A second probe that fails like the first, after another time, is not news.
  const plain = reason.replaceAll(/\d+/g, '');
  const isKnown = starting.includes(plain);
  return {
    told: { ready: false, starting: isKnown ? starting : [...starting, plain], ...(failure && { failure }) },
    lines: isKnown ? [] : [line(name, `starting: ${reason}`)],
  };
}
