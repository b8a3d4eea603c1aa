import { afterEach, describe, expect, test } from '@jest/globals';
import { job, statefulSet, template } from './support/templates.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());
const names = () => world.pods().map(({ metadata }) => metadata.name);

describe('a stateful set', () => {
  test('makes its pods one after the other', () => {
    world = createWorld();
    world.node.setMode('running');
    world.make('StatefulSet', 'db', statefulSet('db', 2));
    expect(names()).toEqual(['db-0']);
    world.node.set('db-0', 'Running', true);
    world.settle();
    expect(names()).toEqual(['db-0', 'db-1']);
    expect(world.events('db')).toEqual([
      'Normal SuccessfulCreate create Pod db-0 in StatefulSet db successful',
      'Normal SuccessfulCreate create Pod db-1 in StatefulSet db successful',
    ]);
  });

  test('with Parallel makes them at once', () => {
    world = createWorld();
    world.node.setMode('running');
    world.make('StatefulSet', 'db', statefulSet('db', 3, { podManagementPolicy: 'Parallel' }));
    expect(names()).toEqual(['db-0', 'db-1', 'db-2']);
  });

  test('replaces its pods from the last, down to the partition', () => {
    world = createWorld();
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } };
    world.make('StatefulSet', 'db', statefulSet('db', 3, { updateStrategy }));
    world.change('StatefulSet', 'db', ({ spec }) => {
      spec.template = template('db', 'db:2') as typeof spec.template;
    });
    expect(world.pods().map(({ spec }) => spec.containers[0]?.image)).toEqual(['web:1', 'db:2', 'db:2']);
  });
});

describe('a job', () => {
  test('completes', () => {
    world = createWorld();
    world.make('Job', 'once', job('once'));
    world.node.set(names()[0] ?? '', 'Succeeded', false);
    world.settle();
    expect(world.get('Job', 'once').status).toMatchObject({ succeeded: 1, conditions: [{ type: 'Complete' }] });
    expect(world.events('once').at(-1)).toBe('Normal Completed Job completed');
  });

  test('fails when its retries are used up', () => {
    world = createWorld();
    world.make('Job', 'once', job('once', { backoffLimit: 0 }));
    world.node.set(names()[0] ?? '', 'Failed', false);
    world.settle();
    expect(world.events('once').at(-1)).toBe(
      'Warning BackoffLimitExceeded Job has reached the specified backoff limit',
    );
  });
});
