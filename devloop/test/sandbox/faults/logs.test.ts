import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { clusterHandlers } from '../../../src/engine/cluster-handlers.ts';
import { followLogs } from '../../../src/engine/follow-logs.ts';
import { sampleProject } from '../../support/sample.ts';
import { startWorld, type World } from './support/world.ts';

const count = 300;
/** Says so many lines, some of one moment and some in pieces, and stays. */
const talks = `
let next = 0;
const timer = setInterval(() => {
  for (let burst = 0; burst < 3 && next < ${count}; burst += 1) {
    const line = 'line ' + next + ' ' + 'x'.repeat(next % 50) + ' end';
    process.stdout.write(line.slice(0, 7));
    process.stdout.write(line.slice(7) + '\\n');
    next += 1;
  }
  if (next === ${count}) clearInterval(timer);
}, 2);
setInterval(() => {}, 1000);
`;
const wanted = Array.from({ length: count }, (_, index) => `line ${index} ${'x'.repeat(index % 50)} end`);
const isLog = ({ subresource }: { subresource?: string }) => subresource === 'log';

let world: World;
beforeEach(async () => {
  world = await startWorld();
  followLogs(world.kubernetes, world.clock, world.store, {}, world.signal);
  await world.kubernetes.watch(sampleProject, clusterHandlers(world.store), world.signal);
});
afterEach(() => world.close());

/** The lines of each pod, in the order they came. */
const heard = () => Map.groupBy(world.store.of('log'), ({ line }) => line.pod);
const untilLines = (pods: number) => world.until(() => world.store.of('log').length >= pods * count);

function expectAllOnce(pods: number) {
  const all = [...heard().values()].map((events) => events.map(({ line }) => line.text));
  expect(all).toEqual(Array(pods).fill(wanted));
}

test('streams that are cut in the middle of a line, again and again', async () => {
  let cuts = 0;
  world.store.subscribe(({ type }) => {
    if (type === 'log' && world.store.of('log').length % 7 === 0) cuts += world.sandbox.faults.cutLogs();
  });
  await world.deploy('backend', talks, 2);
  await untilLines(2);
  expect(cuts).toBeGreaterThan(0);
  expectAllOnce(2);
});

test('streams that are cut, and refused when they are taken up again', async () => {
  const { faults } = world.sandbox;
  const codes = [500, 429, 503] as const;
  let cuts = 0;
  world.store.subscribe(({ type }) => {
    if (type !== 'log' || world.store.of('log').length % 50 !== 0) return;
    const code = codes[cuts % codes.length] ?? 500;
    faults.answer(isLog, { kind: 'status', code }, 2);
    cuts += faults.cutLogs();
  });
  await world.deploy('backend', talks);
  await untilLines(1);
  expect(cuts).toBeGreaterThan(1);
  expectAllOnce(1);
});

test('a log that is refused at first is read from its beginning', async () => {
  world.sandbox.faults.answer(isLog, { kind: 'status', code: 500 }, 3);
  await world.deploy('backend', talks);
  await untilLines(1);
  expectAllOnce(1);
});

test('a container that ends while its stream is cut has said its last words', async () => {
  const ends = "for (let next = 0; next < 20; next += 1) console.log('word ' + next)";
  const lift = world.sandbox.faults.answer(isLog, { kind: 'status', code: 500 });
  await world.deploy('backend', ends);
  await world.until(() => (world.pods()[0]?.status?.containerStatuses?.[0]?.restartCount ?? 0) > 0);
  lift();
  await world.until(() => world.store.of('log').length >= 20);
  const first = world.store.of('log').slice(0, 20);
  expect(first.map(({ line }) => line.text)).toEqual(Array.from({ length: 20 }, (_, index) => `word ${index}`));
});
