import { afterEach, describe, expect, test } from '@jest/globals';
import { createRules } from '../../../src/sandbox/store/rules/create-rules.ts';
import { deployment, job, statefulSet, template } from './support/templates.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

/** A world in which what controllers create is admitted, filled in and checked as what clients create. */
const createRuledWorld = () => createWorld(undefined, createRules);
const withoutCount = (text: string | undefined) => text?.replace(/ x\d+$/, '');
const eventsOf = (name: string) => world.events(name).map(withoutCount);
const refusal = 'is forbidden: error looking up service account default/missing: serviceaccount "missing" not found';
const accountless = (app: string, spec: object = {}) =>
  template(app, 'web:1', { serviceAccountName: 'missing', ...spec });

describe('a pod that admission refuses is told by the prefix of its name', () => {
  test('of a deployment, and in its conditions', () => {
    world = createRuledWorld();
    world.make('Deployment', 'web', deployment('web', 2, { template: accountless('web') }));
    const [set] = world.store.list('ReplicaSet');
    const name = set?.metadata.name ?? '';
    const message = `pods "${name}-" ${refusal}`;
    expect(eventsOf(name)).toEqual([`Warning FailedCreate Error creating: ${message}`]);
    expect(set?.status).toEqual({
      replicas: 0,
      observedGeneration: 1,
      conditions: [
        {
          type: 'ReplicaFailure',
          status: 'True',
          lastTransitionTime: '2030-01-01T00:00:00Z',
          reason: 'FailedCreate',
          message,
        },
      ],
    });
    const { status } = world.get('Deployment', 'web');
    expect(status).toMatchObject({ observedGeneration: 1, unavailableReplicas: 2 });
    expect(status?.conditions?.find(({ type }) => type === 'ReplicaFailure')).toMatchObject({
      status: 'True',
      reason: 'FailedCreate',
      message,
    });
    expect(status?.conditions?.find(({ type }) => type === 'Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetCreated',
      message: `Created new replica set "${name}"`,
    });
  });

  test.each([
    ['DaemonSet', { spec: { selector: { matchLabels: { app: 'web' } }, template: accountless('web') } }],
    ['Job', job('web', { selector: undefined, template: accountless('web', { restartPolicy: 'Never' }) })],
  ])('of a %s', (kind, fields) => {
    world = createRuledWorld();
    world.make(kind, 'web', fields);
    expect(eventsOf('web')).toEqual([`Warning FailedCreate Error creating: pods "web-" ${refusal}`]);
  });

  test('but of a stateful set by its name', () => {
    world = createRuledWorld();
    world.make('StatefulSet', 'db', statefulSet('db', 1, { template: accountless('db') }));
    expect(eventsOf('db')).toEqual([
      `Warning FailedCreate create Pod db-0 in StatefulSet db failed error: pods "db-0" ${refusal}`,
    ]);
  });

  test('for a priority class that is not there', () => {
    world = createRuledWorld();
    world.make(
      'Deployment',
      'web',
      deployment('web', 1, { template: template('web', 'a', { priorityClassName: 'top' }) }),
    );
    const name = world.store.list('ReplicaSet')[0]?.metadata.name ?? '';
    expect(eventsOf(name)).toEqual([
      `Warning FailedCreate Error creating: pods "${name}-" is forbidden: no PriorityClass with name top was found`,
    ]);
  });
});

describe('a pod that was refused', () => {
  test('comes when its service account does', () => {
    world = createRuledWorld();
    world.make('Deployment', 'web', deployment('web', 2, { template: accountless('web') }));
    world.make('ServiceAccount', 'missing', {});
    world.clock.advance(5_000);
    expect(world.pods()).toHaveLength(2);
    expect(world.store.list('ReplicaSet')[0]?.status?.conditions).toBeUndefined();
    expect(world.get('Deployment', 'web').status).toMatchObject({ availableReplicas: 2 });
  });

  test('for its namespace that goes is not tried for ever', () => {
    world = createRuledWorld();
    world.make('Deployment', 'web', deployment('web', 1));
    world.node.setAutoDelete(false);
    world.store.update('Namespace', '', 'default', ({ metadata }) => {
      metadata.deletionTimestamp = '2030-01-01T00:00:00Z';
    });
    world.settle();
    world.node.finishDeletions();
    world.settle();
    expect(world.store.list('Pod')).toEqual([]);
    expect(world.store.list('Namespace').map(({ metadata }) => metadata.name)).not.toContain('default');
  });
});

describe('a pod that is let through', () => {
  test('has the defaults of a pod that a client makes, and a name with five letters', () => {
    world = createRuledWorld();
    world.make('Deployment', 'web', deployment('web', 1));
    const [pod] = world.pods();
    const [set] = world.store.list('ReplicaSet');
    expect(pod?.metadata.name).toMatch(new RegExp(`^${set?.metadata.name}-[bcdfghjklmnpqrstvwxz2456789]{5}$`));
    expect(pod?.metadata.generateName).toBe(`${set?.metadata.name}-`);
    expect(pod?.spec).toMatchObject({
      serviceAccountName: 'default',
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      enableServiceLinks: true,
    });
    expect(pod?.status?.qosClass).toBe('BestEffort');
  });

  test('of a cron job comes by way of a job with its own selector', () => {
    world = createRuledWorld();
    const { selector: _, ...spec } = job('tick').spec;
    world.make('CronJob', 'tick', {
      spec: { schedule: '* * * * *', concurrencyPolicy: 'Allow', jobTemplate: { spec } },
    });
    world.clock.advance(60_000);
    const [made] = world.store.list('Job');
    expect(made?.spec.selector?.matchLabels).toEqual({ 'controller-uid': made?.metadata.uid });
    expect(world.pods()[0]?.metadata.labels).toMatchObject({
      'controller-uid': made?.metadata.uid,
      'job-name': made?.metadata.name,
    });
  });

  test('of a stateful set uses claims that have the default class', () => {
    world = createRuledWorld();
    const volumeClaimTemplates = [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ];
    world.make('StatefulSet', 'db', statefulSet('db', 1, { volumeClaimTemplates }));
    expect(world.get('PersistentVolumeClaim', 'data-db-0')).toMatchObject({
      spec: { storageClassName: 'standard', volumeMode: 'Filesystem' },
      status: { phase: 'Bound' },
    });
    expect(world.get('Pod', 'db-0').spec.nodeName).toBe('sandbox');
  });
});

test('a mistake of our own is told, and the work is tried again', () => {
  world = createWorld(undefined, (store) => ({
    prepareCreate: (kind, object) => {
      if (kind.kind === 'Pod' && store.get('ConfigMap', 'default', 'mended') === undefined) throw new TypeError('oops');
      return object;
    },
  }));
  expect(() => world.make('Deployment', 'web', deployment('web', 1))).toThrow('oops');
  expect(world.mistakes).toEqual([new TypeError('oops')]);
  world.store.create('ConfigMap', { metadata: { name: 'mended' } });
  world.clock.advance(1000);
  expect(world.pods()).toHaveLength(1);
});
