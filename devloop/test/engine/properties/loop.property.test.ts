import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plan } from '../../../src/engine/plan.ts';
import { summarize } from '../../../src/state/service-summary.ts';
import type { LoopState, ServiceState } from '../../../src/state/state.ts';
import { settle } from '../../fakes/ticks.ts';
import { anyStep, backToNormal, type Step } from './steps.ts';
import { createWorld, serviceNames, type World } from './world.ts';

const runs = Number(process.env['PROPERTY_RUNS'] ?? 40);
const parameters = {
  numRuns: runs,
  ...(process.env['PROPERTY_SEED'] === undefined ? { seed: 6 } : { seed: Number(process.env['PROPERTY_SEED']) }),
};

const unhandled: unknown[] = [];
const hear = (error: unknown) => unhandled.push(error);
beforeAll(() => {
  process.on('unhandledRejection', hear);
});
afterAll(() => {
  process.off('unhandledRejection', hear);
  expect(unhandled).toEqual([]);
});

const script = fc.array(fc.tuple(anyStep, fc.boolean()), { minLength: 5, maxLength: 60 });
const kinds = fc.constantFrom('minikube' as const, 'sandbox' as const);

/** Runs the steps; some come before the loop has had time to do anything. */
async function follow(world: World, steps: readonly (readonly [Step, boolean])[]): Promise<void> {
  for (const [step, waits] of steps) {
    step.run(world);
    if (!waits) continue;
    await settle();
    checkNow(world, step.name);
  }
}

/** What holds once the loop has done what it can. */
function checkNow(world: World, after: string): void {
  const state = world.store.getState();
  for (const { service, edit, signal } of world.builds) {
    const known = state.services[service];
    if (known && !signal.aborted && known.buildEdit > edit)
      world.rules.breaches.push(`after ${after}: ${service} still builds edit ${edit}, not ${known.buildEdit}`);
  }
  for (const { release, signal } of world.helms)
    if (signal.aborted) world.rules.breaches.push(`after ${after}: helm of ${release} was cut off`);
  const cancels = [...world.builds].filter(({ signal }) => signal.aborted).map(({ service }) => service);
  // Whatever can start has been started, but for what waits for the end of a build that was cut off.
  for (const operation of plan(state).start) {
    const subject = operation.kind === 'cancel-build' || operation.kind === 'build' ? operation.service : undefined;
    if (subject !== undefined && cancels.includes(subject)) continue;
    world.rules.breaches.push(`after ${after}: ${JSON.stringify(operation)} was not started`);
  }
}

/** At rest each service is live with what is on the disk, or says why it is not. */
function checkRest(world: World): void {
  const state = world.store.getState();
  for (const service of Object.values(state.services)) {
    if (!service.spec) continue;
    const { phase, reason } = summarize(state, service);
    const newest = service.edits.at(-1);
    const isStale = world.running(service.name) !== world.disk.get(service.name);
    const told = `${service.name} is ${phase} (${reason}), its newest edit ${newest?.edit} ${newest?.result}`;
    // One that is deployed together with others waits for them.
    const isHeldUp = phase === 'waiting' && othersFailed(state, service);
    if (phase !== 'ready' && phase !== 'failed' && !isHeldUp) world.rules.breaches.push(`at rest ${told}`);
    // A change of the chart waits for the images that its deploy needs.
    const waits = newest?.way === 'helm' && phase === 'failed';
    if (!isHeldUp && !waits && newest?.result === 'running' && service.spec.active && !service.rolledBack)
      world.rules.breaches.push(`at rest ${told}`);
    if (phase === 'ready' && isStale && !service.rolledBack && service.spec.active && !state.paused)
      world.rules.breaches.push(
        `at rest ${told}, and its pods run ${world.running(service.name)} instead of ${world.disk.get(service.name)}`,
      );
  }
  if (world.rules.running() > 0) world.rules.breaches.push('at rest something still runs');
  if (world.clock.pending() > 40) world.rules.breaches.push(`at rest ${world.clock.pending()} timers wait`);
}

const othersFailed = (state: LoopState, { spec }: ServiceState): boolean =>
  Object.values(state.services).some(
    (one) => one.spec?.release === spec?.release && one.image === undefined && one.build.status === 'failed',
  );

describe('whatever happens to a loop', () => {
  it('the newest edit is live at last, or failed with a reason; operations of one service never overlap', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, script, async (kind, steps) => {
        const world = await createWorld(kind);
        try {
          await follow(world, steps);
          await world.rest();
          checkRest(world);
          await backToNormal(world);
          checkRest(world);
          world.save(serviceNames, 'new');
          await world.rest();
          checkRest(world);
          const state = world.store.getState();
          for (const name of serviceNames) {
            const service = state.services[name];
            const { phase = 'gone', reason = '' } = service ? summarize(state, service) : {};
            if (phase !== 'ready' || service?.live?.edit !== state.edit || world.running(name) !== world.disk.get(name))
              world.rules.breaches.push(
                `at the end ${name} is ${phase} (${reason}): live ${service?.live?.edit} of ${state.edit}`,
              );
          }
          expect(world.rules.breaches).toEqual([]);
        } finally {
          await world.stop();
        }
        expect(world.clock.pending()).toBe(0);
      }),
      parameters,
    );
  }, 600_000);

  it('ten saves in a second are one result, the last', async () => {
    const saves = fc.array(fc.tuple(fc.integer({ min: 1, max: 110 }), fc.boolean(), fc.boolean()), {
      minLength: 10,
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(kinds, saves, async (kind, all) => {
        const world = await createWorld(kind);
        try {
          await world.rest();
          const before = world.store.events.length;
          for (const [gap, waits, ends] of all) {
            world.save(['jobs'], 'new');
            if (waits) await settle();
            // A builder that was told to stop may take its time.
            if (ends) for (const build of world.builds) if (build.signal.aborted) build.gate.fail(build.signal.reason);
            world.clock.advance(gap);
          }
          await world.rest();
          const told = world.store.events.slice(before);
          const count = (type: string) => told.filter((event) => event.type === type).length;
          expect([count('build.succeeded'), count('deploy.succeeded'), count('service.live')]).toEqual([1, 1, 1]);
          expect(world.store.getState().services['jobs']?.live?.edit).toBe(10);
          expect(world.running('jobs')).toBe(world.disk.get('jobs'));
          expect(world.rules.breaches).toEqual([]);
        } finally {
          await world.stop();
        }
      }),
      { ...parameters, numRuns: Math.ceil(runs / 2) },
    );
  }, 600_000);
});
