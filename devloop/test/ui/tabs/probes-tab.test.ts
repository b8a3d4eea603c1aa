import { describe, expect, it } from '@jest/globals';
import type { ProbeResult } from '../../../src/model/pod.ts';
import type { PodState } from '../../../src/state/state.ts';
import { probeSeries } from '../../../src/ui/tabs/probe-series.ts';
import { probeText } from '../../../src/ui/tabs/probe-text.ts';
import { probesRows } from '../../../src/ui/tabs/probes-tab.ts';
import { readyText } from '../../../src/ui/tabs/ready-text.ts';
import { probed, sampleContainer, samplePod, started, startTime } from '../../support/sample.ts';
import type { Timed } from '../../support/screen.ts';
import { ledger, probedPod, probeSpec, withPod } from './scenes.ts';
import { atOnce, showTab, stateAt } from './show-tab.ts';

describe('how a probe is declared', () => {
  it.each([
    [probeSpec('readiness'), 'GET http://:8080/healthz every 1 s, timeout 0.5 s, fails after 3 in a row'],
    [
      probeSpec('startup', { initialDelay: 5000, period: 90_000, failureThreshold: 30 }),
      'GET http://:8080/healthz every 1m 30s, timeout 0.5 s, fails after 30 in a row, first after 5 s',
    ],
    [
      probeSpec('liveness', { action: { type: 'tcp' }, period: 10_000, timeout: 1000 }),
      'TCP :8080 every 10 s, timeout 1 s, fails after 3 in a row',
    ],
  ])('of %j is %j', (spec, text) => {
    expect(probeText(spec)).toBe(text);
  });
});

describe('the series of a probe', () => {
  const result = (second: number, ok: boolean, change: Partial<ProbeResult> = {}): ProbeResult => ({
    pod: 'p',
    uid: 'p',
    service: 'backend',
    container: 'backend',
    kind: 'readiness',
    ok,
    latency: 3,
    from: 'devloop',
    at: startTime + second * 1000,
    ...change,
  });
  const pod = (probes: readonly ProbeResult[], change: Parameters<typeof probedPod>[0] = {}): PodState => ({
    view: probedPod(change),
    probes,
  });
  const counts = (probes: readonly ProbeResult[], change = {}) =>
    probeSeries(pod(probes, change))
      .find(({ kind }) => kind === 'readiness')
      ?.results.map(({ failures }) => failures);

  it.each<[string, readonly boolean[], readonly number[]]>([
    ['passes', [true, true], [0, 0]],
    ['failures in a row', [false, false, false, false], [1, 2, 3, 4]],
    ['a pass between', [false, true, false, false], [1, 0, 1, 2]],
  ])('counts %s', (_, oks, expected) => {
    expect(counts(oks.map((ok, second) => result(second, ok)))).toEqual(expected);
  });

  it('counts what devloop and the kubelet see apart, and a pass for both', () => {
    const kubelet = { from: 'kubelet' } as const;
    const all = [
      result(1, false),
      result(1, false, kubelet),
      result(2, false),
      result(3, true),
      result(4, false, kubelet),
    ];
    expect(counts(all)).toEqual([1, 1, 2, 0, 1]);
  });

  it('counts anew when the container is started anew', () => {
    const containers = [sampleContainer('backend', 0, { restarts: 1, startedAt: startTime + 2500 })];
    expect(counts([result(1, false), result(2, false), result(3, false), result(4, false)], { containers })).toEqual([
      1, 2, 1, 2,
    ]);
  });

  it('keeps kinds and containers apart, in the order of a start', () => {
    const probes = [result(1, true, { kind: 'liveness' }), result(1, true, { container: 'proxy', kind: 'startup' })];
    expect(probeSeries(pod(probes)).map(({ kind, container, spec }) => [kind, container, spec !== undefined])).toEqual([
      ['startup', 'proxy', false],
      ['readiness', 'backend', true],
      ['liveness', 'backend', true],
    ]);
  });
});

describe('how long a pod took until it was Ready', () => {
  const at = (seconds: number) => startTime + seconds * 1000;
  const container = (startedAt: number, restarts = 0) => [
    sampleContainer('backend', 0, { startedAt: at(startedAt), restarts }),
  ];

  it.each<[string, Parameters<typeof probedPod>[0], number | undefined, string]>([
    [
      'is told from both starts',
      {},
      at(4),
      'Ready 4 s after it was created, 3 s after its container started (since 14:03:24)',
    ],
    [
      'is told from the one where both are one',
      { containers: container(0) },
      at(4),
      'Ready 4 s after it was created (since 14:03:24)',
    ],
    [
      'may be less than Kubernetes tells',
      { containers: container(0), readySince: at(0) },
      at(0),
      'Ready under 1 s after it was created (since 14:03:20)',
    ],
    [
      'is not known yet',
      { ready: false, readySince: at(0), containers: container(1) },
      undefined,
      'not Ready since it was created 1m 00s ago',
    ],
    [
      'was, before it was lost',
      { ready: false, readySince: at(30), containers: container(1) },
      at(4),
      'not Ready since 14:03:50 (it was Ready 4 s after it was created)',
    ],
    [
      'is told again after a restart',
      { readySince: at(42), containers: container(40, 1) },
      at(4),
      'Ready again since 14:04:02, 2 s after its container started (first Ready 4 s after it was created)',
    ],
    [
      'is told again without a restart',
      { readySince: at(42) },
      at(4),
      'Ready again since 14:04:02 (first Ready 4 s after it was created)',
    ],
  ])('%s', (_, change, firstReadyAt, text) => {
    expect(readyText({ view: probedPod(change), probes: [], firstReadyAt }, at(60))).toBe(text);
  });
});

describe('the probes tab', () => {
  const begin = atOnce([started()]);

  it('shows what is declared, the strip and each result', () => {
    const pod = probedPod();
    expect(showTab(probesRows, stateAt([...begin, withPod(pod), ...ledger(pod)]), 120)).toBe(
      `Pod backend-7d9f8b6c5-x2x4q
  Ready 4 s after it was created, 3 s after its container started (since 14:03:24)
  readiness  GET http://:8080/healthz every 1 s, timeout 0.5 s, fails after 3 in a row
    ••✗✗•  passed: 200 in 6 ms, 14:03:34
  liveness   TCP :8080 every 10 s, timeout 0.5 s, fails after 3 in a row, first after 5 s
    no result yet

Results  newest first
14:03:34  ✓ ok   readiness  200    6 ms  devloop
14:03:33  ✗ fail readiness  503    5 ms  devloop  2 of 3 failures: {"error":"the database does not answer: connect
                                                  ECONNREFUSED 127.0.0.1:5432"}
14:03:32  ✗ fail readiness  503    4 ms  devloop  1 of 3 failures: {"error":"the database does not answer: connect
                                                  ECONNREFUSED 127.0.0.1:5432"}
14:03:31  ✓ ok   readiness  200    3 ms  devloop
14:03:30  ✓ ok   readiness  200    2 ms  devloop`,
    );
  });

  it('says how often a probe has failed beyond its threshold, and why', () => {
    const pod = probedPod({ ready: false });
    const failures: Timed[] = [1, 2, 3, 4].map((second) => [
      second * 1000,
      probed(pod, { ok: false, at: startTime + second * 1000, detail: 'connect ECONNREFUSED', latency: 1 }),
    ]);
    const [, , , strip] = showTab(probesRows, stateAt([...begin, withPod(pod), ...failures]), 120).split('\n');
    expect(strip).toBe('    ✗✗✗✗  failed: 4 failures, threshold 3, 14:03:24');
  });

  it('names the container of a probe where the pod has several', () => {
    const containers = [sampleContainer('backend'), sampleContainer('proxy')];
    const pod = probedPod({ containers, probes: [probeSpec('readiness', { container: 'proxy' })] });
    expect(showTab(probesRows, stateAt([...begin, withPod(pod)]), 120)).toContain('  readiness of proxy  GET');
  });

  it.each([
    ['no pods', [], 'No pods yet.'],
    ['no probes', [withPod(samplePod('backend'))], 'It declares no probes'],
    ['no results', [withPod(probedPod())], 'None yet: a probe is asked once its container runs.'],
  ])('says so when there are %s', (_, events, words) => {
    expect(showTab(probesRows, stateAt([...begin, ...events]), 80)).toContain(words);
  });

  it('shows the newest of very many results and says how many are left out', () => {
    const pods = ['a', 'b', 'c'].map((name) => probedPod({ name, uid: name }));
    const results = pods.flatMap((pod) =>
      Array.from({ length: 120 }, (_, index): Timed => [index, probed(pod, { at: startTime + index * 1000 })]),
    );
    const text = showTab(probesRows, stateAt([...begin, ...pods.map((pod) => withPod(pod)), ...results]), 80);
    expect(text).toContain('Results  newest first, 60 older ones left out');
    expect(text.match(/✓ ok/g)).toHaveLength(300);
  });
});
