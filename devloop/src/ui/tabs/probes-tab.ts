import { formatDuration } from '../../lib/duration.ts';
import { messageRow } from '../../lib/message-lines.ts';
import { type Span, span } from '../../lib/spans.ts';
import { fit, textWidth, truncate } from '../../lib/text-width.ts';
import { wallTime } from '../../lib/time-text.ts';
import type { ContainerView } from '../../model/pod.ts';
import { podsOf } from '../../state/of-service.ts';
import type { PodState } from '../../state/state.ts';
import { blank, emptyRows, heading, row, wrapped } from './make-rows.ts';
import { type CountedResult, type ProbeSeries, probeSeries } from './probe-series.ts';
import { probeText } from './probe-text.ts';
import { readyText } from './ready-text.ts';
import type { TabRow, TabRows } from './tab-row.ts';

const longestStrip = 60;
/** What a terminal of 120 columns leaves beside the mark of the selected row. */
const fromHereInOneRow = 118;
/** Of many pods more are kept than anybody reads. */
const resultsShown = 300;

/**
 * The probe ledger: what each pod declares with a strip of recent results (the newest right), then all results of all
 * its pods, the newest first.
 */
export const probesRows: TabRows = ({ state, service, columns, now }) => {
  const pods = podsOf(state, service).map((pod) => ({ pod, series: probeSeries(pod) }));
  if (pods.length === 0)
    return emptyRows('No pods yet. The probes of each pod and all their results will be here.', columns);
  const entries = pods.flatMap(({ pod, series }) => [
    ...series.flatMap((probe) => probe.results.map((result): Entry => ({ pod, probe, result, at: result.at }))),
    ...restartsOf(pod),
  ]);
  const newest = entries.sort((a, b) => b.at - a.at).slice(0, resultsShown);
  const left = entries.length - newest.length;
  const podWidth = pods.length > 1 ? Math.max(...pods.map(({ pod }) => textWidth(shortName(pod, columns)))) : 0;
  return [
    ...pods.flatMap(({ pod, series }) => podRows(pod, series, columns, now)),
    heading('Results', columns, `newest first${left > 0 ? `, ${left} older ones left out` : ''}`),
    ...(entries.length === 0
      ? emptyRows('None yet: a probe is asked once its container runs.', columns)
      : newest.flatMap((entry) => entryRows(entry, podWidth, columns))),
  ];
};

interface Entry {
  readonly pod: PodState;
  readonly at: number;
  readonly probe?: ProbeSeries;
  readonly result?: CountedResult;
  /** Its container was started anew. */
  readonly restarted?: ContainerView;
}

const restartsOf = (pod: PodState): Entry[] =>
  pod.view.containers
    .filter(({ restarts, startedAt, init }) => restarts > 0 && startedAt !== undefined && !init)
    .map((restarted) => ({ pod, restarted, at: restarted.startedAt ?? 0 }));

function podRows(pod: PodState, series: readonly ProbeSeries[], columns: number, now: number): TabRow[] {
  const title = [span(`Pod ${pod.view.name}`, { bold: true }), span('  ')];
  const ready = wrapped([span('  ')], readyText(pod, now), pod.view.ready ? {} : { color: 'yellow' }, columns);
  const note = pod.view.deleting ? 'ending' : '';
  return [
    row(note === '' ? title : [...title, span(note, { dim: true })], columns, { key: pod.view.uid }),
    ...ready,
    ...(series.length === 0
      ? wrapped(
          [span('  ')],
          'It declares no probes: it is Ready as soon as its containers run.',
          { dim: true },
          columns,
        )
      : series.flatMap((probe) => seriesRows(probe, pod, columns))),
    blank,
  ];
}

function seriesRows({ kind, container, spec, results }: ProbeSeries, pod: PodState, columns: number): TabRow[] {
  const isOnly = pod.view.containers.filter(({ init }) => !init).length === 1;
  const name = isOnly ? kind : `${kind} of ${container}`;
  const text = spec ? probeText(spec) : 'a command or gRPC: only the kubelet asks it, and tells its failures only';
  const last = results.at(-1);
  const summary = last ? lastText(last, spec?.failureThreshold) : 'no result yet';
  const strip = results.slice(-Math.min(longestStrip, columns - 6 - textWidth(summary)));
  const marks = strip.map(({ ok }) => (ok ? span('•', { color: 'green' }) : span('✗', { color: 'red' })));
  return [
    ...wrapped([span(`  ${fit(name, Math.max(9, textWidth(name)))}  `, { bold: true })], text, {}, columns),
    row(
      [
        span('    '),
        ...marks,
        span(last ? '  ' : ''),
        span(summary, last?.ok === false ? { color: 'red' } : { dim: true }),
      ],
      columns,
      {
        copy: `${name}: ${summary}`,
      },
    ),
  ];
}

function lastText(result: CountedResult, threshold: number | undefined): string {
  const { ok, at } = result;
  const words = ok ? `passed: ${answerOf(result)}` : `failed: ${failureText(result, threshold)}`;
  return `${words}, ${wallTime(at)}`;
}

/** `2 of 3 failures`; more than the threshold once it is passed. */
function failureText({ failures }: CountedResult, threshold: number | undefined): string {
  const count = `${failures} ${failures === 1 ? 'failure' : 'failures'}`;
  if (threshold === undefined) return `${count} in a row`;
  return failures > threshold ? `${count}, threshold ${threshold}` : `${failures} of ${threshold} failures`;
}

/** The kubelet tells no latency. */
function answerOf({ ok, code, latency, from }: CountedResult): string {
  const answer = code === undefined ? (ok ? 'ok' : 'no answer') : String(code);
  return from === 'kubelet' ? answer : `${answer} in ${formatDuration(latency)}`;
}

function entryRows({ pod, at, probe, result, restarted }: Entry, podWidth: number, columns: number): TabRow[] {
  const name = podWidth > 0 ? [span(`${fit(shortName(pod, columns), podWidth)}  `, { dim: true })] : [];
  const begin = [span(`${wallTime(at)}  `, { dim: true }), ...name];
  const key = `${pod.view.uid}/${at}`;
  if (restarted) {
    const text = `↻ ${restarted.name} was started anew (restart ${restarted.restarts})`;
    return [row([...begin, span(text, { color: 'yellow' })], columns, { key: `${key}/${restarted.name}` })];
  }
  if (!probe || !result) return [];
  const { ok, code, latency, from, kind, container, detail } = result;
  const style = ok ? ({ color: 'green' } as const) : ({ color: 'red' } as const);
  const time = from === 'kubelet' ? '' : formatDuration(latency);
  const cells: Span[] = [
    ...begin,
    span(`${ok ? '✓' : '✗'} ${ok ? 'ok  ' : 'fail'} `, style),
    span(fit(kind, 11)),
    span(`${fit(code === undefined ? '-' : String(code), 4)}${time.padStart(7)}  `),
    span(fit(from, 9), { dim: true }),
  ];
  const id = { key: `${key}/${container}/${kind}/${from}` };
  if (ok) return [row(cells, columns, id)];
  const body = messageRow(detail ?? '');
  const why = `${failureText(result, probe.spec?.failureThreshold)}${body && `: ${body}`}`;
  const copy = [wallTime(at), pod.view.name, kind, 'failed', code, time, `(${from})`, why].filter(Boolean).join(' ');
  if (columns >= fromHereInOneRow) return wrapped(cells, why, style, columns, { ...id, copy });
  const indent = span(' '.repeat(10));
  return [
    row(cells, columns, { ...id, copy }),
    ...wrapped([indent], why, style, columns, { key: `${id.key}/why`, copy }),
  ];
}

/** The part of its name that tells it from the other pods of its workload. */
function shortName({ view: { name, workload } }: PodState, columns: number): string {
  const own = name.startsWith(`${workload.name}-`) ? name.slice(workload.name.length + 1) : name;
  return columns < 80 ? truncate(own.slice(own.lastIndexOf('-') + 1), 10) : truncate(own, 20);
}
