import { describe, expect, it } from '@jest/globals';
import { renderSpans, spansWidth } from '../../src/lib/spans.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import type { PodUsage } from '../../src/model/pod-usage.ts';
import { serviceRows } from '../../src/state/service-row.ts';
import { createStore } from '../../src/state/store.ts';
import { columnsFor, headingSpans } from '../../src/ui/service-columns.ts';
import { rowSpans } from '../../src/ui/service-row-spans.ts';
import {
  allHealthy,
  buildFailed,
  compilerProblem,
  crashLoopPod,
  deployed,
  edited,
  editTiming,
  forwarded,
  imageOf,
  inputsOf,
  podChanged,
  probed,
  sampleContainer,
  samplePod,
  sampleProject,
  sampleWorkload,
  startTime,
  workloadChanged,
} from '../support/sample.ts';

const mb = 2 ** 20;
const widths = [60, 80, 120, 200] as const;

function rowsAfter(events: readonly LoopEvent[]) {
  const store = createStore(() => startTime);
  for (const event of events) store.dispatch(event);
  return serviceRows(store.getState());
}

function linesOf(events: readonly LoopEvent[], width: number, unread: ReadonlySet<string> = new Set()): string[] {
  const rows = rowsAfter(events);
  const columns = columnsFor(width, rows);
  const spans = [
    headingSpans(columns, ''),
    ...rows.map((row, index) =>
      rowSpans(row, columns, { selected: index === 0, unread: unread.has(row.name), lost: false, now: startTime }),
    ),
  ];
  for (const each of spans) expect(spansWidth(each)).toBeLessThanOrEqual(width);
  return spans.map((each) => renderSpans(each, false).trimEnd());
}

const stats = (...pods: PodUsage[]): LoopEvent => ({ type: 'pods.stats', pods, unavailable: {} });
const uid = (service: string) => `${service}-7d9f-0`;
const usage = Array.from({ length: 24 }, (_, poll) =>
  stats(
    { uid: uid('api'), cpu: 20 + poll * 17, memory: (100 + poll * 6) * mb },
    { uid: uid('web'), cpu: 2, memory: 80 * mb },
    { uid: uid('worker'), cpu: 1500, memory: 3000 * mb },
  ),
);
const limited = samplePod('api', 0, {
  containers: [sampleContainer('api', 0, { limits: { cpu: 500, memory: 256 * mb } })],
});
const project = sampleProject(['api', 'web', 'worker', 'mailer']);
const live = (service: string, edit: number, total: number): LoopEvent => ({
  type: 'service.live',
  service,
  edit,
  ms: { ...editTiming, total },
});
/** Updated by a sync, built, failing in a crash loop, with a build that failed. */
const mixed: readonly LoopEvent[] = [
  ...allHealthy(project),
  podChanged(limited),
  ...usage,
  probed(limited, { ok: false, code: 503, latency: 40, at: startTime + 4000 }),
  probed(limited, { latency: 143, at: startTime + 5000 }),
  live('api', 12, 143),
  ...deployed(
    { web: imageOf('web', 13) },
    inputsOf({ api: imageOf('api'), web: imageOf('web'), worker: imageOf('worker'), mailer: imageOf('mailer') }),
  ),
  podChanged(samplePod('web', 13, { uid: uid('web') })),
  live('web', 13, 4200),
  podChanged(crashLoopPod('worker', 12)),
  edited(14, ['mailer'], ['mailer/main.ts'], startTime),
  ...buildFailed('mailer', 14, compilerProblem),
];

describe.each(widths)('the services at %i columns', (width) => {
  it('show what fits', () => {
    expect(`\n${linesOf(mixed, width, new Set(['worker', 'mailer'])).join('\n')}\n`).toMatchSnapshot();
  });

  it('keep their columns while figures change', () => {
    const calm = columnsFor(width, rowsAfter(allHealthy(project)));
    expect(columnsFor(width, rowsAfter(mixed))).toEqual(calm);
    expect(columnsFor(width, rowsAfter(allHealthy(project).slice(0, 1)))).toEqual(calm);
  });
});

describe('a row', () => {
  const at = (width: number, ...events: LoopEvent[]) => linesOf([...allHealthy(), ...events], width)[1] ?? '';
  const pod = samplePod('backend');

  it.each<[string, LoopEvent, string]>([
    ['an edit that was synced', live('backend', 12, 143), 'synced in 143 ms, edit 12, 14:03:20'],
    ['the first start', live('backend', 0, 143), 'since 14:03:20'],
  ])('tells of %s', (_, event, expected) => {
    expect(at(200, event)).toContain(expected);
  });

  it('tells of a last update what fits', () => {
    expect(linesOf(mixed, 120)[1]).toContain('synced in 143 ms, edit 12');
    expect(linesOf(mixed, 60)[1]).toContain(' edit 12');
  });

  it.each<[string, string, number, string]>([
    ['a figure', 'code-of-exit-137 and more', 15, 'code-of-exit-…'],
    ['a figure at its point', 'took 12345.67 seconds', 12, 'took…'],
    ['a figure, where it cuts behind one', 'exit code 137 and more', 14, 'exit code 137…'],
    ['a word, and leaves no sign behind it', 'code 1: the app (crash loop)', 18, 'code 1: the app…'],
    ['a word', 'port 8080 is taken', 12, 'port 8080…'],
  ])('is not cut in the middle of %s', (_, message, width, expected) => {
    const waiting = samplePod('backend', 0, {
      ready: false,
      containers: [sampleContainer('backend', 0, { state: 'waiting', reason: message, ready: false })],
    });
    const rows = rowsAfter([...allHealthy(), podChanged(waiting)]);
    const [row] = rows;
    if (!row) throw new Error('there is a row');
    const columns = { ...columnsFor(60, rows), detail: width };
    const text = renderSpans(
      rowSpans(row, columns, { selected: false, unread: false, lost: false, now: startTime }),
      false,
    );
    expect(text).toContain(expected);
  });

  it.each<[string, Parameters<typeof probed>[1], string]>([
    ['passed', { code: 200, latency: 3 }, '200 3 ms   ▂▂▂▂ '],
    ['passed slowly', { code: 200, latency: 450 }, '200 450 ms ▂▂▂▄ '],
    ['failed', { ok: false, code: 503, latency: 3 }, '503 3 ms   ▂▂▂✗ '],
    ['failed by the kubelet’s word', { ok: false, from: 'kubelet' }, ' 200        ▂▂▂✗ '],
  ])('shows a probe that %s', (_, change, expected) => {
    expect(at(80, probed(pod, { at: startTime + 9000, ...change }))).toContain(expected);
  });

  const calm = Array.from({ length: 20 }, (_, second) =>
    probed(pod, { at: startTime + (5 + second) * 1000, latency: 3 + (second % 3) }),
  );
  it.each<[string, readonly number[], string]>([
    ['usual', [], '200 4 ms   ▂▂▂▂▂▂ '],
    ['near the usual', [7], '200 4 ms   ▂▂▂▂▂▂ '],
    ['once not usual, but as fast for a reader', [170], '200 4 ms   ▂▂▂▂▂▂ '],
    ['slow', [450], '200 450 ms ▂▂▂▂▂▄ '],
    ['usual again', [450, 4], '200 4 ms   ▂▂▂▂▄▂ '],
    ['changed for good', Array.from({ length: 40 }, () => 80), '200 67 ms  ▂▂▂▂▂▂ '],
  ])('shows a latency that is %s', (_, latencies, expected) => {
    const later = latencies.map((latency, index) => probed(pod, { at: startTime + 60_000 + index, latency }));
    expect(at(80, ...calm, ...later)).toContain(expected);
  });

  it('shows a TCP probe, which has no code', () => {
    const { code: _, ...result } = {
      ...(probed(pod, { at: startTime + 9000, latency: 1 }) as Extract<LoopEvent, { type: 'probe.result' }>).result,
    };
    expect(at(80, { type: 'probe.result', result })).toContain('ok 1 ms    ▂▂▂▂ ');
  });

  it.each<[string, Partial<PodUsage>, string]>([
    ['its figures', { cpu: 12, memory: 80 * mb }, '  12m ▁        80 MB ▆      '],
    ['no figure that nobody knows', { memory: 80 * mb }, '    -          80 MB ▆      '],
    ['nothing as next to nothing', { cpu: 0, memory: mb }, '   0m ▁         1 MB ▁      '],
  ])('shows %s', (_, figures, expected) => {
    expect(at(120, stats({ uid: pod.uid, ...figures }))).toContain(expected);
  });

  it('shows memory with its limit where there is room', () => {
    expect(linesOf(mixed, 200)[1]).toContain('238 of 256 MB');
    expect(linesOf(mixed, 200)[2]).toContain(' 80 MB');
    expect(linesOf(mixed, 120)[1]).toContain('238 MB');
  });

  it('sums what the pods of a service use', () => {
    const other = samplePod('backend', 0, { name: 'backend-7d9f-other' });
    const both = stats({ uid: pod.uid, cpu: 100, memory: 80 * mb }, { uid: other.uid, cpu: 200, memory: 90 * mb });
    expect(at(120, podChanged(other), both)).toMatch(/300m .* 170 MB/);
  });

  it('has pods and restarts of any size uncut', () => {
    const many = sampleWorkload('backend', { replicas: 120, updated: 120 });
    const restarted = samplePod('backend', 0, { containers: [sampleContainer('backend', 0, { restarts: 1234 })] });
    expect(at(80, workloadChanged(many), podChanged(restarted))).toMatch(/ 1\/120 +99\+ /);
  });

  it('names more ports than fit by their number', () => {
    const ports = [4002, 4003, 4004].map((port) => forwarded('backend', port, pod.name));
    expect(at(60, ...ports)).toMatch(/:4000 \+3 {2}/);
    expect(at(200, ...ports)).toMatch(/http:\/\/localhost:4000 :4002 :4003 :4004 {2}/);
  });
});
