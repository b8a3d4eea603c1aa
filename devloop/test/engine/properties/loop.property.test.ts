import { afterEach, describe, expect, it } from '@jest/globals';
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
process.on('unhandledRejection', hear);
afterEach(() => expect(unhandled.splice(0)).toEqual([]));

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
    if (phase === 'ready' && newest?.result === 'running' && service.spec.active)
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
});
