import { afterEach, describe, expect, test } from '@jest/globals';
import { deleteObject } from '../../../src/sandbox/controllers/delete-object.ts';
import { isActive } from '../../../src/sandbox/controllers/pods.ts';
import { job, template } from './support/templates.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

const make = (spec: object = {}) => {
  world = createWorld();
  return world.make('Job', 'once', job('once', spec));
};
const running = () => world.pods().filter(isActive);
/** Ends a pod that runs. */
const end = (phase: 'Succeeded' | 'Failed') => {
  world.node.set(running()[0]?.metadata.name ?? '', phase, false);
  world.settle();
};
const status = () => world.get('Job', 'once').status;
const reasons = () => world.events('once').map((line) => line.split(' ')[1]);

describe('a job', () => {
  test('runs its pod', () => {
    make();
    expect(status()).toEqual({ active: 1, startTime: '2030-01-01T00:00:00Z' });
    expect(world.events('once')).toEqual([`Normal SuccessfulCreate Created pod: ${world.pods()[0]?.metadata.name}`]);
    expect(world.pods()[0]?.metadata.generateName).toBe('once-');
  });

  test('completes', () => {
    make();
    world.clock.advance(5_000);
    end('Succeeded');
    const time = '2030-01-01T00:00:05Z';
    expect(status()).toEqual({
      startTime: '2030-01-01T00:00:00Z',
      completionTime: time,
      succeeded: 1,
      conditions: [{ type: 'Complete', status: 'True', lastProbeTime: time, lastTransitionTime: time }],
    });
    expect(world.events('once').at(-1)).toBe('Normal Completed Job completed');
  });

  test('runs as many at once as it may, until so many succeeded', () => {
    make({ completions: 3, parallelism: 2 });
    expect(running()).toHaveLength(2);
    end('Succeeded');
    expect(running()).toHaveLength(2);
    end('Succeeded');
    expect(running()).toHaveLength(1);
    end('Succeeded');
    expect(status()).toMatchObject({ succeeded: 3, conditions: [{ type: 'Complete' }] });
  });

  test('without a count is over when one succeeded and all have ended', () => {
    make({ completions: undefined, parallelism: 2 });
    end('Succeeded');
    expect(status()).toMatchObject({ active: 1, succeeded: 1 });
    expect(running()).toHaveLength(1);
    end('Succeeded');
    expect(status()).toMatchObject({ succeeded: 2, conditions: [{ type: 'Complete' }] });
  });

  test('that may run fewer ends the rest', () => {
    make({ completions: 4, parallelism: 3 });
    world.change('Job', 'once', ({ spec }) => {
      spec.parallelism = 1;
    });
    expect(running()).toHaveLength(1);
    expect(status()?.active).toBe(1);
  });

  test('that is suspended runs nothing until it goes on', () => {
    make({ suspend: true });
    expect(world.pods()).toEqual([]);
    world.change('Job', 'once', ({ spec }) => {
      spec.suspend = false;
    });
    expect(running()).toHaveLength(1);
  });

  test('makes a pod again that somebody deleted', () => {
    make();
    deleteObject(world, 'Pod', 'default', running()[0]?.metadata.name ?? '');
    world.settle();
    expect(running()).toHaveLength(1);
    expect(status()?.failed).toBeUndefined();
  });
});

describe('a pod of a job that fails', () => {
  test('is followed by another: at once, after 10 seconds, after 20', () => {
    make();
    for (const wait of [0, 10_000, 20_000]) {
      end('Failed');
      if (wait > 0) {
        world.clock.advance(wait - 1);
        expect(running()).toHaveLength(0);
        world.clock.advance(1);
      }
      expect(running()).toHaveLength(1);
    }
    expect(status()).toMatchObject({ active: 1, failed: 3 });
  });

  test('is one too many when the retries are used up', () => {
    make({ backoffLimit: 1 });
    end('Failed');
    end('Failed');
    expect(status()).toMatchObject({
      failed: 2,
      conditions: [
        {
          type: 'Failed',
          status: 'True',
          reason: 'BackoffLimitExceeded',
          message: 'Job has reached the specified backoff limit',
        },
      ],
    });
    expect(status()).not.toHaveProperty('completionTime');
    expect(world.events('once').at(-1)).toBe(
      'Warning BackoffLimitExceeded Job has reached the specified backoff limit',
    );
    world.clock.advance(600_000);
    expect(running()).toEqual([]);
  });

  test.each([
    [0, 1],
    [2, 2],
  ])('in its containers counts as well: limit %d, restarts %d', (backoffLimit, restarts) => {
    make({ backoffLimit, template: template('once', 'job:1', { restartPolicy: 'OnFailure' }) });
    const name = running()[0]?.metadata.name ?? '';
    for (let count = 0; count <= restarts; count += 1) {
      expect(reasons()).not.toContain('BackoffLimitExceeded');
      world.change('Pod', name, (copy) => {
        copy.status = { ...copy.status, containerStatuses: [{ name: 'main', restartCount: count } as never] };
      });
    }
    expect(reasons()).toEqual(['SuccessfulCreate', 'SuccessfulDelete', 'BackoffLimitExceeded']);
    expect(status()).toMatchObject({ failed: 1 });
  });
});

describe('a job with a deadline', () => {
  test('ends when it is over', () => {
    make({ activeDeadlineSeconds: 30 });
    world.clock.advance(29_000);
    expect(running()).toHaveLength(1);
    world.clock.advance(1_000);
    expect(running()).toEqual([]);
    expect(status()).toMatchObject({
      failed: 1,
      conditions: [
        {
          type: 'Failed',
          reason: 'DeadlineExceeded',
          message: 'Job was active longer than specified deadline',
        },
      ],
    });
    expect(world.events('once').slice(1)).toEqual([
      expect.stringMatching(/^Normal SuccessfulDelete Deleted pod: once-/),
      'Warning DeadlineExceeded Job was active longer than specified deadline',
    ]);
  });

  test('that completes in time stays complete', () => {
    make({ activeDeadlineSeconds: 30 });
    end('Succeeded');
    world.clock.advance(60_000);
    expect(status()?.conditions?.map(({ type }) => type)).toEqual(['Complete']);
  });
});

describe('a job that is over', () => {
  test.each([
    [0, 0],
    [60, 60_000],
  ])('goes %d seconds later, with its pods', (ttlSecondsAfterFinished, wait) => {
    make({ ttlSecondsAfterFinished });
    end('Succeeded');
    if (wait > 0) {
      world.clock.advance(wait - 1);
      expect(world.store.list('Job')).toHaveLength(1);
      world.clock.advance(1);
    }
    expect([...world.store.list('Job'), ...world.pods()]).toEqual([]);
  });

  test('stays when it has no time to go', () => {
    make();
    end('Succeeded');
    world.clock.advance(24 * 3_600_000);
    expect(world.store.list('Job')).toHaveLength(1);
    expect(world.pods()).toHaveLength(1);
  });
});
