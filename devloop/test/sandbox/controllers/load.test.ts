import { afterEach, describe, expect, test } from '@jest/globals';
import { deployment } from './support/templates.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

/** How many changes it takes, for each pod, until so many deployments of two pods have settled. */
function changesForEachPod(count: number): number {
  world = createWorld();
  world.change('Node', 'sandbox', ({ status }) => {
    if (status) status.allocatable = { cpu: '1000', memory: '1000Gi', pods: '1000' };
  });
  const before = world.store.resourceVersion;
  for (let index = 0; index < count; index += 1) {
    const name = `web-${index}`;
    world.store.create('Deployment', { ...deployment(name, 2), metadata: { name } });
  }
  world.settle();
  const settled = world.store.list('Deployment').filter(({ status }) => status?.availableReplicas === 2);
  expect(settled).toHaveLength(count);
  return (world.store.resourceVersion - before) / (count * 2);
}

describe('deployments that come all at once', () => {
  test.each([1, 20, 200])('settle: %d of them, with a dozen changes for each pod', (count) => {
    expect(changesForEachPod(count)).toBeLessThanOrEqual(12);
  });

  test('need nothing more when they have settled', () => {
    changesForEachPod(20);
    const { resourceVersion } = world.store;
    world.clock.advance(50 * 60_000);
    expect(world.store.resourceVersion).toBe(resourceVersion);
  });
});
