import { describe, expect, it } from '@jest/globals';
import { summarize } from '../../../src/state/service-summary.ts';
import { settle } from '../../fakes/ticks.ts';
import { createWorld, firstConfig, type World } from './world.ts';

// What the properties found once, each by itself.

const within = async (work: (world: World) => Promise<void>) => {
  const world = await createWorld('minikube');
  try {
    await work(world);
    expect(world.rules.breaches).toEqual([]);
  } finally {
    await world.stop();
  }
};
const phaseOf = ({ store }: World, name: string) => {
  const state = store.getState();
  const service = state.services[name];
  return service && summarize(state, service).phase;
};

describe('a loop', () => {
  it('updates a service live although the same save changed another service', () =>
    within(async (world) => {
      await world.rest();
      world.save(['web', 'jobs'], 'new', ['tasks']);
      await world.rest();
      expect(world.store.of('update.refused')).toEqual([]);
      expect(world.store.getState().services['web']?.live).toMatchObject({ edit: 1, by: 'sync' });
    }));

  it('calls an edit live whose image is the one that was on its way already', () =>
    within(async (world) => {
      world.endBuild(1, 'ok');
      await settle();
      world.endBuild(0, 'ok');
      await settle();
      expect(world.helms.size).toBe(1);
      world.save(['api'], 'same');
      await settle();
      expect(world.store.of('build.succeeded').at(-1)).toMatchObject({ service: 'api', reused: true });
      await world.rest();
      expect(world.store.getState().services['api']).toMatchObject({ live: { edit: 1 }, deployed: { edit: 1 } });
    }));

  it('waits for no live update of a service that has them no longer', () =>
    within(async (world) => {
      world.endBuild(1, 'ok');
      await settle();
      world.save(['web'], 'new');
      await settle();
      world.intents.setActive('web', false);
      world.configure({ ...firstConfig, live: false });
      await world.rest();
      expect(phaseOf(world, 'web')).toBe('ready');
    }));

  it('cuts off the build of a service that the configuration drops', () =>
    within(async (world) => {
      world.configure({ ...firstConfig, jobs: false });
      world.endBuild(0, 'ok');
      await settle();
      world.configure(firstConfig);
      await settle();
      // The configuration's own edit takes the place of the first build.
      world.endBuild(1, 'ok');
      await settle();
      expect([...world.builds].map(({ service, signal }) => `${service} ${signal.aborted}`)).toEqual([
        'web false',
        'jobs false',
      ]);
      world.configure({ ...firstConfig, jobs: false });
      await settle();
      expect([...world.builds].map(({ signal }) => signal.aborted)).toEqual([false, true]);
    }));

  it.each([
    ['that changes nothing', 'api', 'same'],
    ['that is a live update', 'web', 'new'],
  ] as const)('tries a deploy that failed again with an edit %s, and no other', (_, name, content) =>
    within(async (world) => {
      for (const _ of [1, 2, 3]) {
        world.endBuild(0, 'ok');
        await settle();
      }
      world.endHelm(0, 'failed');
      await settle();
      expect(phaseOf(world, name)).toBe('failed');
      world.save([name], content);
      await settle();
      expect([...world.helms].map(({ release }) => release)).toContain('tasks');
      world.endHelm(
        [...world.helms].findIndex(({ release }) => release === 'tasks'),
        'failed',
      );
      await settle();
      // A failure by itself is no reason to try once more.
      expect([...world.helms].map(({ release }) => release)).not.toContain('tasks');
      expect(world.store.getState().services[name]?.edits.at(-1)).toMatchObject({ edit: 1, result: 'failed' });
    }),
  );
});
