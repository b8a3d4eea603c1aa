import { afterEach, describe, expect, test } from '@jest/globals';
import { ApiError } from '../../../src/sandbox/store/api-error.ts';
import { job } from './support/templates.ts';
import { createWorld, start, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

const minute = 60_000;
const cronJob = (spec: object = {}) => ({
  spec: { schedule: '*/5 * * * *', concurrencyPolicy: 'Allow', jobTemplate: job('tick'), ...spec },
});
const make = (spec: object = {}) => {
  world = createWorld();
  return world.make('CronJob', 'tick', cronJob(spec));
};
const jobs = () => world.store.list('Job', 'default').map(({ metadata }) => metadata.name);
/** The name of the job of a minute after the start. */
const nameAt = (minutes: number) => `tick-${start / minute + minutes}`;
const status = () => world.get('CronJob', 'tick').status;
/** Ends the pod of the newest job. */
function end(phase: 'Succeeded' | 'Failed'): void {
  const pods = world.pods('tick-').filter((pod) => pod.status?.phase === 'Running');
  world.node.set(pods.at(-1)?.metadata.name ?? '', phase, false);
  world.settle();
}

describe('a cron job', () => {
  test('makes a job when its time has come, and not before', () => {
    make();
    world.clock.advance(5 * minute - 1);
    expect(jobs()).toEqual([]);
    world.clock.advance(1);
    expect(jobs()).toEqual([nameAt(5)]);
    const [made] = world.store.list('Job');
    expect(made?.metadata.ownerReferences).toMatchObject([{ kind: 'CronJob', name: 'tick', controller: true }]);
    expect(status()).toEqual({
      lastScheduleTime: '2030-01-01T00:05:00Z',
      active: [expect.objectContaining({ kind: 'Job', name: nameAt(5), uid: made?.metadata.uid })],
    });
    expect(world.events('tick')).toEqual([`Normal SuccessfulCreate Created job ${nameAt(5)}`]);
  });

  test('notes the job that ended', () => {
    make();
    world.clock.advance(5 * minute);
    end('Succeeded');
    expect(status()).toEqual({
      lastScheduleTime: '2030-01-01T00:05:00Z',
      lastSuccessfulTime: '2030-01-01T00:05:00Z',
    });
    expect(world.events('tick').at(-1)).toBe(
      `Normal SawCompletedJob Saw completed job: ${nameAt(5)}, status: Complete`,
    );
  });

  test('says that a job failed', () => {
    make({ jobTemplate: job('tick', { backoffLimit: 0 }) });
    world.clock.advance(5 * minute);
    end('Failed');
    expect(world.events('tick').at(-1)).toBe(`Normal SawCompletedJob Saw completed job: ${nameAt(5)}, status: Failed`);
    expect(status()).toEqual({ lastScheduleTime: '2030-01-01T00:05:00Z' });
  });

  test('that is suspended makes none, and makes up for the last one only', () => {
    make({ suspend: true });
    world.clock.advance(16 * minute);
    expect(jobs()).toEqual([]);
    world.change('CronJob', 'tick', ({ spec }) => {
      spec.suspend = false;
    });
    expect(jobs()).toEqual([nameAt(15)]);
  });

  test('with a deadline does not make up for what is too late', () => {
    make({ suspend: true, startingDeadlineSeconds: 30 });
    world.clock.advance(16 * minute);
    world.change('CronJob', 'tick', ({ spec }) => {
      spec.suspend = false;
    });
    expect(jobs()).toEqual([]);
    world.clock.advance(4 * minute);
    expect(jobs()).toEqual([nameAt(20)]);
  });

  test('follows a new schedule', () => {
    make();
    world.change('CronJob', 'tick', ({ spec }) => {
      spec.schedule = '2 * * * *';
    });
    world.clock.advance(6 * minute);
    expect(jobs()).toEqual([nameAt(2)]);
  });

  test('with a schedule that is none says so and goes on when it is mended', () => {
    make({ schedule: 'now and then' });
    expect(world.events('tick')[0]?.replace(/ x\d+$/, '')).toBe(
      'Warning UnparseableSchedule unparseable schedule: "now and then" : expected exactly 5 fields, found 3: [now and then]',
    );
    world.change('CronJob', 'tick', ({ spec }) => {
      spec.schedule = '* * * * *';
    });
    world.clock.advance(minute);
    expect(jobs()).toEqual([nameAt(1)]);
  });

  test('goes by the clock of its time zone', () => {
    make({ schedule: '5 9 * * *', timeZone: 'Asia/Tokyo' });
    world.clock.advance(5 * minute);
    expect(jobs()).toEqual([nameAt(5)]);
  });

  test('tries again when its job is refused', () => {
    make();
    world.refuse('Job', new ApiError(403, 'Forbidden', 'no more'));
    world.clock.advance(5 * minute);
    expect(world.events('tick')[0]).toMatch(/^Warning FailedCreate Error creating job: no more/);
    world.refuse('Job', undefined);
    world.clock.advance(minute);
    expect(jobs()).toEqual([nameAt(5)]);
  });

  test('does not make a job again that is there', () => {
    world = createWorld((store) => {
      store.create('Job', { ...job('tick', { parallelism: 0 }), metadata: { name: nameAt(5) } } as never);
    });
    world.make('CronJob', 'tick', cronJob());
    world.clock.advance(6 * minute);
    expect(jobs()).toEqual([nameAt(5)]);
    expect(world.mistakes).toEqual([]);
  });
});

describe('when the job before still runs', () => {
  test.each([
    ['Allow', [5, 10]],
    ['Replace', [10]],
    ['Forbid', [5]],
  ])('%s leaves the jobs of minutes %j', (concurrencyPolicy, minutes) => {
    make({ concurrencyPolicy });
    world.clock.advance(10 * minute);
    expect(jobs()).toEqual(minutes.map(nameAt));
    expect(status()?.active?.map(({ name }) => name)).toEqual(minutes.map(nameAt));
  });

  test('Forbid says so, and makes up for it when that one ends', () => {
    make({ concurrencyPolicy: 'Forbid' });
    world.clock.advance(11 * minute);
    expect(world.events('tick')[1]).toMatch(
      /^Normal JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid/,
    );
    end('Succeeded');
    expect(jobs()).toEqual([nameAt(5), nameAt(10)]);
  });

  test('Replace says what it deleted', () => {
    make({ concurrencyPolicy: 'Replace' });
    world.clock.advance(10 * minute);
    expect(world.events('tick')).toEqual([
      `Normal SuccessfulCreate Created job ${nameAt(5)}`,
      `Normal SuccessfulDelete Deleted job ${nameAt(5)}`,
      `Normal SuccessfulCreate Created job ${nameAt(10)}`,
    ]);
  });
});

describe('the history of a cron job', () => {
  test.each([
    ['Succeeded', {}, [10, 15, 20]],
    ['Succeeded', { successfulJobsHistoryLimit: 1 }, [20]],
    ['Succeeded', { successfulJobsHistoryLimit: 0 }, []],
    ['Failed', {}, [20]],
    ['Failed', { failedJobsHistoryLimit: 2 }, [15, 20]],
  ] as const)('of jobs that %s with %j has those of minutes %j', (phase, limits, minutes) => {
    make({ ...limits, jobTemplate: job('tick', { backoffLimit: 0 }) });
    for (let round = 0; round < 4; round += 1) {
      world.clock.advance(5 * minute);
      end(phase);
    }
    expect(jobs()).toEqual(minutes.map(nameAt));
  });
});
