import { podsOf } from '../state/of-service.ts';
import { type ServiceSummary, summarize } from '../state/service-summary.ts';
import type { LoopState } from '../state/state.ts';
import { failureLines } from './failure-lines.ts';
import { line, type PlainLine } from './plain-line.ts';

/** What was last told of a service: that it is ready, why it still starts, or the cause of its failure. */
interface Told {
  readonly ready: boolean;
  /** Why it starts: each reason so far, without numbers. */
  readonly starting?: readonly string[];
  readonly cause?: string;
}

/**
 * Returns what tells, for each state in turn, which services now start, are ready or fail. It remembers what it told:
 * a service that was ready before a deploy that did not touch it is not news, nor is the next round of a crash loop.
 */
export function createPhaseTeller(): (state: LoopState) => PlainLine[] {
  const told = new Map<string, Told>();
  let last: LoopState | undefined;
  return (state) => {
    if (state === last) return [];
    last = state;
    return Object.values(state.services).flatMap((service) => {
      const summary = summarize(state, service);
      const before = told.get(service.name) ?? { ready: false };
      const now = toldOf(state, summary, before);
      told.set(service.name, now);
      return linesOf(state, summary, before, now);
    });
  };
}

function toldOf(state: LoopState, summary: ServiceSummary, before: Told): Told {
  switch (summary.phase) {
    case 'ready':
      return { ready: true };
    case 'failed':
      return { ready: false, cause: causeOf(summary) };
    case 'starting':
      // Between two rounds of a crash loop the container starts: that ends no failure.
      if (podsOf(state, summary.name).length === 0) return before;
      if (before.cause !== undefined) return { ready: false, cause: before.cause };
      return { ready: false, starting: withItem(before.starting ?? [], withoutNumbers(summary.reason)) };
    case 'building':
    case 'deploying':
    case 'updating': {
      // New work may mend it: what fails after that is told again.
      const { cause, ...rest } = before;
      return cause === undefined ? before : rest;
    }
    case 'waiting':
      return before;
    default:
      return summary.phase satisfies never;
  }
}

function linesOf(state: LoopState, summary: ServiceSummary, before: Told, now: Told): PlainLine[] {
  const { name, problem, url, ready, wanted, reason } = summary;
  if (now.ready && !before.ready) {
    const pods = wanted === 0 ? reason : `${ready}/${wanted} ${wanted === 1 ? 'pod' : 'pods'}`;
    return [line(name, `● ready, ${pods}${url ? `, ${url}` : ''}`, { color: 'green' })];
  }
  if (now.starting && now.starting !== before.starting) return [line(name, `starting: ${reason}`)];
  if (now.cause === undefined || now.cause === before.cause || !problem || isWorkFailure(state, summary)) return [];
  // A crash prints its last lines itself.
  const { evidence: _, ...rest } = problem;
  return failureLines(state, { service: name }, rest);
}

/** Was the failure printed with the event of the build, the deploy or the update? */
function isWorkFailure(state: LoopState, { name, problem }: ServiceSummary): boolean {
  const build = state.services[name]?.build;
  if (build?.status === 'failed' && build.problem === problem) return true;
  const update = state.services[name]?.update;
  if (update?.status === 'failed' && update.problem === problem) return true;
  if (podsOf(state, name).some((pod) => pod.update?.problem === problem)) return true;
  return Object.values(state.releases).some(({ deploy }) => deploy.status === 'failed' && deploy.problem === problem);
}

/** The same list when it has the item already. */
const withItem = (list: readonly string[], item: string): readonly string[] =>
  list.includes(item) ? list : [...list, item];

/** A second probe that fails like the first, after another time, is not news. */
const withoutNumbers = (reason: string): string => reason.replaceAll(/\d+/g, '');

/** The cause without its counters: one more restart of the same crash loop is not news. */
const causeOf = ({ reason, problem }: ServiceSummary): string =>
  (problem?.why ?? reason).replaceAll(/\d+ restarts?/g, '');
