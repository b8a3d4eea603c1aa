import { describe, expect, it } from '@jest/globals';
import { settle } from '../fakes/ticks.ts';
import { edited, startTime } from '../support/sample.ts';
import { crashed, setUp, updatedLive, withBadEdit } from './action-loop.ts';

describe('rollback', () => {
  it('goes to the last revision in which all was ready', async () => {
    const { outside, store, intents, service, run, phase, stop } = await withBadEdit();
    expect([phase(), service().health]).toMatchObject(['failed', { status: 'failed', green: { edit: 1 } }]);
    intents.rollback('backend');
    await settle();
    expect(outside.rollbacks.map(({ release, revision }) => [release, revision])).toEqual([['tasks', 2]]);
    outside.rollbacks[0]?.gate.open({ revision: 4, status: 'deployed', description: 'Rollback to 2' });
    await settle();
    expect(store.of('deploy.succeeded').at(-1)).toMatchObject({ by: 'rollback', revision: 4, rolledBack: ['backend'] });
    expect(service()).toMatchObject({ deployed: { tag: 'content-1' }, image: { tag: 'content-1' }, rolledBack: true });
    await run();
    expect([phase(), service().live?.edit, service().health?.status]).toEqual(['ready', 1, 'ready']);
    await stop();
  });

  it('is not followed by a deploy of the same bad edit, but by one of the next edit', async () => {
    const { outside, intents, save, build, upgrade, service, stop } = await withBadEdit();
    intents.rollback('backend');
    await settle();
    outside.rollbacks[0]?.gate.open({ revision: 4, status: 'deployed', description: '' });
    await settle();
    expect([outside.builds.length, outside.upgrades.length]).toEqual([3, 3]);
    await save(3);
    await build();
    await upgrade();
    expect(outside.upgrades.at(-1)?.upgrade.set['backend.image.tag']).toBe('content-3');
    expect(service()).toMatchObject({ image: { tag: 'content-3' }, rolledBack: false });
    await stop();
  });

  it('leaves a bad service where it is when another one is edited', async () => {
    const { outside, store, intents, stop } = await withBadEdit();
    intents.rollback('backend');
    await settle();
    outside.rollbacks[0]?.gate.open({ revision: 4, status: 'deployed', description: '' });
    await settle();
    store.dispatch({
      type: 'edit',
      edit: 3,
      files: ['helm/values.yaml'],
      changedAt: 0,
      services: [],
      releases: ['tasks'],
    });
    await settle();
    expect(outside.upgrades.at(-1)?.upgrade.set['backend.image.tag']).toBe('content-1');
    await stop();
  });

  it('waits for a helm that runs', async () => {
    const { outside, intents, save, build, upgrade, stop } = await withBadEdit();
    await save(3);
    await build();
    intents.rollback('backend');
    await settle();
    expect(outside.rollbacks).toEqual([]);
    await upgrade();
    expect(outside.rollbacks).toHaveLength(1);
    await stop();
  });

  it('lets an image go that was built while helm rolled back', async () => {
    const { outside, intents, save, build, service, stop } = await withBadEdit();
    intents.rollback('backend');
    await settle();
    await save(3);
    await build();
    outside.rollbacks[0]?.gate.open({ revision: 4, status: 'deployed', description: '' });
    await settle();
    expect(service()).toMatchObject({ image: { tag: 'content-3' }, deployed: { tag: 'content-1' } });
    expect(outside.upgrades.at(-1)?.upgrade.set['backend.image.tag']).toBe('content-3');
    await stop();
  });

  it('that helm refuses is told, and the bad edit is not deployed once more', async () => {
    const { outside, store, intents, phase, stop } = await withBadEdit();
    intents.rollback('backend');
    await settle();
    outside.rollbacks[0]?.gate.fail(new Error('another operation is in progress'));
    await settle();
    expect(store.of('deploy.failed')[0]?.problem.why).toBe('another operation is in progress');
    expect([phase(), outside.upgrades.length]).toEqual(['failed', 3]);
    await stop();
  });

  it('to an image that is gone is refused before helm runs', async () => {
    const { outside, store, intents, stop } = await withBadEdit();
    outside.images.clear();
    intents.rollback('backend');
    await settle();
    expect(store.of('deploy.failed')[0]?.problem.why).toBe('its image backend:content-1 is gone');
    expect(outside.rollbacks).toEqual([]);
    await stop();
  });

  it('goes one further when it is asked for again', async () => {
    const { outside, intents, run, stop } = await withBadEdit();
    for (const revision of [4, 5]) {
      intents.rollback('backend');
      await settle();
      outside.rollbacks.at(-1)?.gate.open({ revision, status: 'deployed', description: '' });
      await settle();
      await run();
    }
    expect(outside.rollbacks.map(({ revision }) => revision)).toEqual([2, 1]);
    await stop();
  });

  it('does not go to a revision that was ready for a moment only', async () => {
    const { clock, outside, intents, save, build, upgrade, run, service, stop } = await withBadEdit();
    await run();
    clock.advance(2000);
    await run('backend', { ready: false }, crashed);
    await save(3);
    await build();
    await upgrade();
    await run('backend', { ready: false }, crashed);
    expect(service().health).toMatchObject({ status: 'failed', green: { edit: 1 } });
    intents.rollback('backend');
    await settle();
    expect(outside.rollbacks.map(({ revision }) => revision)).toEqual([2]);
    await stop();
  });

  it('without a revision that was ready is refused', async () => {
    const { outside, intents, build, upgrade, run, notices, stop } = setUp();
    await settle();
    await build();
    await upgrade();
    await run('backend', { ready: false }, crashed);
    intents.rollback('backend');
    expect(notices()).toEqual([
      'backend cannot be rolled back: no older revision has been ready since devloop was started',
    ]);
    expect(outside.rollbacks).toEqual([]);
    await stop();
  });

  it('in the sandbox only sets images, where helm knows of no other', async () => {
    const { outside, store, intents, stop } = await withBadEdit('sandbox');
    expect(store.of('deploy.succeeded').map(({ by }) => by)).toEqual(['helm', 'images', 'images']);
    intents.rollback('backend');
    await settle();
    expect(outside.rollbacks).toEqual([]);
    expect(outside.kubernetes.imagesSet.at(-1)).toBe('Deployment backend backend backend:content-1');
    expect(store.of('deploy.succeeded').at(-1)).toMatchObject({ by: 'rollback', revision: 1 });
    expect(outside.kubernetes.restarted).toEqual([]);
    await stop();
  });

  it.each([
    ['while the pod runs it', { status: 'current', edit: 1 }, {}],
    // The way into its container is gone: what it has now is the image's.
    ['after it has crashed the pod', { status: 'connecting', edit: 0 }, crashed],
  ] as const)('takes a live update back by starting the pods anew, %s', async (_, update, container) => {
    const { clock, outside, store, intents, build, upgrade, run, service, taken, stop } = setUp(updatedLive);
    await settle();
    await build();
    await upgrade();
    await run();
    clock.advance(60_000);
    const uid = 'backend-7d9f-0';
    store.dispatch(edited(1, ['backend'], ['a.ts'], startTime));
    store.dispatch({ type: 'update.prepared', service: 'backend', edit: 1, image: 'backend:content', files: 1, ms: 3 });
    await run('backend', {}, container);
    store.dispatch({ type: 'pod.update', service: 'backend', uid, pod: uid, update });
    await settle();
    intents.rollback('backend');
    await settle();
    expect(outside.rollbacks).toEqual([]);
    expect(taken).toEqual(['backend content']);
    expect(outside.kubernetes.restarted).toHaveLength(1);
    expect(service().updated).toBeUndefined();
    await stop();
  });
});
