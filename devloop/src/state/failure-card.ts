import { formatDuration } from '../lib/duration.ts';
import { messageLines, messageRow } from '../lib/message-lines.ts';
import { explainExitCode } from '../model/exit-code.ts';
import type { KubeEventView } from '../model/pod.ts';
import { type FailureCause, type FailureKind, failureCause, livenessKill, probeAnswer } from './failure-cause.ts';
import { failuresInRow } from './probe-run.ts';
import { rollbackTarget } from './rollback-target.ts';
import type { LoopState, ServiceState } from './state.ts';

/** What proves a cause. */
export type Evidence =
  | {
      readonly type: 'exit';
      readonly container: string;
      readonly code: number;
      readonly meaning: string;
      readonly restarts: number;
    }
  /** The last lines of the container that ended. */
  | { readonly type: 'last-lines'; readonly container: string; readonly lines: readonly string[] }
  | { readonly type: 'event'; readonly reason: string; readonly message: string; readonly count: number }
  | {
      readonly type: 'probe';
      readonly kind: string;
      /** What it got: `HTTP 503`, or why there was no answer. */
      readonly answer: string;
      /** The start of the answer's body, where there was one. */
      readonly body?: string;
      /** Failures in a row, and how many Kubernetes lets pass. */
      readonly failures: number;
      readonly threshold: number;
    }
  /** The words of a builder, a bundler or helm; `location` is `src/server.ts:14:9`, where they name one. */
  | { readonly type: 'output'; readonly location?: string; readonly lines: readonly string[] };

/** What the user can do about it: tabs and keys of the dashboard, the most helpful first. */
export type HelpfulAction =
  | 'logs'
  | 'previous'
  | 'probes'
  | 'events'
  | 'builds'
  | 'commands'
  | 'describe'
  | 'shell'
  | 'rollback'
  | 'restart'
  | 'rebuild';

/** Everything that helps with one bad service. Durations in milliseconds. */
export interface FailureCard {
  readonly service: string;
  readonly kind: FailureKind;
  /** One sentence without a full stop. */
  readonly cause: string;
  /** The strongest first. */
  readonly evidence: readonly Evidence[];
  /** The next step, often a command to paste. */
  readonly fix?: string;
  /** Files changed since it was last green, relative to the project's root, newest last. */
  readonly changed: readonly string[];
  /** How long it is bad; not set in the moment that it turns so. */
  readonly badFor?: number;
  /** The edit that was the last good one, and how long ago it was still so. */
  readonly lastGreen?: { readonly edit: number; readonly ago: number };
  readonly actions: readonly HelpfulAction[];
  /** Where the logs, the shell and the description are about. */
  readonly pod?: string;
  readonly container?: string;
}

/**
 * The card of a service that is bad; undefined for one that is well, or on its way.
 * @param now epoch milliseconds
 */
export function failureCard(state: LoopState, name: string, now: number): FailureCard | undefined {
  const service = state.services[name];
  const cause = service && failureCause(state, service, now);
  if (!service || !cause) return undefined;
  const { health } = service;
  const failed = health?.status === 'failed' ? health : undefined;
  return {
    service: name,
    kind: cause.kind,
    cause: cause.sentence,
    evidence: evidenceOf(service, cause),
    ...(cause.fix !== undefined && { fix: cause.fix }),
    changed: service.changed,
    ...(failed && { badFor: Math.max(0, now - failed.since) }),
    ...(failed?.green && { lastGreen: { edit: failed.green.edit, ago: Math.max(0, now - failed.green.until) } }),
    actions: actionsOf(state, service, cause),
    ...(cause.pod && { pod: cause.pod.view.name }),
    ...(cause.container && { container: cause.container.name }),
  };
}

function evidenceOf(service: ServiceState, cause: FailureCause): Evidence[] {
  return [...exitOf(cause), ...probeOf(cause), ...outputOf(cause), ...lastLinesOf(cause), ...eventsOf(service, cause)];
}

function exitOf({ kind, container }: FailureCause): Evidence[] {
  if (!container || !['exit', 'crash-loop', 'memory', 'liveness'].includes(kind)) return [];
  const { state, exitCode, reason, last, restarts, name } = container;
  const ended = state === 'terminated' ? { exitCode: exitCode ?? 0, reason } : last;
  if (!ended) return [];
  const meaning = explainExitCode(ended.exitCode, ended.reason);
  return [{ type: 'exit', container: name, code: ended.exitCode, meaning, restarts }];
}

function probeOf({ probe, pod, container }: FailureCause): Evidence[] {
  if (!probe || !pod || !container) return [];
  const body = probe.code === undefined ? '' : messageRow(probe.detail ?? '');
  return [
    {
      type: 'probe',
      kind: probe.kind,
      answer: probeAnswer(probe),
      ...(body !== '' && { body }),
      ...failuresInRow(pod, container.name, probe.kind),
    },
  ];
}

function outputOf({ problem }: FailureCause): Evidence[] {
  if (!problem) return [];
  const lines = (problem.evidence ?? []).flatMap(messageLines);
  const location = [problem.why, ...lines].map(locationIn).find((found) => found !== undefined);
  return lines.length > 0 || location !== undefined ? [{ type: 'output', lines, ...(location && { location }) }] : [];
}

/** `src/server.ts:14:9` of a compiler's line, which writes it so or as `src/server.ts(14,9)`. */
function locationIn(text: string): string | undefined {
  const [, file, line, column] = /(?:^|[\s('"])([\w@./\\-]+\.\w+)[:(](\d+)(?:[:,](\d+))?/.exec(text) ?? [];
  return file === undefined ? undefined : [file, line, column].filter((part) => part !== undefined).join(':');
}

function lastLinesOf({ pod, container, kind }: FailureCause): Evidence[] {
  const crash = pod?.crash;
  if (!crash || crash.lines.length === 0 || kind === 'update') return [];
  if (container && crash.container !== container.name) return [];
  return [{ type: 'last-lines', container: crash.container, lines: crash.lines.flatMap(messageLines) }];
}

/** The words by which a cause's own events are known. */
const eventWords: Partial<Record<FailureKind, RegExp>> = {
  image: /^(Failed|ErrImagePull|InspectFailed|ErrImageNeverPull)/,
  config: /^(Failed|FailedMount)/,
  unschedulable: /^FailedScheduling/,
  readiness: /^Unhealthy.*Readiness/,
  liveness: /^Unhealthy.*(Liveness|Startup)/,
  workload: /^(FailedCreate|ReplicaSetCreateError|ProgressDeadlineExceeded)/,
  exit: /^(Evicted|Failed)/,
};

function eventsOf(service: ServiceState, { kind, pod, container, probe }: FailureCause): Evidence[] {
  // Where devloop asks the probe itself, the kubelet says nothing new.
  const words = kind === 'readiness' && probe?.from === 'devloop' ? undefined : eventWords[kind];
  const about = service.events.filter(({ object }) => pod === undefined || object.name === pod.view.name);
  const warning =
    words && about.findLast(({ type, reason, message }) => type === 'Warning' && words.test(`${reason} ${message}`));
  const kill = kind === 'liveness' && pod && container ? livenessKill(service, pod, container) : undefined;
  return [warning, kill].flatMap((event) => (event ? [eventEvidence(event)] : []));
}

const eventEvidence = ({ reason, message, count }: KubeEventView): Evidence => ({
  type: 'event',
  reason,
  message: messageRow(message),
  count,
});

const helpful: Record<FailureKind, readonly HelpfulAction[]> = {
  build: ['builds', 'rebuild'],
  deploy: ['commands', 'rollback'],
  update: ['logs', 'rebuild', 'restart'],
  image: ['events', 'describe', 'rebuild', 'rollback'],
  config: ['describe', 'events', 'restart', 'rollback'],
  exit: ['logs', 'describe', 'rollback', 'restart'],
  'crash-loop': ['previous', 'logs', 'rollback', 'restart'],
  memory: ['previous', 'describe', 'rollback', 'restart'],
  liveness: ['previous', 'probes', 'rollback', 'restart'],
  readiness: ['probes', 'logs', 'shell', 'rollback', 'restart'],
  unschedulable: ['events', 'describe', 'rollback'],
  workload: ['events', 'describe', 'rollback'],
};

function actionsOf(state: LoopState, { name, spec }: ServiceState, { kind, container }: FailureCause): HelpfulAction[] {
  return helpful[kind].filter((action) => {
    if (action === 'rollback') return rollbackTarget(state, name) !== undefined;
    if (action === 'rebuild') return spec?.image !== undefined;
    if (action === 'shell') return container?.state === 'running';
    return true;
  });
}

/** A row of a card as text. */
export interface CardLine {
  /** What the text is: `cause`, `exit`, `probe`, `output`, `last lines`, `event`, `changed`, `since`, `fix`. */
  readonly label: string;
  readonly text: string;
}

const filesNamed = 5;

/** The card as text, a line each; a label is given once, and is empty on the lines that go on from it. */
export function failureCardLines(card: FailureCard): CardLine[] {
  return [
    { label: 'cause', text: card.cause },
    ...card.evidence.flatMap((evidence) => evidenceLines(evidence, card.cause)),
    ...changedLine(card),
    ...sinceLine(card),
    ...(card.fix === undefined ? [] : labelled('fix', messageLines(card.fix))),
  ];
}

const labelled = (label: string, lines: readonly string[]): CardLine[] =>
  lines.map((text, index) => ({ label: index === 0 ? label : '', text }));

/** @param cause what is said before it, and not again */
function evidenceLines(evidence: Evidence, cause: string): CardLine[] {
  switch (evidence.type) {
    case 'exit': {
      const { code, meaning, restarts } = evidence;
      const times = restarts === 0 ? '' : `; ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`;
      return [{ label: 'exit', text: `code ${code}: ${meaning}${times}` }];
    }
    case 'probe': {
      const { kind, answer, body, failures, threshold } = evidence;
      const what = body === undefined ? answer : `${answer}: ${body}`;
      return [{ label: 'probe', text: `${kind}: ${what} (${failures} in a row, ${threshold} allowed)` }];
    }
    case 'output':
      return [
        ...(evidence.location === undefined || cause.includes(evidence.location)
          ? []
          : [{ label: 'at', text: evidence.location }]),
        ...labelled('output', evidence.lines),
      ];
    case 'last-lines':
      return labelled('last lines', evidence.lines);
    case 'event': {
      const times = evidence.count > 1 ? ` (${evidence.count} times)` : '';
      return [{ label: 'event', text: `${evidence.reason}: ${evidence.message}${times}` }];
    }
    default:
      return evidence satisfies never;
  }
}

function changedLine({ changed, lastGreen }: FailureCard): CardLine[] {
  if (changed.length === 0)
    return lastGreen ? [{ label: 'changed', text: `no file since ${editName(lastGreen.edit)} was live` }] : [];
  const newest = changed.slice(-filesNamed).reverse();
  const more = changed.length - newest.length;
  return [{ label: 'changed', text: `${newest.join(', ')}${more > 0 ? ` and ${more} more` : ''}` }];
}

const editName = (edit: number): string => (edit === 0 ? 'the start' : `edit ${edit}`);

function sinceLine({ badFor, lastGreen }: FailureCard): CardLine[] {
  const bad = badFor === undefined || badFor < 1000 ? [] : [`bad for ${formatDuration(badFor)}`];
  const green = lastGreen ? [`last green: ${editName(lastGreen.edit)}, ${formatDuration(lastGreen.ago)} ago`] : [];
  const text = [...bad, ...green].join('; ');
  return text === '' ? [] : [{ label: 'since', text }];
}
