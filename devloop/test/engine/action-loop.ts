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

/** A loop with everything around it faked, and what a user does to it. */
export function setUp(project: ProjectSpec = sampleProject(['backend']), kind = 'minikube') {
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
export const updatedLive: ProjectSpec = {
  ...sampleProject(['backend']),
  services: sampleProject(['backend']).services.map((service) => ({
    ...service,
    live: { sync: [], run: [], restart: true, rebuild: [] },
  })),
};

export const crashed = {
  ready: false,
  state: 'waiting',
  reason: 'CrashLoopBackOff',
  restarts: 2,
  last: { exitCode: 1, reason: 'Error' },
} as const;

/** A loop whose edit 1 was good, and whose edit 2 crashes. */
export async function withBadEdit(kind = 'minikube') {
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
