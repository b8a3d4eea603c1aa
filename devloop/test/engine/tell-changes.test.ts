import { expect, it } from '@jest/globals';
import { tellChanges } from '../../src/engine/tell-changes.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { startTime } from '../support/sample.ts';

function setUp() {
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  const ending = new AbortController();
  const told: string[] = [];
  tellChanges(store, clock, ({ title, body }) => told.push(`${title}: ${body}`), ending.signal);
  const health = (status: 'ready' | 'failed', edit = 1, service = 'backend') =>
    store.dispatch({ type: 'service.health', service, status, cause: status === 'failed' ? 'it crashed' : '', edit });
  return { clock, told, health, ending };
}

it('a failure and the recovery are told, once each', () => {
  const { clock, told, health } = setUp();
  health('ready');
  health('failed');
  health('failed');
  health('ready', 2);
  clock.advance(5000);
  expect(told).toEqual(['backend has failed: it crashed', 'backend is ready again: edit 2 is live']);
});

it('what the first start brings is not told', () => {
  const { clock, told, health } = setUp();
  health('failed');
  health('ready');
  clock.advance(5000);
  expect(told).toEqual([]);
});

it('a crash loop that is ready for a moment is one failure', () => {
  const { clock, told, health } = setUp();
  health('ready');
  for (let round = 0; round < 3; round += 1) {
    health('failed');
    clock.advance(2000);
    health('ready');
    clock.advance(2000);
  }
  health('failed');
  clock.advance(60_000);
  expect(told).toEqual(['backend has failed: it crashed']);
  expect(clock.pending()).toBe(0);
});

it('services are told apart', () => {
  const { told, health } = setUp();
  for (const name of ['backend', 'frontend']) health('ready', 1, name);
  for (const name of ['backend', 'frontend']) health('failed', 1, name);
  expect(told).toEqual(['backend has failed: it crashed', 'frontend has failed: it crashed']);
});

it('nothing is told after the end, and no timer is left', () => {
  const { clock, told, health, ending } = setUp();
  health('ready');
  health('failed');
  health('ready');
  ending.abort();
  expect(clock.pending()).toBe(0);
  health('failed');
  expect(told).toHaveLength(1);
});
