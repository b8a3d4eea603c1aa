import { describe, expect, it } from '@jest/globals';
import { waitUntilSettled } from '../../src/cli/wait-until-settled.ts';
import type { Problem } from '../../src/model/errors.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import {
  allHealthy,
  buildFailed,
  compilerProblem,
  crashLoopPod,
  podChanged,
  sampleContainer,
  samplePod,
  started,
  startTime,
} from '../support/sample.ts';

function setUp(timeout = 600_000) {
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  const controller = new AbortController();
  const outcome: { settled: boolean; problem?: Problem | undefined } = { settled: false };
  void waitUntilSettled(store, clock, timeout, controller.signal).then((problem) =>
    Object.assign(outcome, { settled: true, problem }),
  );
  const tell = async (...events: readonly LoopEvent[]) => {
    for (const event of events) store.dispatch(event);
    await settle();
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { clock, store, controller, outcome, tell, pass };
}

const healthy = allHealthy();

describe('up --once', () => {
  it('waits for the last service, and leaves no timer', async () => {
    const { clock, outcome, tell } = setUp();
    await tell(...healthy.slice(0, -1));
    expect(outcome.settled).toBe(false);
    await tell(...healthy.slice(-1));
    expect(outcome).toEqual({ settled: true, problem: undefined });
    expect(clock.pending()).toBe(0);
  });

  it('ends at once with a build that failed', async () => {
    const { outcome, tell } = setUp();
    await tell(started(), ...buildFailed('backend', 0, compilerProblem));
    expect(outcome).toEqual({ settled: true, problem: compilerProblem });
  });

  it('ends at once with a deploy that failed', async () => {
    const { outcome, tell } = setUp();
    const problem = { title: 'helm upgrade of tasks failed', why: 'no' };
    const failed: LoopEvent[] = [
      {
        type: 'deploy.started',
        release: 'tasks',
        edit: 0,
        inputs: 'chart@0 backend=backend:edit-0 frontend=frontend:edit-0',
      },
      { type: 'deploy.failed', release: 'tasks', edit: 0, problem, ms: 1 },
    ];
    await tell(...healthy.slice(0, 5), ...failed);
    expect(outcome).toEqual({ settled: true, problem });
  });

  it('gives a pod that fails its time to come round', async () => {
    const { outcome, tell, pass } = setUp();
    await tell(...healthy.slice(0, -1), podChanged(crashLoopPod('backend')));
    await pass(19_999);
    expect(outcome.settled).toBe(false);
    await tell(podChanged(samplePod('backend')), ...healthy.slice(-1));
    expect(outcome).toEqual({ settled: true, problem: undefined });
  });

  it('ends with a pod that has not come round', async () => {
    const { outcome, tell, pass } = setUp();
    await tell(...healthy.slice(0, -1), podChanged(crashLoopPod('backend')));
    await pass(20_000);
    expect(outcome.problem?.title).toBe('Pod backend-7d9f-0 is failing');
  });

  it('counts the time from the first failure of a crash loop, which comes and goes', async () => {
    const { outcome, tell, pass } = setUp();
    const restarted = samplePod('backend', 0, {
      ready: false,
      containers: [sampleContainer('backend', 0, { ready: false, restarts: 4 })],
    });
    await tell(...healthy.slice(0, -1));
    for (let times = 0; times < 4; times += 1) {
      await tell(podChanged(crashLoopPod('backend')));
      await pass(3000);
      await tell(podChanged(restarted));
      await pass(1500);
    }
    await tell(podChanged(crashLoopPod('backend')));
    expect(outcome.settled).toBe(false);
    await pass(2000);
    expect(outcome.settled).toBe(true);
  });

  it('ends when its time is over, and says what it waited for', async () => {
    const { clock, outcome, tell, pass } = setUp(90_000);
    await tell(started());
    await pass(90_000);
    expect(outcome.problem).toMatchObject({ title: 'Not healthy within 90 s' });
    expect(outcome.problem?.why).toBe(
      'backend is waiting: for its first build; frontend is waiting: for its first build',
    );
    expect(clock.pending()).toBe(0);
  });

  it('ends without a problem when it is interrupted', async () => {
    const { clock, controller, outcome, tell } = setUp();
    await tell(started());
    controller.abort();
    await settle();
    expect(outcome).toEqual({ settled: true, problem: undefined });
    expect(clock.pending()).toBe(0);
  });
});
