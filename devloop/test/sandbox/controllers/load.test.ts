import { afterEach, describe, expect, test } from '@jest/globals';
import { deployment } from './support/templates.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

/** How many changes it takes to settle so many deployments of two pods each, for each pod. */
function changesForEachPod(count: number): number {
  world = createWorld((store) => {
    store.create('Node', {
      metadata: { name: 'sandbox-big' },
      status: { allocatable: { cpu: '1000', memory: '1000Gi', pods: '10000' } },
    });
  });
  const before = world.store.resourceVersion;
  for (let index = 0; index < count; index += 1) {
    const name = `web-${index}`;
    world.store.create('Deployment', { ...deployment(name, 2), metadata: { name } });
  }
  world.settle();
  expect(world.store.list('Deployment').filter(({ status }) => status?.availableReplicas === 2)).toHaveLength(count);
  return (world.store.resourceVersion - before) / (count * 2);
}

describe('many deployments at once', () => {
  test('settle', () => {
    const t = Date.now();
    const few = changesForEachPod(10);
    world.stop();
    const t1 = Date.now();
    const many = changesForEachPod(200);
    console.log(few, many, t1 - t, Date.now() - t1);
  });
});
