import { describe, expect, it } from '@jest/globals';
import { eventView } from '../../src/adapters/kubernetes/event-view.ts';
import type {
  DaemonSet,
  Deployment,
  KubeEvent,
  Pod,
  ReplicaSet,
  StatefulSet,
} from '../../src/adapters/kubernetes/objects.ts';
import { Owners, repositoryOf } from '../../src/adapters/kubernetes/owners.ts';
import { workloadView } from '../../src/adapters/kubernetes/workload-view.ts';
import { sampleProject, sampleService } from '../support/sample.ts';

const annotations = { 'meta.helm.sh/release-name': 'tasks' };
const deployment = (change: Partial<Deployment> = {}): Deployment => ({
  metadata: {
    uid: 'd1',
    name: 'tasks-backend',
    generation: 3,
    annotations: { ...annotations, 'deployment.kubernetes.io/revision': '2' },
  },
  spec: {
    replicas: 2,
    selector: {},
    template: { spec: { containers: [{ name: 'backend', image: 'backend:abc' }] } },
  },
  status: { observedGeneration: 3, updatedReplicas: 1 },
  ...change,
});
const controlledBy = (uid: string, kind: string) => [{ apiVersion: 'apps/v1', kind, name: uid, uid, controller: true }];

describe('the view of a workload', () => {
  it('counts the pods of a Deployment', () => {
    expect(workloadView('Deployment', deployment(), 'tasks', 'backend')).toEqual({
      uid: 'd1',
      kind: 'Deployment',
      name: 'tasks-backend',
      release: 'tasks',
      service: 'backend',
      observed: true,
      replicas: 2,
      updated: 1,
    });
  });

  it('sees that the controller is behind', () => {
    expect(workloadView('Deployment', deployment({ status: { observedGeneration: 2 } }), 'tasks', 'b')).toMatchObject({
      observed: false,
      updated: 0,
    });
  });

  it('counts the nodes of a DaemonSet', () => {
    const daemonSet = {
      metadata: { uid: 's' },
      status: { desiredNumberScheduled: 3, updatedNumberScheduled: 2 },
    } as DaemonSet;
    expect(workloadView('DaemonSet', daemonSet, 'tasks', 'agent')).toMatchObject({ replicas: 3, updated: 2 });
  });

  it.each<[object[], string | undefined]>([
    [[{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' }], 'exceeded quota'],
    [[{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }], 'ProgressDeadlineExceeded'],
    [
      [
        { type: 'Available', status: 'False' },
        { type: 'Progressing', status: 'True' },
      ],
      undefined,
    ],
  ])('takes the complaint of %j', (conditions, complaint) => {
    const status = { conditions } as NonNullable<Deployment['status']>;
    expect(workloadView('Deployment', deployment({ status }), 'tasks', 'b').complaint).toBe(complaint);
  });
});

describe('whose a pod is', () => {
  const replicaSet = (revision: string): ReplicaSet => ({
    metadata: {
      uid: `r${revision}`,
      annotations: { 'deployment.kubernetes.io/revision': revision },
      ownerReferences: controlledBy('d1', 'Deployment'),
    },
  });
  const project = {
    ...sampleProject(['backend']),
    services: [sampleService('backend', 1), { ...sampleService('cache', 2), workload: 'redis' }],
  };
  function setUp() {
    const owners = new Owners(() => project);
    owners.workloads.set('d1', deployment());
    for (const revision of ['1', '2']) owners.replicaSets.set(`r${revision}`, replicaSet(revision));
    return owners;
  }
  const owned = (uid: string, kind: string, labels = {}): Pod => ({
    metadata: { ownerReferences: controlledBy(uid, kind), labels },
  });

  it.each([
    ['1', false],
    ['2', true],
  ])('is told by the replica set of revision %s; newest: %s', (revision, current) => {
    expect(setUp().ofPod(owned(`r${revision}`, 'ReplicaSet'))).toEqual({
      release: 'tasks',
      service: 'backend',
      workload: { kind: 'Deployment', name: 'tasks-backend' },
      current,
    });
  });

  it.each([
    ['web-2', true],
    ['web-1', false],
  ])('is told by its StatefulSet; revision %s is the newest: %s', (hash, current) => {
    const owners = setUp();
    const statefulSet = {
      metadata: { uid: 's1', name: 'redis', annotations },
      spec: { selector: {}, serviceName: 'redis', template: {} },
      status: { replicas: 1, updateRevision: 'web-2' },
    } as StatefulSet;
    owners.workloads.set('s1', statefulSet);
    expect(owners.ofPod(owned('s1', 'StatefulSet', { 'controller-revision-hash': hash }))).toMatchObject({
      service: 'cache',
      current,
    });
  });

  it.each([
    ['nobody', { metadata: {} }],
    ['a Job', owned('j1', 'Job')],
    ['a replica set that is not known yet', owned('r9', 'ReplicaSet')],
  ])('is not known of a pod of %s', (_, orphan) => {
    expect(setUp().ofPod(orphan)).toBeUndefined();
  });

  it('is nobody of ours in another release', () => {
    const owners = setUp();
    owners.workloads.set(
      'd1',
      deployment({ metadata: { uid: 'd1', annotations: { 'meta.helm.sh/release-name': 'other' } } }),
    );
    expect(owners.ofPod(owned('r2', 'ReplicaSet'))).toBeUndefined();
  });

  it('is the workload itself where the configuration does not name it', () => {
    expect(
      setUp().serviceOf({
        metadata: { name: 'mailer' },
        spec: { selector: {}, template: { spec: { containers: [{ name: 'm', image: 'mailer:1' }] } } },
      }),
    ).toBe('mailer');
  });

  it.each([
    ['backend:abc', 'backend'],
    ['localhost:5000/a/b:tag', 'localhost:5000/a/b'],
    ['localhost:5000/a', 'localhost:5000/a'],
    ['a@sha256:00', 'a'],
    ['a:1@sha256:00', 'a'],
    ['', ''],
  ])('an image %s is of repository %s', (reference, repository) => {
    expect(repositoryOf(reference)).toBe(repository);
  });
});

describe('the view of an event', () => {
  const event = (change: Partial<KubeEvent>): KubeEvent => ({
    metadata: { uid: 'e1', creationTimestamp: '2026-01-31T14:00:00Z' },
    involvedObject: {},
    ...change,
  });
  const object = { kind: 'Pod', name: 'web' };

  it('has its words, count and last time', () => {
    const full = event({
      type: 'Warning',
      reason: 'Unhealthy',
      message: 'Readiness probe failed',
      count: 4,
      lastTimestamp: '2026-01-31T14:02:00Z',
    });
    expect(eventView(full, 'web', object)).toEqual({
      uid: 'e1',
      type: 'Warning',
      reason: 'Unhealthy',
      message: 'Readiness probe failed',
      object,
      service: 'web',
      count: 4,
      at: Date.parse('2026-01-31T14:02:00Z'),
    });
  });

  it.each<[Partial<KubeEvent>, object]>([
    [
      { eventTime: '2026-01-31T14:01:00.123456Z' as never },
      { at: Date.parse('2026-01-31T14:01:00.123Z'), count: 1, type: 'Normal' },
    ],
    [
      { series: { count: 9 } as never, type: 'Normal' },
      { at: Date.parse('2026-01-31T14:00:00Z'), count: 9 },
    ],
    [{ metadata: { uid: 'e1' } }, { at: 0, reason: '', message: '' }],
    [{ involvedObject: { fieldPath: 'spec.containers{web}' } }, { container: 'web' }],
    [{ involvedObject: { fieldPath: 'spec.initContainers{migrate}' } }, { container: 'migrate' }],
  ])('reads an event of %j', (change, view) => {
    expect(eventView(event(change), 'web', object)).toMatchObject(view);
  });
});
