import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../src/model/events.ts';
import { targetPod } from '../../src/state/service-pods.ts';
import { type ServiceSummary, summarizeAll } from '../../src/state/service-summary.ts';
import { createStore } from '../../src/state/store.ts';
import {
  allHealthy,
  buildFailed,
  built,
  compilerProblem,
  crash,
  crashLoopPod,
  deployed,
  edited,
  imageOf,
  inputsOf,
  live,
  missingSecretPod,
  podChanged,
  probed,
  sampleContainer,
  samplePod,
  sampleWorkload,
  started,
  startTime,
  workloadChanged,
} from '../support/sample.ts';

function stateAfter(...events: readonly LoopEvent[]) {
  const store = createStore(() => startTime);
  for (const event of events) store.dispatch(event);
  return store.getState();
}

function summaryAfter(name: string, ...events: readonly LoopEvent[]): ServiceSummary {
  const summary = summarizeAll(stateAfter(...events)).find((known) => known.name === name);
  if (!summary) throw new Error(`no service ${name}`);
  return summary;
}

const images = { backend: imageOf('backend'), frontend: imageOf('frontend') };
const newImages = { ...images, backend: imageOf('backend', 1) };
const rolledTo1: readonly LoopEvent[] = [
  ...allHealthy(),
  edited(1, ['backend'], ['a.ts'], startTime),
  ...built('backend', 1),
  ...deployed(newImages, inputsOf(newImages), 1, 2),
];

describe('the phase of a service', () => {
  it.each<[string, readonly LoopEvent[], string, string]>([
    ['waits for its first build', [started()], 'waiting', 'for its first build'],
    ['builds', [started(), { type: 'build.started', service: 'backend', edit: 0 }], 'building', 'starting the build'],
    ['waits for the other images', [started(), ...built('backend')], 'waiting', 'for the images of the other services'],
    [
      'waits for the deploy',
      [started(), ...built('backend'), ...built('frontend')],
      'waiting',
      'for helm upgrade tasks',
    ],
    [
      'is deployed',
      [
        started(),
        ...built('backend'),
        ...built('frontend'),
        { type: 'deploy.started', release: 'tasks', edit: 0, inputs: inputsOf(images) },
      ],
      'deploying',
      'helm upgrade tasks',
    ],
    [
      'has no workload yet',
      [started(), ...built('backend'), ...built('frontend'), ...deployed(images, inputsOf(images))],
      'starting',
      'no workload of it is in the cluster yet',
    ],
    [
      'has lost its workload',
      [...allHealthy(), { type: 'workload.removed', uid: 'deployment-backend', name: 'backend' }],
      'waiting',
      'its workload was deleted: the next edit deploys it again',
    ],
    ['is ready', allHealthy(), 'ready', 'live'],
    [
      'waits for the build of an edit',
      [...allHealthy(), edited(1, ['backend'], ['a.ts'], startTime)],
      'waiting',
      'for its build',
    ],
    ['waits for its new pods', rolledTo1, 'starting', 'waiting for new pods'],
    [
      'is ready with the edit',
      [...rolledTo1, podChanged(samplePod('backend', 1)), live('backend', 1)],
      'ready',
      'edit 1 live in 1.2 s',
    ],
    [
      'is scaled to nothing',
      [...allHealthy(), workloadChanged(sampleWorkload('backend', { replicas: 0 }))],
      'ready',
      'scaled to 0',
    ],
  ])('%s', (_, events, phase, reason) => {
    expect(summaryAfter('backend', ...events)).toMatchObject({ phase, reason });
  });

  it('says the running step of a build', () => {
    const step = { id: '1', name: 'RUN npm ci', status: 'running' } as const;
    const events = [
      started(),
      { type: 'build.started', service: 'backend', edit: 0 },
      { type: 'build.step', service: 'backend', step },
    ] as const;
    expect(summaryAfter('backend', ...events)).toMatchObject({ phase: 'building', reason: 'RUN npm ci' });
  });

  it('is not ready while the old pods still serve', () => {
    const summary = summaryAfter('backend', ...rolledTo1, podChanged(samplePod('backend', 1, { ready: false })));
    expect(summary).toMatchObject({
      phase: 'starting',
      ready: 0,
      wanted: 1,
      reason: 'waiting for its readiness probe',
    });
  });

  it('is not ready while the workload has not seen the newest spec', () => {
    const unseen = workloadChanged(sampleWorkload('backend', { observed: false }));
    expect(summaryAfter('backend', ...allHealthy(), unseen).phase).toBe('starting');
  });

  it('rolls up over replicas', () => {
    const three = [
      ...allHealthy(),
      workloadChanged(sampleWorkload('backend', { replicas: 3, updated: 3 })),
      podChanged(
        samplePod('backend', 0, {
          name: 'b-2',
          uid: 'b-2',
          containers: [sampleContainer('backend', 0, { restarts: 2 })],
        }),
      ),
      podChanged(samplePod('backend', 0, { name: 'b-3', uid: 'b-3', ready: false })),
    ];
    expect(summaryAfter('backend', ...three)).toMatchObject({ phase: 'starting', ready: 2, wanted: 3, restarts: 2 });
  });

  it('counts a pod that ends no more', () => {
    const summary = summaryAfter('backend', ...allHealthy(), podChanged(samplePod('backend', 0, { deleting: true })));
    expect(summary).toMatchObject({ phase: 'starting', ready: 0 });
  });
});

describe('a failure', () => {
  it('of the build shows its problem, and leaves the other services alone', () => {
    const events = [...allHealthy(), ...buildFailed('backend', 1, compilerProblem)];
    expect(summaryAfter('backend', ...events)).toMatchObject({ phase: 'failed', problem: compilerProblem, ready: 1 });
    expect(summaryAfter('frontend', ...events).phase).toBe('ready');
  });

  it('of the deploy holds until something else would be sent', () => {
    const failed: readonly LoopEvent[] = [
      started(),
      ...built('backend'),
      ...built('frontend'),
      { type: 'deploy.started', release: 'tasks', edit: 0, inputs: inputsOf(images) },
      { type: 'deploy.failed', release: 'tasks', edit: 0, problem: compilerProblem, ms: 5 },
    ];
    expect(summaryAfter('backend', ...failed).phase).toBe('failed');
    const next = [...failed, edited(1, ['frontend'], ['a.ts'], startTime), ...built('frontend', 1)];
    expect(summaryAfter('backend', ...next)).toMatchObject({ phase: 'waiting', reason: 'for helm upgrade tasks' });
  });

  it('in a crash loop has the last lines as evidence', () => {
    const pod = crashLoopPod('backend', 3);
    const crashed: LoopEvent = {
      type: 'container.crashed',
      service: 'backend',
      uid: pod.uid,
      pod: pod.name,
      container: 'backend',
      ...crash,
      lines: ['oops'],
    };
    expect(summaryAfter('backend', ...allHealthy(), podChanged(pod), crashed)).toMatchObject({
      phase: 'failed',
      reason: 'backend exited with code 1: the app reported an error (crash loop, 3 restarts)',
      restarts: 3,
      problem: { title: `Pod ${pod.name} is failing`, evidence: ['oops'], fix: expect.stringContaining('logs') },
    });
  });

  it('names a missing Secret and how to make it', () => {
    expect(
      summaryAfter('backend', ...allHealthy(), podChanged(missingSecretPod('backend', 'db'))).problem,
    ).toMatchObject({
      why: 'Secret db is missing in namespace tasks-dev',
      fix: expect.stringContaining('create secret generic db'),
    });
  });

  it('of a pod that a rollout replaces is history', () => {
    const old = { ...crashLoopPod('backend'), current: false };
    expect(summaryAfter('backend', ...allHealthy(), podChanged({ ...old, uid: 'old', name: 'old' })).phase).toBe(
      'ready',
    );
  });

  it('of an evicted pod is history once its replacement serves', () => {
    const evicted = samplePod('backend', 0, { uid: 'evicted', name: 'evicted', phase: 'Failed', ready: false });
    expect(summaryAfter('backend', ...allHealthy(), podChanged(evicted)).phase).toBe('ready');
    const alone = [...allHealthy(), podChanged(evicted), podChanged(samplePod('backend', 0, { ready: false }))];
    expect(summaryAfter('backend', ...alone).phase).toBe('failed');
  });

  it('of the controller to make pods is told while pods are missing', () => {
    const complaint = workloadChanged(sampleWorkload('backend', { replicas: 2, complaint: 'exceeded quota' }));
    expect(summaryAfter('backend', ...allHealthy(), complaint)).toMatchObject({
      phase: 'failed',
      problem: { title: 'Deployment backend cannot make its pods', why: 'exceeded quota' },
    });
  });
});

describe('why a pod starts', () => {
  const starting = (change: Parameters<typeof samplePod>[2], ...more: readonly LoopEvent[]) =>
    summaryAfter('backend', ...allHealthy(), podChanged(samplePod('backend', 0, { ready: false, ...change })), ...more)
      .reason;
  const waiting = sampleContainer('backend', 0, { state: 'waiting', reason: 'PodInitializing', ready: false });

  it('names the init container that runs', () => {
    const init = sampleContainer('migrate', 0, { name: 'migrate', init: true, ready: false });
    expect(starting({ containers: [waiting, init] })).toBe('init container migrate is running');
  });

  it('does not blame a sidecar that has started', () => {
    const sidecar = sampleContainer('proxy', 0, { name: 'proxy', init: true, ready: true });
    expect(starting({ containers: [sidecar, { ...waiting, reason: 'ContainerCreating' }] })).toBe('ContainerCreating');
  });

  it('gives the failed probe, until the same probe has passed', () => {
    const pod = samplePod('backend');
    const failed = probed(pod, { ok: false, code: 503, at: startTime + 9000 });
    expect(starting({}, failed)).toBe('readiness probe: 503');
    expect(starting({}, failed, probed(pod, { at: startTime + 10_000 }))).toBe('waiting for its readiness probe');
  });

  it('says that it was restarted', () => {
    expect(starting({ containers: [sampleContainer('backend', 0, { ready: false, last: crash })] })).toContain(
      'restarted after exit code 1',
    );
  });
});

describe('the pod that gets the next connection', () => {
  const target = (...events: readonly LoopEvent[]) => targetPod(stateAfter(...events), 'backend')?.view.name;

  it('is the old one until the new one answers', () => {
    const rolling = [...rolledTo1, podChanged(samplePod('backend', 1, { ready: false }))];
    expect(target(...rolling)).toBe('backend-7d9f-0');
    expect(target(...rolling, podChanged(samplePod('backend', 1)))).toBe('backend-7d9f-1');
  });

  it('may be one that devloop saw answer before Kubernetes did', () => {
    const pod = samplePod('backend', 1, { ready: false });
    const rolling = [...rolledTo1, podChanged(pod)];
    expect(target(...rolling, probed(pod, { at: startTime + 1 }))).toBe(pod.name);
    expect(target(...rolling, probed(pod, { at: startTime + 1, from: 'kubelet' }))).toBe('backend-7d9f-0');
    expect(target(...rolling, probed(pod, { at: startTime + 1 }), probed(pod, { at: startTime + 2, ok: false }))).toBe(
      'backend-7d9f-0',
    );
  });

  it('is not a pod whose container was started anew since its probe passed', () => {
    const restarted = samplePod('backend', 1, {
      ready: false,
      containers: [sampleContainer('backend', 1, { restarts: 1 })],
    });
    const rolling = [...rolledTo1, podChanged(restarted)];
    // Kubernetes cuts the start to whole seconds: a result of that very second may be of the run before.
    expect(target(...rolling, probed(restarted, { at: startTime + 500 }))).toBe('backend-7d9f-0');
    expect(target(...rolling, probed(restarted, { at: startTime + 1500 }))).toBe(restarted.name);
  });

  it('is never one that ends, nor one that does not answer', () => {
    expect(target(...allHealthy(), podChanged(samplePod('backend', 0, { deleting: true })))).toBeUndefined();
    expect(target(...allHealthy(), podChanged(crashLoopPod('backend')))).toBeUndefined();
  });

  it('is none for an unknown service', () => {
    expect(targetPod(stateAfter(), 'backend')).toBeUndefined();
  });
});
