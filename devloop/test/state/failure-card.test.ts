import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../src/model/events.ts';
import type { ContainerView, KubeEventView, PodView } from '../../src/model/pod.ts';
import { failureCard, failureCardLines } from '../../src/state/failure-card.ts';
import { createStore } from '../../src/state/store.ts';
import {
  allHealthy,
  buildFailed,
  compilerProblem,
  crash,
  crashLoopPod,
  edited,
  live,
  missingSecretPod,
  podChanged,
  probed,
  sampleContainer,
  samplePod,
  sampleProject,
  sampleWorkload,
  startTime,
  workloadChanged,
} from '../support/sample.ts';

const minute = 60_000;
/** The backend takes live updates: an edit of it does not wait for a build. */
const { services, ...rest } = sampleProject();
const liveSpec = { sync: [], run: [], restart: true, rebuild: [] };
const project = {
  ...rest,
  services: services.map((one) => (one.name === 'backend' ? { ...one, live: liveSpec } : one)),
};

/** The state after events, the last of which come two minutes after the others. */
function stateAfter(...events: readonly LoopEvent[]) {
  let now = startTime;
  const store = createStore(() => now);
  for (const event of allHealthy(project)) store.dispatch(event);
  now += 2 * minute;
  for (const event of events) store.dispatch(event);
  return store.getState();
}
const cardAfter = (...events: readonly LoopEvent[]) =>
  failureCard(stateAfter(...events), 'backend', startTime + 4 * minute);

const linesAfter = (...events: readonly LoopEvent[]) => {
  const card = cardAfter(...events);
  return card ? failureCardLines(card).map(({ label, text }) => `${label.padEnd(10)} ${text}`) : [];
};

const badPod = (container: Partial<ContainerView>, change: Partial<PodView> = {}) =>
  podChanged(
    samplePod('backend', 0, { ready: false, containers: [sampleContainer('backend', 0, container)], ...change }),
  );

const warning = (reason: string, message: string, change: Partial<KubeEventView> = {}): LoopEvent => ({
  type: 'kubernetes.event',
  event: {
    uid: `event-${reason}-${message}`,
    type: 'Warning',
    reason,
    message,
    object: { kind: 'Pod', name: 'backend-7d9f-0' },
    service: 'backend',
    count: 1,
    at: startTime,
    ...change,
  },
});
const health = (status: 'ready' | 'failed', edit = 0, cause = ''): LoopEvent => ({
  type: 'service.health',
  service: 'backend',
  status,
  cause,
  edit,
});
const lastLines: LoopEvent = {
  type: 'container.crashed',
  service: 'backend',
  uid: 'backend-7d9f-0',
  pod: 'backend-7d9f-0',
  container: 'backend',
  ...crash,
  lines: ['listening', 'Error: no database'],
};
const readiness = {
  kind: 'readiness',
  container: 'backend',
  action: { type: 'http', scheme: 'http', path: '/ready' },
  port: 8080,
  period: 1000,
  timeout: 1000,
  failureThreshold: 2,
  initialDelay: 0,
} as const;

describe('the card of', () => {
  it('a build that fails has its file, line and words', () => {
    expect(
      linesAfter(edited(12, ['backend'], ['src/server.ts'], 0), ...buildFailed('backend', 12, compilerProblem)),
    ).toEqual([
      'cause      edit 12 does not build: src/server.ts:14:9: error TS2322: Type string is not assignable to type number',
      'output     #9 [build 4/5] RUN npm run build',
      "           src/server.ts(14,9): error TS2322: Type 'string' is not assignable to type 'number'.",
      '           npm error Lifecycle script `build` failed with error:',
      'changed    src/server.ts',
      'fix        Correct the file: the next save builds again, and the last good pod goes on serving.',
    ]);
  });

  it('a deploy that fails has helm’s words', () => {
    const problem = {
      title: 'helm upgrade of tasks failed',
      why: 'values don’t meet the schema',
      evidence: ['Error: port'],
    };
    const inputs = stateAfter().releases['tasks']?.attempted ?? '';
    const card = cardAfter(
      { type: 'deploy.started', release: 'tasks', edit: 1, inputs },
      { type: 'deploy.failed', release: 'tasks', edit: 1, problem, ms: 3 },
    );
    expect(card).toMatchObject({
      kind: 'deploy',
      cause: 'helm could not deploy release tasks: values don’t meet the schema',
      evidence: [{ type: 'output', lines: ['Error: port'] }],
      actions: ['commands'],
    });
  });

  it('a live update that fails names the pod', () => {
    const problem = { title: 'Edit 3 did not get into pod backend-7d9f-0', why: '/app is read-only' };
    const update = { status: 'failed', edit: 0, problem } as const;
    const card = cardAfter(
      edited(3, ['backend'], ['a.ts'], 0),
      { type: 'update.prepared', service: 'backend', edit: 3, image: 'backend:edit-0', files: 1, ms: 1 },
      { type: 'pod.update', service: 'backend', uid: 'backend-7d9f-0', pod: 'backend-7d9f-0', update },
    );
    expect(card).toMatchObject({
      kind: 'update',
      cause: 'edit 3 did not get into pod backend-7d9f-0: /app is read-only',
      pod: 'backend-7d9f-0',
      actions: ['logs', 'rebuild', 'restart'],
    });
  });

  it('an image that cannot be pulled has the event', () => {
    const message = 'pull access denied for backend';
    expect(
      linesAfter(
        badPod({
          state: 'waiting',
          reason: 'ImagePullBackOff',
          message: `Back-off pulling image: ${message}`,
          ready: false,
        }),
        warning('Failed', `Failed to pull image "backend:edit-0": ${message}`, { count: 4 }),
      ),
    ).toEqual([
      'cause      image backend:edit-0 cannot be had: Back-off pulling image: pull access denied for backend',
      'event      Failed: Failed to pull image "backend:edit-0": pull access denied for backend (4 times)',
      'fix        kubectl --namespace tasks-dev describe pod backend-7d9f-0',
    ]);
  });

  it('a crash loop has the exit code, the last lines, and since when', () => {
    expect(
      linesAfter(
        health('ready', 11),
        edited(12, ['backend'], ['src/a.ts', 'src/b.ts'], 0),
        podChanged(crashLoopPod('backend')),
        lastLines,
      ),
    ).toEqual([
      'cause      backend keeps crashing: exit code 1, the app reported an error',
      'exit       code 1: the app reported an error; 3 restarts',
      'last lines listening',
      '           Error: no database',
      'changed    src/b.ts, src/a.ts',
      'fix        kubectl --namespace tasks-dev logs backend-7d9f-0 --container backend --previous',
    ]);
  });

  it('a container that used too much memory says so', () => {
    const last = { exitCode: 137, reason: 'OOMKilled' };
    const card = cardAfter(badPod({ state: 'waiting', reason: 'CrashLoopBackOff', ready: false, restarts: 1, last }));
    expect(card).toMatchObject({
      kind: 'memory',
      cause: 'backend was killed: it needs more memory than its limit allows',
      evidence: [
        { type: 'exit', code: 137, meaning: 'killed for using more memory than its limit (OOMKilled)', restarts: 1 },
      ],
    });
  });

  it.each([
    ['secret', 'Secret api-key is missing in namespace tasks-dev', 'create secret generic api-key'],
    ['configmap', 'ConfigMap api-key is missing in namespace tasks-dev', 'create configmap api-key'],
  ])('a missing %s has the command that makes it', (kind, cause, fix) => {
    const message = `${kind} "api-key" not found`;
    const card = cardAfter(badPod({ state: 'waiting', reason: 'CreateContainerConfigError', message, ready: false }));
    expect(card).toMatchObject({ kind: 'config', cause, fix: expect.stringContaining(fix) });
  });

  it('a pod that cannot be scheduled has the scheduler’s words', () => {
    const why = '0/1 nodes are available: 1 Insufficient memory.';
    const card = cardAfter(
      badPod({ state: 'waiting', ready: false }, { unschedulable: why }),
      warning('FailedScheduling', why),
    );
    expect(card).toMatchObject({
      kind: 'unschedulable',
      cause: `no node takes the pod: ${why}`,
      evidence: [{ type: 'event', reason: 'FailedScheduling', message: why, count: 1 }],
    });
  });

  it('a readiness probe that fails on a pod that was ready has its answer', () => {
    const pod = samplePod('backend', 0, { ready: false, probes: [readiness] });
    const failure = probed(pod, { ok: false, code: 503, detail: '{"db":\n "down"}' });
    expect(
      linesAfter(podChanged(pod), failure, failure, warning('Unhealthy', 'Readiness probe failed: refused')),
    ).toEqual([
      'cause      backend runs, but its readiness probe fails: HTTP 503',
      'probe      readiness: HTTP 503: {"db": "down"} (2 in a row, 2 allowed)',
    ]);
  });

  it('a readiness probe that fails since a live update is not lost behind the update', () => {
    const pod = samplePod('backend', 0, { ready: false, probes: [readiness] });
    const [{ image = '' } = {}] = pod.containers;
    const failure = probed(pod, { ok: false, code: 503 });
    const prepared = { type: 'update.prepared', service: 'backend', edit: 9, image, files: 1, ms: 3 } as const;
    const update = { status: 'restarting', edit: 0 } as const;
    const restarting = { type: 'pod.update', service: 'backend', uid: pod.uid, pod: pod.name, update } as const;
    expect(linesAfter(podChanged(pod), prepared, restarting, failure, failure)[0]).toBe(
      'cause      backend runs, but its readiness probe fails: HTTP 503',
    );
  });

  it('a liveness probe that restarted the container has what the kubelet said', () => {
    const pod = samplePod('backend', 0, {
      ready: false,
      containers: [
        sampleContainer('backend', 0, { ready: false, restarts: 1, last: { exitCode: 137, reason: 'Error' } }),
      ],
    });
    const card = cardAfter(
      podChanged(pod),
      probed(pod, { kind: 'liveness', ok: false, code: 500, detail: 'stuck' }),
      warning('Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500', { count: 3 }),
      warning('Killing', 'Container backend failed liveness probe, will be restarted', { type: 'Normal' }),
    );
    expect(card).toMatchObject({
      kind: 'liveness',
      cause: 'Kubernetes has restarted backend: its liveness probe failed',
      evidence: [
        { type: 'exit', code: 137 },
        { type: 'probe', kind: 'liveness', answer: 'HTTP 500', body: 'stuck' },
        { type: 'event', reason: 'Unhealthy', count: 3 },
        { type: 'event', reason: 'Killing' },
      ],
      actions: ['previous', 'probes', 'restart'],
    });
  });

  it('a workload that cannot make its pods has its complaint', () => {
    const complaint = 'pods "backend" is forbidden: exceeded quota';
    const card = cardAfter(
      { type: 'pod.removed', uid: 'backend-7d9f-0', name: 'backend-7d9f-0', service: 'backend' },
      workloadChanged(sampleWorkload('backend', { complaint })),
    );
    expect(card).toMatchObject({ kind: 'workload', cause: `Deployment backend cannot make its pods: ${complaint}` });
  });
});

describe('a service', () => {
  it('that is well has no card', () => {
    expect(cardAfter()).toBeUndefined();
  });

  it('that does not exist has none', () => {
    expect(failureCard(stateAfter(), 'nobody', startTime)).toBeUndefined();
  });

  it('that has just started may say no to its readiness probe', () => {
    const createdAt = startTime + 4 * minute - 2000;
    const containers = [sampleContainer('backend', 0, { startedAt: createdAt, ready: false })];
    const pod = samplePod('backend', 0, { ready: false, name: 'new', createdAt, probes: [readiness], containers });
    const failure = probed(pod, { ok: false, code: 503 });
    const events = [
      { type: 'pod.removed', uid: 'backend-7d9f-0', name: 'backend-7d9f-0', service: 'backend' } as const,
      podChanged(pod),
      failure,
      failure,
      failure,
    ];
    expect(cardAfter(...events)).toBeUndefined();
    expect(failureCard(stateAfter(...events), 'backend', createdAt + 31_000)?.kind).toBe('readiness');
  });

  it('keeps its card between two rounds of a crash loop', () => {
    const container = sampleContainer('backend', 0, { ready: false, restarts: 2, last: crash });
    const events = [podChanged(samplePod('backend', 0, { ready: false, containers: [container] }))];
    expect(cardAfter(...events)).toBeUndefined();
    expect(cardAfter(health('failed'), ...events)?.kind).toBe('crash-loop');
  });
});

describe('the last green edit', () => {
  /** The card after health changes: seconds from the start, and what is told. */
  function cardOf(...told: readonly (readonly [number, 'ready' | 'failed', number])[]) {
    let now = startTime;
    const store = createStore(() => now);
    for (const event of [...allHealthy(), podChanged(crashLoopPod('backend'))]) store.dispatch(event);
    for (const [seconds, status, edit] of told) {
      now = startTime + seconds * 1000;
      store.dispatch(health(status, edit));
    }
    return failureCard(store.getState(), 'backend', startTime + 5 * minute);
  }

  it('is the one that was ready until it failed', () => {
    expect(cardOf([0, 'ready', 11], [60, 'failed', 11])).toMatchObject({
      badFor: 4 * minute,
      lastGreen: { edit: 11, ago: 4 * minute },
    });
  });

  it('is not the one that was ready for a moment before it crashed', () => {
    expect(cardOf([0, 'ready', 11], [60, 'ready', 12], [62, 'failed', 12])?.lastGreen?.edit).toBe(11);
  });

  it('stays while a crash loop is ready between its rounds, and so does the time that it is bad', () => {
    const card = cardOf([0, 'ready', 11], [60, 'failed', 12], [70, 'ready', 12], [72, 'failed', 12]);
    expect(card).toMatchObject({ badFor: 4 * minute, lastGreen: { edit: 11, ago: 4 * minute } });
  });

  it('is none before the first', () => {
    expect(cardOf([1, 'failed', 0])).not.toHaveProperty('lastGreen');
  });

  it('shows with the time in words', () => {
    const card = cardOf([0, 'ready', 11], [60, 'failed', 12]);
    expect(card && failureCardLines(card).find(({ label }) => label === 'since')?.text).toBe(
      'bad for 4m 00s; last green: edit 11, 4m 00s ago',
    );
  });
});

it('control sequences of foreign output are not in a card', () => {
  const bad = 'sec\u001b[2Jret \u0007"x" not found';
  const card = cardAfter(
    badPod({ state: 'waiting', reason: 'ErrImagePull', message: bad, ready: false }),
    warning('Failed', bad),
    { ...lastLines, lines: ['\u001b]52;c;AAAA\u0007hi'] } as LoopEvent,
  );
  expect(JSON.stringify(card)).not.toMatch(/\\u001b|\\u0007/);
});

it('what has gone live changes nothing of the cause', () => {
  expect(cardAfter(live('backend', 0), podChanged(missingSecretPod('backend', 'api-key')))?.kind).toBe('config');
});
