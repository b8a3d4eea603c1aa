import { describe, expect, it } from '@jest/globals';
import { RefusingPods } from '../../src/engine/refusing-pods.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';

function setUp() {
  const clock = createFakeClock(0);
  return { clock, pods: new RefusingPods(clock) };
}

describe('a pod that refuses', () => {
  it('lets everybody try it as long as it has refused nobody', async () => {
    const { pods } = setUp();
    expect(pods.turn('a')).toBeUndefined();
    expect(await pods.try('a', async () => false)).toBe(false);
    expect(pods.turn('a')).toBeUndefined();
  });

  it('is tried again after 50 ms, then 100, 200, and never longer than 400', async () => {
    const { clock, pods } = setUp();
    for (const wait of [50, 100, 200, 400, 400]) {
      let back = false;
      void pods
        .try('a', async () => true)
        .then(() => {
          back = true;
        });
      await settle();
      clock.advance(wait - 1);
      await settle();
      expect(back).toBe(false);
      clock.advance(1);
      await settle();
      expect(back).toBe(true);
    }
  });

  it('is tried by one client at a time; the others hear how it fared', async () => {
    const { clock, pods } = setUp();
    void pods.try('a', async () => true);
    await settle();
    clock.advance(50);
    await settle();
    const never = new Promise<boolean>(() => {});
    let accept = () => {};
    void pods.try('a', (accepted) => {
      accept = accepted;
      return never;
    });
    const turn = pods.turn('a');
    expect(turn).toBeInstanceOf(Promise);
    accept();
    await turn;
    expect(pods.turn('a')).toBeUndefined();
  });

  it('says nothing about another pod', async () => {
    const { pods } = setUp();
    void pods.try('a', async () => true);
    await settle();
    expect(pods.turn('b')).toBeUndefined();
  });

  it('has a clean slate once it has taken a connection', async () => {
    const { clock, pods } = setUp();
    void pods.try('a', async () => true);
    await settle();
    clock.advance(50);
    await settle();
    expect(await pods.try('a', async () => false)).toBe(false);
    let back = false;
    void pods
      .try('a', async () => true)
      .then(() => {
        back = true;
      });
    await settle();
    clock.advance(50);
    await settle();
    expect(back).toBe(true);
  });
});
