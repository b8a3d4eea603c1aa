import { afterEach, describe, expect, test } from '@jest/globals';
import { deployment } from './support/templates.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

const budget = (spec: object) => ({ spec: { selector: { matchLabels: { app: 'web' } }, ...spec } });
const status = () => (world.get('PodDisruptionBudget', 'web') as unknown as { status: object }).status;

describe('a disruption budget', () => {
  test.each([
    [{ minAvailable: 1 }, 3, 2],
    [{ minAvailable: 3 }, 3, 0],
    [{ minAvailable: 5 }, 3, 0],
    [{ minAvailable: '50%' }, 3, 1],
    [{ minAvailable: '0%' }, 3, 3],
    [{ maxUnavailable: 1 }, 3, 1],
    [{ maxUnavailable: 0 }, 3, 0],
    [{ maxUnavailable: 9 }, 3, 3],
    [{ maxUnavailable: '50%' }, 3, 2],
    [{}, 2, 1],
  ])('with %j of %d pods allows %d disruptions', (spec, replicas, disruptionsAllowed) => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', replicas));
    world.make('PodDisruptionBudget', 'web', budget(spec));
    expect(status()).toMatchObject({ expectedPods: replicas, currentHealthy: replicas, disruptionsAllowed });
  });

  test('follows its pods', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 2));
    world.make('PodDisruptionBudget', 'web', budget({ minAvailable: 1 }));
    world.node.set(world.pods()[0]?.metadata.name ?? '', 'Running', false);
    world.settle();
    expect(status()).toEqual({
      expectedPods: 2,
      currentHealthy: 1,
      desiredHealthy: 1,
      disruptionsAllowed: 0,
      observedGeneration: 1,
    });
  });

  test('says that it has no pods', () => {
    world = createWorld();
    world.make('PodDisruptionBudget', 'web', budget({ minAvailable: 1 }));
    world.make('Deployment', 'other', deployment('other', 1));
    expect(status()).toEqual({
      expectedPods: 0,
      currentHealthy: 0,
      desiredHealthy: 1,
      disruptionsAllowed: 0,
      observedGeneration: 1,
    });
    expect(world.events('web')[0]).toMatch(/^Normal NoPods No matching pods found/);
  });
});
