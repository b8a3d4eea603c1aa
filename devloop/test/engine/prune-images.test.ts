import { describe, expect, it } from '@jest/globals';
import type { StoredImage } from '../../src/engine/outside.ts';
import { imagesToRemove, neededImages, pruneImages } from '../../src/engine/prune-images.ts';
import { createFakeOutside } from '../fakes/outside.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { built, edited, podChanged, samplePod, sampleProject, startTime } from '../support/sample.ts';

const hour = 3_600_000;
const now = startTime;
const stored = (tag: string, age: number, repository = 'backend'): StoredImage => ({
  repository,
  tag,
  createdAt: now - age,
  isLeftover: tag.endsWith('-app'),
});
const tags = (count: number, repository = 'backend') =>
  Array.from({ length: count }, (_, index) => stored(`t${index}`, index * 1000, repository));

describe('the images to remove', () => {
  it.each<[string, StoredImage[], string[], string[]]>([
    ['none of none', [], [], []],
    ['none of the newest five', tags(5), [], []],
    ['those beyond the newest five', tags(7), [], ['backend:t5', 'backend:t6']],
    ['whatever the order in which they are listed', tags(7).reverse(), [], ['backend:t5', 'backend:t6']],
    ['of each service by itself', [...tags(6), ...tags(6, 'web')], [], ['backend:t5', 'web:t5']],
    ['but what is needed', tags(7), ['backend:t5'], ['backend:t6']],
    ['five, and what is needed besides', tags(8), ['backend:t0', 'backend:t7'], ['backend:t5', 'backend:t6']],
    ['what a dead build has left', [stored('t0-app', 2 * hour)], [], ['backend:t0-app']],
    ['not what a build may still need', [stored('t0-app', hour / 2)], [], []],
    ['what is left over does not count', [...tags(5), stored('x-app', 2 * hour)], [], ['backend:x-app']],
  ])('are %s', (_, listed, needed, expected) => {
    expect(imagesToRemove(listed, new Set(needed), now)).toEqual(expected);
  });
});

function setUp() {
  const outside = createFakeOutside();
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  const controller = new AbortController();
  const cluster = { context: 'minikube', kind: 'minikube', why: '' };
  store.dispatch({ type: 'loop.started', project: sampleProject(), cluster });
  pruneImages(outside, clock, store, controller.signal);
  const deployed = (tag = 'edit-0') =>
    store.dispatch({
      type: 'deploy.succeeded',
      release: 'tasks',
      revision: 1,
      by: 'helm',
      images: [{ service: 'backend', repository: 'backend', tag, edit: 0 }],
      chart: 'chart',
      edit: 0,
      ms: 1,
    });
  const removed = () => outside.asked.filter((question) => question.startsWith('remove')).map((text) => text.slice(7));
  return { outside, clock, store, controller, deployed, removed };
}

describe('what is needed', () => {
  it('is what is built, deployed, running, and what a rollback may go to', () => {
    const { store, deployed } = setUp();
    for (const event of built('backend', 1)) store.dispatch(event);
    deployed('deployed');
    const pod = samplePod('frontend');
    store.dispatch(podChanged(pod));
    const images = [{ service: 'backend', repository: 'backend', tag: 'green', edit: 0 }];
    store.dispatch({ type: 'release.green', release: 'tasks', green: { revision: 1, images, chart: '', edit: 0 } });
    const running = pod.containers.map(({ image }) => image);
    expect([...neededImages(store.getState())].sort()).toEqual(
      ['backend:deployed', 'backend:edit-1', 'backend:green', ...running].sort(),
    );
  });
});

describe('pruning', () => {
  it('waits after a deploy until things are quiet', async () => {
    const { outside, clock, deployed, removed } = setUp();
    outside.stored.push(...tags(7));
    deployed();
    clock.advance(9_999);
    await settle();
    expect(outside.asked).toEqual([]);
    clock.advance(1);
    await settle();
    expect(removed()).toEqual(['backend:t5', 'backend:t6']);
    expect(clock.pending()).toBe(0);
  });

  it('asks for the project’s own repositories only', async () => {
    const { outside, clock, deployed } = setUp();
    outside.stored.push(...tags(9, 'of-others'));
    deployed();
    clock.advance(10_000);
    await settle();
    expect(outside.asked).toEqual(['list backend frontend']);
  });

  it('is put off by an edit, and comes after it', async () => {
    const { outside, clock, store, deployed, removed } = setUp();
    outside.stored.push(...tags(6));
    deployed();
    clock.advance(9_000);
    store.dispatch(edited(1, ['backend'], ['a.ts'], startTime));
    clock.advance(9_000);
    await settle();
    expect(removed()).toEqual([]);
    clock.advance(1_000);
    await settle();
    expect(removed()).toEqual(['backend:t5']);
  });

  it('does not begin while a build runs', async () => {
    const { outside, clock, store, deployed } = setUp();
    deployed();
    store.dispatch({ type: 'build.started', service: 'backend', edit: 1 });
    clock.advance(60_000);
    await settle();
    expect(outside.asked).toEqual([]);
    expect(clock.pending()).toBe(0);
  });

  it('stops when something begins, and goes on when it is quiet again', async () => {
    const { outside, clock, store, deployed, removed } = setUp();
    outside.stored.push(...tags(8));
    const remove = outside.docker.removeImage;
    Object.assign(outside.docker, {
      removeImage: async (reference: string, signal: AbortSignal) => {
        if (removed().length === 0) store.dispatch(edited(1, ['backend'], ['a.ts'], startTime));
        outside.stored.splice(
          outside.stored.findIndex(({ tag }) => reference.endsWith(tag)),
          1,
        );
        return remove(reference, signal);
      },
    });
    deployed();
    clock.advance(10_000);
    await settle();
    expect(removed()).toEqual(['backend:t5']);
    clock.advance(10_000);
    await settle();
    expect(removed()).toEqual(['backend:t5', 'backend:t6', 'backend:t7']);
  });

  it('is not wanted where nothing was deployed', async () => {
    const { outside, clock, store } = setUp();
    store.dispatch(edited(1, ['backend'], ['a.ts'], startTime));
    expect(clock.pending()).toBe(0);
    clock.advance(60_000);
    await settle();
    expect(outside.asked).toEqual([]);
  });

  it('goes on after an image that cannot be removed, and tells nobody', async () => {
    const { outside, clock, store, deployed, removed } = setUp();
    outside.stored.push(...tags(7));
    const remove = outside.docker.removeImage;
    Object.assign(outside.docker, {
      removeImage: async (reference: string, signal: AbortSignal) => {
        await remove(reference, signal);
        return false;
      },
    });
    deployed();
    const { length } = store.events;
    clock.advance(10_000);
    await settle();
    expect(removed()).toHaveLength(2);
    expect(store.events).toHaveLength(length);
  });

  it('survives a Docker that does not answer', async () => {
    const { outside, clock, deployed, removed } = setUp();
    const list = outside.docker.listImages;
    Object.assign(outside.docker, { listImages: () => Promise.reject(new Error('no daemon')) });
    deployed();
    clock.advance(10_000);
    await settle();
    Object.assign(outside.docker, { listImages: list });
    outside.stored.push(...tags(6));
    deployed();
    clock.advance(10_000);
    await settle();
    expect(removed()).toEqual(['backend:t5']);
  });

  it('ends with the loop', async () => {
    const { outside, clock, controller, deployed } = setUp();
    deployed();
    controller.abort();
    expect(clock.pending()).toBe(0);
    deployed();
    clock.advance(60_000);
    await settle();
    expect(outside.asked).toEqual([]);
  });
});
