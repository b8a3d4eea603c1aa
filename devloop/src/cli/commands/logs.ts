import { systemClock } from '../../adapters/clock/system-clock.ts';
import { followLogs } from '../../engine/follow-logs.ts';
import { sanitizeLine } from '../../lib/sanitize.ts';
import { usageFault } from '../../model/errors.ts';
import type { LogLine } from '../../model/log-line.ts';
import type { PodView } from '../../model/pod.ts';
import { interruptSignal } from '../interrupt.ts';
import { lookAtCluster } from '../look-at-cluster.ts';
import type { CommonOptions } from '../options.ts';
import { say, writeJson, writeLine } from '../output.ts';
import { type Session, withSession } from '../session.ts';

export interface LogsOptions extends CommonOptions {
  readonly follow?: boolean;
  readonly since?: string;
  readonly tail?: number;
  readonly grep?: string;
  readonly previous?: boolean;
  readonly json?: boolean;
}

/** `devloop logs`: the containers' lines in the order of their time, or as they come with --follow. */
export function logs(services: readonly string[], options: LogsOptions): Promise<number> {
  // What is wrong with these options is told before anything is looked at.
  const wanted = lineFilter(options.grep);
  const since = options.since === undefined ? undefined : sinceTime(options.since, systemClock.now());
  const selection = { services, wanted, ...(since !== undefined && { since }) };
  return withSession(options, services, { docker: false, sandbox: 'look' }, (session) =>
    printLogs(session, options, selection),
  );
}

interface Selection {
  readonly services: readonly string[];
  readonly wanted: RegExp;
  readonly since?: number;
}

async function printLogs(
  session: Session,
  options: LogsOptions,
  { services, wanted, since }: Selection,
): Promise<number> {
  const interrupt = interruptSignal();
  const active = new Set(session.project.services.filter((service) => service.active).map((service) => service.name));
  const mine = (service: string) => services.length === 0 || active.has(service);
  const print = (line: LogLine) => {
    if (!mine(line.service) || !wanted.test(line.text)) return;
    if (options.json) writeJson(`${JSON.stringify(line)}\n`);
    else writeLine(textOf(line));
  };
  const start = { ...(since !== undefined && { since }), ...(options.tail !== undefined && { tail: options.tail }) };
  try {
    if (options.follow) {
      session.store.subscribe((event) => event.type === 'log' && print(event.line));
      const follower = followLogs(session.outside.kubernetes, systemClock, session.store, start, interrupt.signal);
      await lookAtCluster(session, interrupt.signal);
      follower.listed();
      await new Promise<void>((resolve) => interrupt.signal.addEventListener('abort', () => resolve()));
      return interrupt.code() ?? 0;
    }
    const lines = await collect(session, mine, { ...start, previous: options.previous ?? false }, interrupt.signal);
    lines.sort((a, b) => a.at - b.at);
    for (const line of lines) print(line);
    if (lines.length === 0) say('No log lines: no container of these services has written any.');
    return 0;
  } finally {
    interrupt.stop();
  }
}

async function collect(
  session: Session,
  mine: (service: string) => boolean,
  start: { since?: number; tail?: number; previous: boolean },
  signal: AbortSignal,
): Promise<LogLine[]> {
  const looking = new AbortController();
  await lookAtCluster(session, AbortSignal.any([looking.signal, signal]));
  looking.abort();
  const pods = Object.values(session.store.getState().pods)
    .map(({ view }) => view)
    .filter((pod) => mine(pod.service));
  const runs = pods.flatMap((pod) => pod.containers.map((container) => ({ pod, container })));
  const readable = runs.filter(({ container }) =>
    start.previous ? container.restarts > 0 : container.state !== 'waiting' || container.restarts > 0,
  );
  const lists = await Promise.all(
    readable.map(({ pod, container }) => linesOf(session, pod, container.name, start, signal)),
  );
  return lists.flat();
}

async function linesOf(
  { outside, store }: Session,
  pod: PodView,
  container: string,
  start: { since?: number; tail?: number; previous: boolean },
  signal: AbortSignal,
): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  const source = start.previous ? 'previous' : 'container';
  await outside.kubernetes.logs(
    { namespace: pod.namespace, pod: pod.name, container, ...start },
    (_, text, at) => lines.push({ at, service: pod.service, source, pod: pod.name, container, text: store.mask(text) }),
    signal,
  );
  return lines;
}

const textOf = ({ service, text }: LogLine): string => `${service} │ ${sanitizeLine(text)}\n`;

function lineFilter(pattern: string | undefined): RegExp {
  try {
    return new RegExp(pattern ?? '');
  } catch (error) {
    throw usageFault({
      title: '--grep is not a regular expression',
      why: error instanceof Error ? error.message : String(error),
      fix: "Quote it, and escape what is meant literally: --grep 'a\\.b'.",
    });
  }
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `90s`, `5m`, `2h` before now, in epoch milliseconds. */
function sinceTime(text: string, now: number): number {
  const found = /^(\d+)([smh])$/.exec(text);
  const unit = found?.[2] as keyof typeof unitMs | undefined;
  if (found && unit) return now - Number(found[1]) * unitMs[unit];
  throw usageFault({
    title: '--since is not a duration',
    why: `it is ${text}`,
    fix: 'Give seconds, minutes or hours: 90s, 5m, 2h.',
  });
}
