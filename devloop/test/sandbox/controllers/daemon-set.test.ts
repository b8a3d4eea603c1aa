import { afterEach, describe, expect, test } from '@jest/globals';
import { deleteObject } from '../../../src/sandbox/controllers/delete-object.ts';
import { ApiError } from '../../../src/sandbox/store/api-error.ts';
import { template } from './support/templates.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

const daemonSet = (spec: object = {}) => ({
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: template('agent'),
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    revisionHistoryLimit: 10,
    ...spec,
  },
});
const status = () => world.get('DaemonSet', 'agent').status;
const images = () => world.pods('agent').map(({ spec }) => spec.containers[0]?.image);
const setImage = (image: string) =>
  world.change('DaemonSet', 'agent', ({ spec }) => {
    spec.template = template('agent', image) as typeof spec.template;
  });

describe('a daemon set', () => {
  test('has one pod on the node', () => {
    world = createWorld();
    world.make('DaemonSet', 'agent', daemonSet());
    const [pod] = world.pods('agent-');
    expect(world.pods()).toHaveLength(1);
    expect(pod?.spec.nodeName).toBe('sandbox');
    const [revision] = world.store.list('ControllerRevision');
    const hash = revision?.metadata.labels?.['controller-revision-hash'];
    expect(revision?.metadata.name).toBe(`agent-${hash}`);
    expect(pod?.metadata.labels).toEqual({
      app: 'agent',
      'controller-revision-hash': hash,
      'pod-template-generation': '1',
    });
    expect(status()).toEqual({
      currentNumberScheduled: 1,
      desiredNumberScheduled: 1,
      numberMisscheduled: 0,
      numberReady: 1,
      numberAvailable: 1,
      updatedNumberScheduled: 1,
      observedGeneration: 1,
    });
    expect(world.events('agent')).toEqual([`Normal SuccessfulCreate Created pod: ${pod?.metadata.name}`]);
  });

  test('tolerates what a daemon has to', () => {
    world = createWorld();
    world.make('DaemonSet', 'agent', daemonSet());
    expect(world.pods()[0]?.spec.tolerations?.map(({ key }) => key)).toEqual([
      'node.kubernetes.io/not-ready',
      'node.kubernetes.io/unreachable',
      'node.kubernetes.io/disk-pressure',
      'node.kubernetes.io/memory-pressure',
      'node.kubernetes.io/pid-pressure',
      'node.kubernetes.io/unschedulable',
    ]);
  });

  test('gets onto a node that is cordoned', () => {
    world = createWorld();
    world.change('Node', 'sandbox', (node) => {
      node.spec = { unschedulable: true };
    });
    world.make('DaemonSet', 'agent', daemonSet());
    expect(world.pods()[0]?.spec.nodeName).toBe('sandbox');
  });

  test('has none where its selector does not want one', () => {
    world = createWorld();
    world.make(
      'DaemonSet',
      'agent',
      daemonSet({ template: template('agent', 'a', { nodeSelector: { disk: 'fast' } }) }),
    );
    expect(world.pods()).toEqual([]);
    expect(status()).toEqual({
      currentNumberScheduled: 0,
      desiredNumberScheduled: 0,
      numberMisscheduled: 0,
      numberReady: 0,
      observedGeneration: 1,
    });
    world.change('Node', 'sandbox', ({ metadata }) => {
      metadata.labels = { disk: 'fast' };
    });
    expect(world.pods()).toHaveLength(1);
  });

  test('makes its pod again when it is deleted', () => {
    world = createWorld();
    world.make('DaemonSet', 'agent', daemonSet());
    const [before] = world.pods();
    deleteObject(world, 'Pod', 'default', before?.metadata.name ?? '');
    world.settle();
    expect(world.pods()).toHaveLength(1);
    expect(world.pods()[0]?.metadata.uid).not.toBe(before?.metadata.uid);
  });

  test('replaces a pod that failed', () => {
    world = createWorld();
    world.make('DaemonSet', 'agent', daemonSet());
    const name = world.pods()[0]?.metadata.name ?? '';
    world.node.set(name, 'Failed', false);
    world.settle();
    expect(world.pods().map(({ status }) => status?.phase)).toEqual(['Running']);
    expect(world.events('agent').slice(1, 3)).toEqual([
      `Warning FailedDaemonPod Found failed daemon pod default/${name} on node sandbox, will try to kill it`,
      `Normal SuccessfulDelete Deleted pod: ${name}`,
    ]);
  });

  test('replaces its pods when the template changes, after the old one is gone', () => {
    world = createWorld();
    world.make('DaemonSet', 'agent', daemonSet());
    world.node.setAutoDelete(false);
    setImage('agent:2');
    expect(images()).toEqual(['web:1']);
    expect(status()).toMatchObject({ numberUnavailable: 1, observedGeneration: 2 });
    world.node.finishDeletions();
    world.settle();
    expect(images()).toEqual(['agent:2']);
    expect(status()).toMatchObject({ updatedNumberScheduled: 1, numberAvailable: 1 });
  });

  test('with OnDelete replaces its pods only when they are deleted', () => {
    world = createWorld();
    world.make('DaemonSet', 'agent', daemonSet({ updateStrategy: { type: 'OnDelete' } }));
    setImage('agent:2');
    expect(images()).toEqual(['web:1']);
    expect(status()?.updatedNumberScheduled).toBeUndefined();
    deleteObject(world, 'Pod', 'default', world.pods()[0]?.metadata.name ?? '');
    world.settle();
    expect(images()).toEqual(['agent:2']);
  });

  test('goes back to a former revision under its old name', () => {
    world = createWorld();
    world.make('DaemonSet', 'agent', daemonSet());
    setImage('agent:2');
    setImage('web:1');
    expect(
      world.store
        .list('ControllerRevision')
        .map(({ revision }) => revision)
        .sort(),
    ).toEqual([2, 3]);
  });

  test('keeps as many old revisions as its limit says', () => {
    world = createWorld();
    world.make('DaemonSet', 'agent', daemonSet({ revisionHistoryLimit: 1 }));
    for (const image of ['agent:2', 'agent:3', 'agent:4']) setImage(image);
    expect(
      world.store
        .list('ControllerRevision')
        .map(({ revision }) => revision)
        .sort(),
    ).toEqual([3, 4]);
  });

  test('tries again when its pod is refused', () => {
    world = createWorld();
    world.refuse('Pod', new ApiError(403, 'Forbidden', 'no more'));
    world.make('DaemonSet', 'agent', daemonSet());
    expect(world.events('agent')).toEqual(['Warning FailedCreate Error creating: no more']);
    world.refuse('Pod', undefined);
    world.clock.advance(1000);
    expect(world.pods()).toHaveLength(1);
  });
});
