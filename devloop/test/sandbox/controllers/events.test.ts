import { afterEach, describe, expect, test } from '@jest/globals';
import { createEventRecorder } from '../../../src/sandbox/controllers/event-recorder.ts';
import type { EventRecorder } from '../../../src/sandbox/node/node-access.ts';
import type { Pod } from '../../../src/sandbox/store/objects.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

/** A pod that no controller has anything to do with, and a recorder. */
function begin(): { pod: Pod; events: EventRecorder } {
  world = createWorld();
  const pod = world.make('Pod', 'web', { spec: { containers: [], schedulerName: 'none' } });
  return { pod, events: createEventRecorder(world.store, world.clock) };
}
const stored = () => world.store.list('Event').filter(({ involvedObject }) => involvedObject.name === 'web');

describe('an event', () => {
  test('says what it is about, when and by whom', () => {
    const { pod, events } = begin();
    events.record(pod, 'Normal', 'Pulled', 'it is here', 'kubelet', 'spec.containers{main}');
    const [event] = stored();
    expect(event?.metadata.name).toMatch(/^web\.[0-9a-f]{16}$/);
    expect(event).toMatchObject({
      metadata: { namespace: 'default' },
      involvedObject: {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'default',
        name: 'web',
        uid: pod.metadata.uid,
        resourceVersion: pod.metadata.resourceVersion,
        fieldPath: 'spec.containers{main}',
      },
      type: 'Normal',
      reason: 'Pulled',
      message: 'it is here',
      source: { component: 'kubelet', host: 'sandbox' },
      count: 1,
      firstTimestamp: '2030-01-01T00:00:00Z',
      lastTimestamp: '2030-01-01T00:00:00Z',
    });
  });

  test('lists show them in the order in which they happened', () => {
    const { pod, events } = begin();
    const messages = Array.from({ length: 20 }, (_, index) => `number ${(index * 7) % 20}`);
    for (const message of messages) events.record(pod, 'Normal', 'Pulled', message, 'kubelet');
    expect(stored().map(({ message }) => message)).toEqual(messages);
    expect(new Set(stored().map(({ metadata }) => metadata.name)).size).toBe(20);
  });

  test('does not take the name of one that an earlier sandbox left', () => {
    const { pod, events } = begin();
    events.record(pod, 'Normal', 'Pulled', 'one', 'kubelet');
    createEventRecorder(world.store, world.clock).record(pod, 'Normal', 'Pulled', 'other', 'kubelet');
    expect(stored().map(({ message }) => message)).toEqual(['one', 'other']);
  });

  test('of a component that is on no node names no host', () => {
    const { pod, events } = begin();
    events.record(pod, 'Normal', 'Scheduled', 'there', 'default-scheduler');
    expect(stored()[0]?.source).toEqual({ component: 'default-scheduler' });
    expect(stored()[0]?.involvedObject).not.toHaveProperty('fieldPath');
  });

  test('that happens again counts up', () => {
    const { pod, events } = begin();
    events.record(pod, 'Warning', 'BackOff', 'again', 'kubelet');
    world.clock.advance(10_000);
    events.record(pod, 'Warning', 'BackOff', 'again', 'kubelet');
    expect(stored()).toHaveLength(1);
    expect(stored()[0]).toMatchObject({
      count: 2,
      firstTimestamp: '2030-01-01T00:00:00Z',
      lastTimestamp: '2030-01-01T00:00:10Z',
    });
  });

  test.each([
    ['type', ['Normal', 'BackOff', 'again', 'kubelet', 'a']],
    ['reason', ['Warning', 'Failed', 'again', 'kubelet', 'a']],
    ['message', ['Warning', 'BackOff', 'once more', 'kubelet', 'a']],
    ['source', ['Warning', 'BackOff', 'again', 'default-scheduler', 'a']],
    ['field', ['Warning', 'BackOff', 'again', 'kubelet', 'b']],
  ] as const)('with another %s is another one', (_what, [type, reason, message, source, field]) => {
    const { pod, events } = begin();
    events.record(pod, 'Warning', 'BackOff', 'again', 'kubelet', 'a');
    events.record(pod, type, reason, message, source, field);
    expect(stored()).toHaveLength(2);
  });

  test('about another object of the same name is another one', () => {
    const { pod, events } = begin();
    events.record(pod, 'Warning', 'BackOff', 'again', 'kubelet');
    events.record({ ...pod, metadata: { ...pod.metadata, uid: 'another' } }, 'Warning', 'BackOff', 'again', 'kubelet');
    expect(stored()).toHaveLength(2);
  });

  test('that was deleted begins anew', () => {
    const { pod, events } = begin();
    events.record(pod, 'Warning', 'BackOff', 'again', 'kubelet');
    world.store.remove('Event', 'default', stored()[0]?.metadata.name ?? '');
    events.record(pod, 'Warning', 'BackOff', 'again', 'kubelet');
    expect(stored()[0]?.count).toBe(1);
  });

  test('about an object without a namespace is in default', () => {
    const { events } = begin();
    const node = world.get('Node', 'sandbox');
    events.record(node, 'Normal', 'NodeReady', 'ready', 'kubelet');
    const event = world.store.list('Event', 'default').find(({ reason }) => reason === 'NodeReady');
    expect(event?.involvedObject).not.toHaveProperty('namespace');
  });

  test('in a namespace that goes is dropped', () => {
    const { pod, events } = begin();
    world.store.update('Namespace', '', 'default', ({ metadata }) => {
      metadata.deletionTimestamp = '2030-01-01T00:00:00Z';
    });
    events.record(pod, 'Normal', 'Pulled', 'it is here', 'kubelet');
    expect(stored()).toEqual([]);
  });
});

describe('after an hour', () => {
  test('an event that did not happen again goes', () => {
    const { pod, events } = begin();
    events.record(pod, 'Normal', 'Once', 'once', 'kubelet');
    events.record(pod, 'Normal', 'Often', 'often', 'kubelet');
    world.clock.advance(59 * 60_000);
    events.record(pod, 'Normal', 'Often', 'often', 'kubelet');
    expect(stored()).toHaveLength(2);
    world.clock.advance(2 * 60_000);
    expect(stored().map(({ reason, count }) => [reason, count])).toEqual([['Often', 2]]);
    world.clock.advance(60 * 60_000);
    expect(stored()).toEqual([]);
  });

  test('an event that a client wrote without times goes by its creation', () => {
    begin();
    world.make('Event', 'own', { involvedObject: { name: 'web' }, reason: 'Own' });
    world.clock.advance(61 * 60_000);
    expect(stored()).toEqual([]);
  });
});
