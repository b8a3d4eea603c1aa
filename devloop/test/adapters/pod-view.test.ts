import { describe, expect, it } from '@jest/globals';
import type { Pod } from '../../src/adapters/kubernetes/objects.ts';
import { podView } from '../../src/adapters/kubernetes/pod-view.ts';

const owner = {
  release: 'tasks',
  service: 'backend',
  workload: { kind: 'Deployment', name: 'tasks-backend' },
  current: true,
};
type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

const pod = (status: Partial<ContainerStatus> = {}, change: Partial<Pod> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    uid: 'u1',
    name: 'tasks-backend-7d9f-x',
    namespace: 'dev',
    creationTimestamp: '2026-01-31T14:03:20Z',
    resourceVersion: '5',
  },
  spec: {
    nodeName: 'minikube',
    initContainers: [{ name: 'migrate', image: 'backend:1' }],
    containers: [
      {
        name: 'backend',
        image: 'devloop.local/tasks/backend:abc',
        ports: [{ name: 'http', containerPort: 4000, protocol: 'TCP' }],
        readinessProbe: {
          httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' },
          periodSeconds: 2,
          timeoutSeconds: 1,
          failureThreshold: 3,
        },
        livenessProbe: { tcpSocket: { port: 4000 }, initialDelaySeconds: 5 },
        startupProbe: { exec: { command: ['true'] } },
      },
    ],
  },
  status: {
    phase: 'Running',
    conditions: [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-31T14:03:24Z' as never },
    ],
    initContainerStatuses: [
      {
        name: 'migrate',
        ready: true,
        restartCount: 0,
        image: 'x',
        imageID: '',
        state: { terminated: { exitCode: 0, reason: 'Completed', startedAt: '2026-01-31T14:03:21Z' } },
      },
    ],
    containerStatuses: [
      {
        name: 'backend',
        ready: true,
        restartCount: 0,
        image: 'other:tag',
        imageID: '',
        state: { running: { startedAt: '2026-01-31T14:03:22Z' } },
        ...status,
      },
    ],
  },
  ...change,
});

describe('the view of a pod', () => {
  it('has its containers, with the images of the spec', () => {
    const view = podView(pod(), owner);
    expect(view).toMatchObject({
      ...owner,
      uid: 'u1',
      name: 'tasks-backend-7d9f-x',
      namespace: 'dev',
      node: 'minikube',
      phase: 'Running',
      ready: true,
      readySince: Date.parse('2026-01-31T14:03:24Z'),
      deleting: false,
    });
    expect(view.createdAt).toBe(Date.parse('2026-01-31T14:03:20Z'));
    expect(view.containers).toEqual([
      {
        name: 'migrate',
        image: 'backend:1',
        init: true,
        state: 'terminated',
        ready: true,
        restarts: 0,
        reason: 'Completed',
        exitCode: 0,
        startedAt: Date.parse('2026-01-31T14:03:21Z'),
      },
      {
        name: 'backend',
        image: 'devloop.local/tasks/backend:abc',
        init: false,
        state: 'running',
        ready: true,
        restarts: 0,
        startedAt: Date.parse('2026-01-31T14:03:22Z'),
      },
    ]);
  });

  it('has the probes that devloop can run, with their ports and the defaults of Kubernetes', () => {
    const common = { container: 'backend', port: 4000, failureThreshold: 3 };
    expect(podView(pod(), owner).probes).toEqual([
      {
        ...common,
        kind: 'readiness',
        action: { type: 'http', scheme: 'http', path: '/healthz' },
        period: 2000,
        timeout: 1000,
        initialDelay: 0,
      },
      { ...common, kind: 'liveness', action: { type: 'tcp' }, period: 10_000, timeout: 1000, initialDelay: 5000 },
    ]);
  });

  it('shows a crash loop by the state of its container, whatever its phase', () => {
    const view = podView(
      pod({
        ready: false,
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-01-31T14:04:00Z' } },
      }),
      owner,
    );
    expect(view.phase).toBe('Running');
    expect(view.containers[1]).toMatchObject({
      state: 'waiting',
      reason: 'CrashLoopBackOff',
      message: 'back-off 40s restarting failed container',
      restarts: 3,
      last: { exitCode: 137, reason: 'OOMKilled', finishedAt: Date.parse('2026-01-31T14:04:00Z') },
    });
  });

  it('of a pod that has only been made has waiting containers', () => {
    const view = podView(pod({}, { status: { phase: 'Pending' } }), owner);
    expect(view).toMatchObject({ phase: 'Pending', ready: false });
    expect(view.containers.map(({ state, ready, restarts }) => [state, ready, restarts])).toEqual([
      ['waiting', false, 0],
      ['waiting', false, 0],
    ]);
  });

  it('tells why it cannot be scheduled', () => {
    const conditions = [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: '0/1 nodes are available: 1 Insufficient memory.',
      },
    ];
    expect(podView(pod({}, { status: { phase: 'Pending', conditions } }), owner).unschedulable).toBe(
      '0/1 nodes are available: 1 Insufficient memory.',
    );
    const gated = [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }];
    expect(podView(pod({}, { status: { phase: 'Pending', conditions: gated } }), owner).unschedulable).toBeUndefined();
  });

  it('knows a pod that is told to end', () => {
    const metadata = { ...pod().metadata, deletionTimestamp: '2026-01-31T14:05:00Z' };
    expect(podView(pod({}, { metadata }), owner).deleting).toBe(true);
  });

  it("tells of a container whose command takes the place of the image's", () => {
    const containers = [
      { name: 'own', command: ['node', 'x.js'] },
      { name: 'empty', command: [] },
      { name: 'args', args: ['x'] },
    ];
    const spec = { containers, initContainers: [{ name: 'first', command: ['sh'] }] };
    expect(podView(pod({}, { spec }), owner).containers.map(({ name, ownCommand }) => [name, ownCommand])).toEqual([
      ['first', true],
      ['own', true],
      ['empty', undefined],
      ['args', undefined],
    ]);
  });

  it('leaves out a probe of a port that has no such name', () => {
    const spec = { containers: [{ name: 'a', readinessProbe: { httpGet: { port: 'web' } } }] };
    expect(podView(pod({}, { spec }), owner).probes).toEqual([]);
  });
});

describe('where a pod runs, and what it may use', () => {
  const limited = (limits: Record<string, string> | undefined) => {
    const { spec } = pod();
    const [container] = spec?.containers ?? [];
    if (!spec || !container) throw new Error('the sample has a container');
    const containers = [{ ...container, ...(limits && { resources: { limits } }) }];
    return podView(pod({}, { spec: { ...spec, containers } }), owner).containers.at(-1)?.limits;
  };

  it('is its node, once it has one', () => {
    expect(podView(pod(), owner).node).toBe('minikube');
    expect(podView(pod({}, { spec: { containers: [] } }), owner)).not.toHaveProperty('node');
  });

  it.each<[string, Record<string, string> | undefined, object | undefined]>([
    ['both', { cpu: '250m', memory: '256Mi' }, { cpu: 250, memory: 268_435_456 }],
    ['memory only', { memory: '1G' }, { memory: 1_000_000_000 }],
    ['whole cores', { cpu: '2' }, { cpu: 2000 }],
    ['something else', { 'ephemeral-storage': '1Gi' }, undefined],
    ['nothing', undefined, undefined],
  ])('has the limits of its containers: %s', (_, limits, expected) => {
    expect(limited(limits)).toEqual(expected);
  });
});
