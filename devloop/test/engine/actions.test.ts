import { describe, expect, it } from '@jest/globals';
import { startExecutor } from '../../src/engine/executor.ts';
import { createLoopIntents } from '../../src/engine/loop-intents.ts';
import { noticeGreen } from '../../src/engine/notice-green.ts';
import { noticeHealth } from '../../src/engine/notice-health.ts';
import { noticeLive } from '../../src/engine/notice-live.ts';
import type { ContainerView, PodView } from '../../src/model/pod.ts';
import type { ProjectSpec } from '../../src/model/project.ts';
import { summarize } from '../../src/state/service-summary.ts';
import { createFakeOutside } from '../fakes/outside.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import {
  edited,
  podChanged,
  sampleContainer,
  samplePod,
  sampleProject,
  sampleWorkload,
  started,
  startTime,
  workloadChanged,
} from '../support/sample.ts';

const cluster = (kind: string) => ({ context: kind, kind, why: 'the test' });

function setUp(project: ProjectSpec = sampleProject(['backend']), kind = 'minikube') {
  const outside = createFakeOutside();
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  const ending = new AbortController();
  store.dispatch({ ...started(project), cluster: cluster(kind) } as never);
  const taken: string[] = [];
  const executor = startExecutor(outside, clock, store, {
    prepare: async () => {},
    takeBack: (service, image) => taken.push(`${service} ${image.tag}`),
  });
  noticeLive(store, ending.signal);
  noticeHealth(store, ending.signal);
  noticeGreen(store, ending.signal);
  const intents = createLoopIntents(outside.kubernetes, clock, store, ending.signal);
  const service = (name = 'backend') => {
    const found = store.getState().services[name];
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  return {
    ...{ outside, clock, store, executor, intents, service, taken },
    notices: () => store.of('notice').map(({ text }) => text),
    phase: (name = 'backend') => summarize(store.getState(), service(name)).phase,
    save: async (edit: number, name = 'backend') => {
      outside.tags.set(name, `content-${edit}`);
      store.dispatch(edited(edit, [name], [`${name}/a.ts`], clock.now()));
      await settle();
    },
    build: async () => {
      outside.builds.at(-1)?.gate.open();
      await settle();
    },
    upgrade: async () => {
      outside.upgrades.at(-1)?.gate.open({ revision: outside.upgrades.length, status: 'deployed', description: '' });
      await settle();
    },
    /** The service's pod runs the image of its newest deploy. */
    run: async (name = 'backend', change: Partial<PodView> = {}, container: Partial<ContainerView> = {}) => {
      const { deployed } = service(name);
      const image = `${deployed?.repository}:${deployed?.tag}`;
      store.dispatch(workloadChanged(sampleWorkload(name)));
      const containers = [sampleContainer(name, 0, { image, ...container })];
      store.dispatch(podChanged(samplePod(name, 0, { containers, ...change })));
      await settle();
    },
    stop: async () => {
      await settle();
      ending.abort();
      await executor.stop();
    },
  };
}
const updatedLive: ProjectSpec = {
  ...sampleProject(['backend']),
  services: sampleProject(['backend']).services.map((service) => ({
    ...service,
    live: { sync: [], run: [], restart: true, rebuild: [] },
  })),
};

const crashed = {
  ready: false,
  state: 'waiting',
  reason: 'CrashLoopBackOff',
  restarts: 2,
  last: { exitCode: 1, reason: 'Error' },
} as const;

/** A loop whose edit 1 was good, and whose edit 2 crashes. */
async function withBadEdit(kind = 'minikube') {
  const loop = setUp(sampleProject(['backend']), kind);
  await settle();
  await loop.build();
  await loop.upgrade();
  await loop.run();
  loop.clock.advance(60_000);
  await loop.save(1);
  await loop.build();
  await loop.upgrade();
  await loop.run();
  loop.clock.advance(60_000);
  await loop.save(2);
  await loop.build();
  await loop.upgrade();
  await loop.run('backend', { ready: false }, crashed);
  return loop;
}

describe('rebuild', () => {
  it('builds although the daemon has the image, and leaves the pods when it made the same one', async () => {
    const { outside, store, intents, build, upgrade, run, notices, stop } = setUp();
    await settle();
    await build();
    await upgrade();
    await run();
    outside.imageIds.set('backend:content', 'sha256:1');
    intents.rebuild('backend');
    await settle();
    expect(outside.builds.map(({ tag }) => tag)).toEqual(['content', 'content']);
    await build();
    expect(store.of('build.succeeded').at(-1)).toMatchObject({ reused: false, unchanged: true });
    expect([outside.kubernetes.restarted, outside.upgrades.length]).toEqual([[], 1]);
    expect(notices()).toEqual(['backend: the build made the same image, so its pods stay']);
    await stop();
  });

  it('starts the pods anew when another image came out under the same tag', async () => {
    const { outside, intents, build, upgrade, run, stop } = setUp();
    await settle();
    await build();
    await upgrade();
    await run();
    outside.imageIds.set('backend:content', 'sha256:1');
    intents.rebuild('backend');
    await settle();
    outside.imageIds.set('backend:content', 'sha256:2');
    await build();
    expect(outside.kubernetes.restarted).toEqual([expect.stringMatching(/^Deployment backend 2026-/)]);
    await stop();
  });

  it('takes the place of a build that runs', async () => {
    const { outside, intents, stop, build, service } = setUp();
    await settle();
    intents.rebuild('backend');
    await settle();
    expect(outside.builds.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(service()).toMatchObject({ build: { status: 'running', forced: true }, rebuild: false });
    await build();
    expect(service().build.status).toBe('succeeded');
    await stop();
  });

  it('is cut off by a newer edit, whose build is a forced one too', async () => {
    const { outside, intents, save, stop, build, service } = setUp();
    await settle();
    await build();
    intents.rebuild('backend');
    await settle();
    await save(1);
    expect(outside.builds.map(({ tag, signal }) => [tag, signal.aborted])).toEqual([
      ['content', false],
      ['content', true],
      ['content-1', false],
    ]);
    expect(service()).toMatchObject({ build: { status: 'running', edit: 1 }, rebuild: false });
    await stop();
  });

  it('that fails is told as any build, and is not tried again by itself', async () => {
    const { outside, intents, stop, build, phase } = setUp();
    await settle();
    await build();
    intents.rebuild('backend');
    await settle();
    outside.builds.at(-1)?.gate.fail(new Error('exit code: 1'));
    await settle();
    expect([phase(), outside.builds.length]).toEqual(['failed', 2]);
    await stop();
  });

  it.each([
    ['nobody', 'nobody cannot be rebuilt: there is no such service'],
    ['database', 'database cannot be rebuilt: devloop does not build its image'],
  ])('of %s is refused', async (name, why) => {
    const project = sampleProject(['backend', 'database']);
    const services = project.services.map(({ image, ...service }) =>
      service.name === 'database' || !image ? service : { ...service, image },
    );
    const { intents, notices, stop } = setUp({ ...project, services });
    intents.rebuild(name);
    expect(notices()).toEqual([why]);
    await stop();
  });
});

describe('restart', () => {
  it('starts the pods of each workload anew, as kubectl does', async () => {
    const { outside, intents, run, notices, stop } = setUp();
    await run();
    intents.restart('backend');
    await settle();
    expect(outside.kubernetes.restarted).toEqual([`Deployment backend ${new Date(startTime).toISOString()}`]);
    expect(notices()).toEqual(['backend: new pods are started for Deployment backend']);
    await stop();
  });

  it('that the API server refuses is told, and the loop goes on', async () => {
    const { outside, intents, run, notices, stop } = setUp();
    await run();
    outside.kubernetes.restart = () => Promise.reject(new Error('forbidden'));
    intents.restart('backend');
    await settle();
    expect(notices()).toEqual(['backend could not be restarted: forbidden']);
    await stop();
  });

  it('of a service without a workload is refused', async () => {
    const { intents, notices, stop } = setUp();
    intents.restart('backend');
    await settle();
    expect(notices()).toEqual(['backend cannot be restarted: no workload of it is in the cluster']);
    await stop();
  });
});

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

describe('a service that is switched off', () => {
  it('is not built, and is built when it is switched on again', async () => {
    const { outside, intents, save, build, upgrade, stop } = setUp(sampleProject(['backend', 'frontend']));
    await settle();
    for (const { gate } of outside.builds) gate.open();
    await settle();
    await upgrade();
    intents.setActive('backend', false);
    await save(1);
    expect(outside.builds).toHaveLength(2);
    await save(2, 'frontend');
    await build();
    expect(outside.upgrades.at(-1)?.upgrade.set['frontend.image.tag']).toBe('content-2');
    intents.setActive('backend', true);
    await settle();
    expect(outside.builds.at(-1)?.tag).toBe('content-1');
    await stop();
  });

  it('ends a build that runs, when it has an image already', async () => {
    const { outside, intents, save, build, stop } = setUp();
    await settle();
    await build();
    await save(1);
    intents.setActive('backend', false);
    await settle();
    expect(outside.builds.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    await stop();
  });

  it('is told of once', async () => {
    const { store, intents, stop } = setUp();
    intents.setActive('backend', false);
    intents.setActive('backend', false);
    expect(store.of('service.toggled')).toMatchObject([{ service: 'backend', active: false }]);
    expect(store.getState().project?.services[0]?.active).toBe(false);
    await stop();
  });
});

it('nothing is asked of a loop that ends', async () => {
  const { store, intents, notices, stop } = setUp();
  store.dispatch({ type: 'loop.stopping', why: 'quit' });
  intents.restart('backend');
  intents.rollback('backend');
  expect(notices()).toEqual([
    'backend cannot be restarted: the loop does not run',
    'backend cannot be rolled back: the loop does not run',
  ]);
  await stop();
});
