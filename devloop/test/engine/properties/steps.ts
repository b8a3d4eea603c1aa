import fc from 'fast-check';
import { type ConfigChoice, firstConfig, type ServiceName, serviceNames, type World } from './world.ts';

/** One thing that happens to a loop; a name says what, for the report of a failure. */
export interface Step {
  readonly name: string;
  readonly run: (world: World) => unknown;
}

const service = fc.constantFrom(...serviceNames);
const someServices = fc.subarray([...serviceNames], { minLength: 1 });
const index = fc.nat({ max: 3 });
const result = fc.constantFrom('ok', 'failed') as fc.Arbitrary<'ok' | 'failed'>;

const step = <T>(what: string, values: fc.Arbitrary<T>, run: (world: World, value: T) => unknown): fc.Arbitrary<Step> =>
  values.map((value) => ({
    name: `${what} ${JSON.stringify(value)}`,
    run: (world) => run(world, value),
    toString: () => `${what} ${JSON.stringify(value)}`,
  }));

const nothing = fc.constant('');

const configs: fc.Arbitrary<ConfigChoice | 'broken'> = fc.oneof(
  fc.constant('broken' as const),
  fc.record({
    live: fc.boolean(),
    jobs: fc.boolean(),
    parallelBuilds: fc.integer({ min: 1, max: 3 }),
    arg: fc.constantFrom('1', '2'),
    set: fc.constantFrom('1', '2'),
  }),
);

/** Anything that may happen, what a loop is for most often. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: step('save', someServices, (world, names) => world.save(names, 'new')) },
  { weight: 2, arbitrary: step('touch', someServices, (world, names) => world.save(names, 'same')) },
  { weight: 2, arbitrary: step('revert', someServices, (world, names) => world.save(names, 'first')) },
  {
    weight: 2,
    arbitrary: step('save of a chart and', fc.subarray([...serviceNames]), (world, names) =>
      world.save(names, 'new', ['tasks']),
    ),
  },
  { weight: 2, arbitrary: step('configuration', configs, (world, choice) => world.configure(choice)) },
  {
    weight: 10,
    arbitrary: step('end of build', fc.tuple(index, result), (world, [at, how]) => world.endBuild(at, how)),
  },
  { weight: 8, arbitrary: step('end of helm', fc.tuple(index, result), (world, [at, how]) => world.endHelm(at, how)) },
  { weight: 4, arbitrary: step('rollout', service, (world, name) => world.rollOut(name)) },
  {
    weight: 8,
    arbitrary: step(
      'pod',
      fc.tuple(service, fc.constantFrom('ready', 'ready', 'unready', 'crash', 'restart', 'gone')),
      (world, [name, what]) => world.pod(name, what as 'ready'),
    ),
  },
  { weight: 2, arbitrary: step('rebuild', service, (world, name) => world.intents.rebuild(name)) },
  { weight: 1, arbitrary: step('restart', service, (world, name) => world.intents.restart(name)) },
  { weight: 2, arbitrary: step('rollback', service, (world, name) => world.intents.rollback(name)) },
  {
    weight: 2,
    arbitrary: step('active', fc.tuple(service, fc.boolean()), (world, [name, active]) =>
      world.intents.setActive(name, active),
    ),
  },
  { weight: 1, arbitrary: step('pause', nothing, (world) => world.intents.pause()) },
  { weight: 2, arbitrary: step('resume', nothing, (world) => world.intents.resume()) },
  {
    weight: 1,
    arbitrary: step('cluster', fc.constantFrom('lost' as const, 'connected' as const), (world, what) =>
      world.cluster(what),
    ),
  },
  {
    weight: 2,
    arbitrary: step(
      'broken',
      fc.record({ files: fc.boolean(), connect: fc.boolean(), hasImage: fc.boolean() }),
      (world, broken) => Object.assign(world.broken, broken),
    ),
  },
  { weight: 4, arbitrary: step('time', fc.constantFrom(20, 1000, 15_000), (world, ms) => world.clock.advance(ms)) },
);

/** The user wants all of it, as it is on the disk, with the first configuration. */
export async function backToNormal(world: World): Promise<void> {
  Object.assign(world.broken, { files: false, connect: false, hasImage: false });
  world.cluster('connected');
  world.intents.resume();
  world.configure(firstConfig);
  await world.rest();
  for (const name of serviceNames as readonly ServiceName[]) world.intents.setActive(name, true);
  await world.rest();
}
