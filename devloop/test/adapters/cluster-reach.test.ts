import { describe, expect, it } from '@jest/globals';
import { ClusterReach } from '../../src/adapters/kubernetes/cluster-reach.ts';

function setUp() {
  const told: string[] = [];
  const reach = new ClusterReach({ lost: (why) => told.push(why), connected: () => told.push('connected') });
  return { told, watches: [reach.watch(), reach.watch(), reach.watch()] as const };
}

describe('the reach of a cluster', () => {
  it('is lost once, with the first reason, and back with the last watch', () => {
    const { told, watches } = setUp();
    for (const round of [1, 2, 3]) for (const [index, watch] of watches.entries()) watch.lost(`${index} in ${round}`);
    expect(told).toEqual(['0 in 1']);
    watches[2].connected();
    watches[0].connected();
    expect(told).toEqual(['0 in 1']);
    watches[1].connected();
    expect(told).toEqual(['0 in 1', 'connected']);
  });

  it('is lost again by the next loss', () => {
    const { told, watches } = setUp();
    for (const why of ['one', 'two']) {
      watches[0].lost(why);
      watches[0].connected();
    }
    expect(told).toEqual(['one', 'connected', 'two', 'connected']);
  });

  it('stays lost while a watch fails anew before the last one is back', () => {
    const { told, watches } = setUp();
    watches[0].lost('one');
    watches[1].lost('two');
    watches[0].connected();
    watches[0].lost('three');
    watches[1].connected();
    watches[0].connected();
    expect(told).toEqual(['one', 'connected']);
  });

  it('is not told of by watches that never failed', () => {
    const { told, watches } = setUp();
    for (const watch of watches) watch.connected();
    expect(told).toEqual([]);
  });
});
