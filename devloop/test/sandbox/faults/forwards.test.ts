import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/adapters/clock/system-clock.ts';
import { PortForwardSessions } from '../../../src/adapters/kubernetes/port-forward-sessions.ts';
import { clusterHandlers } from '../../../src/engine/cluster-handlers.ts';
import { createForwards } from '../../../src/engine/forwards.ts';
import { PodTraffic } from '../../../src/engine/pod-traffic.ts';
import { sampleProject } from '../../support/sample.ts';
import { startWorld, type World } from './support/world.ts';

const serves = `
require('node:http').createServer((request, response) => response.end('hello ' + request.url)).listen(8080);
`;
/** Ends its answer after more beats of the session than one without a sign of life gets. */
const answersLate = `
require('node:http').createServer((request, response) => {
  response.write('at');
  setTimeout(() => response.end(' last'), 3000);
}).listen(8080);
`;
const project = sampleProject(['backend']);
const isForward = ({ subresource }: { subresource?: string }) => subresource === 'portforward';

let world: World;
let server: Server;
let sessions: PortForwardSessions;
let forwards: ReturnType<typeof createForwards>;
/** How the dials ended so far. */
let dials: { readonly refused: number; readonly made: number };

beforeEach(async () => {
  world = await startWorld();
  dials = { refused: 0, made: 0 };
  server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  sessions = new PortForwardSessions(world.connection, { beatMs: 100 });
  const kubernetes = { ...world.kubernetes, dial: counted(sessions.dial) };
  // Not the world's clock: its 30 s, which a connection is held for, pass faster than a pod starts on a busy machine.
  forwards = createForwards(kubernetes, systemClock, world.store, async () => server, new PodTraffic(systemClock));
  await forwards.reconcile(project, new Map([[4000, server]]));
  await kubernetes.watch(() => project, clusterHandlers(world.store), world.signal);
});
afterEach(async () => {
  await forwards.close();
  sessions.close();
  await world.close();
});

function counted(dial: World['kubernetes']['dial']): World['kubernetes']['dial'] {
  const count = (change: Partial<typeof dials>) => {
    dials = { ...dials, ...change };
  };
  return async (...to) => {
    try {
      const stream = await dial(...to);
      count({ made: dials.made + 1 });
      stream.once('error', () => count({ refused: dials.refused + 1 }));
      return stream;
    } catch (error) {
      count({ refused: dials.refused + 1 });
      throw error;
    }
  };
}

function ask(path: string): Promise<string> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = get({ host: '127.0.0.1', port, path, agent: false }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve(text);
    });
    sent.on('error', reject);
  });
}

const paths = ['/one', '/two', '/three', '/four', '/five'];
const askAll = () => Promise.all(paths.map(ask));
const answers = paths.map((path) => `hello ${path}`);

describe('connections that are held', () => {
  test('while every forward is refused, get through when that is over', async () => {
    await world.deploy('backend', serves);
    await world.untilReady(1);
    world.sandbox.faults.refuseForwards = true;
    const asked = askAll();
    await world.until(() => dials.refused >= 4);
    world.sandbox.faults.refuseForwards = false;
    expect(await asked).toEqual(answers);
  });

  test.each([429, 500, 503] as const)('while the API answers %i to forwards', async (code) => {
    await world.deploy('backend', serves);
    await world.untilReady(1);
    const lift = world.sandbox.faults.answer(isForward, { kind: 'status', code });
    const asked = askAll();
    await world.until(() => dials.refused >= 4);
    lift();
    expect(await asked).toEqual(answers);
  });

  test('go on to the next pod when the one that refused has gone', async () => {
    await world.deploy('backend', serves);
    await world.untilReady(1);
    world.sandbox.faults.refuseForwards = true;
    const asked = askAll();
    await world.until(() => dials.refused >= 2);
    const [old = ''] = world.pods().map(({ metadata }) => metadata.name);
    await world.deletePod(old);
    await world.until(() => world.pods().every(({ metadata }) => metadata.name !== old));
    world.sandbox.faults.refuseForwards = false;
    expect(await asked).toEqual(answers);
  });

  test('while there is no pod, and then its watch is cut', async () => {
    const asked = askAll();
    const lift = world.sandbox.faults.answer(({ watch }) => watch, { kind: 'status', code: 500 });
    world.sandbox.faults.dropWatches();
    await world.deploy('backend', serves);
    await world.untilReady(1);
    await world.until(() => world.store.getState().clusterLost !== undefined);
    expect(dials).toEqual({ refused: 0, made: 0 });
    lift();
    expect(await asked).toEqual(answers);
  });
});

describe('sessions that stand still without closing', () => {
  test('do not keep a new request from its answer', async () => {
    await world.deploy('backend', serves);
    await world.untilReady(1);
    expect(await ask('/first')).toBe('hello /first');
    expect(world.sandbox.faults.freezeForwards()).toBe(1);
    expect(await ask('/second')).toBe('hello /second');
  });

  test('are given up, and what waits on them is told', async () => {
    await world.deploy('backend', answersLate);
    await world.untilReady(1);
    const sent = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, agent: false });
    // It is told of the reset as well.
    sent.on('error', () => {});
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(world.sandbox.faults.freezeForwards()).toBe(1);
    await expect(response.toArray()).rejects.toThrow(/aborted|ECONNRESET/);
  });

  test('are not taken for those whose pod thinks for long', async () => {
    await world.deploy('backend', answersLate);
    await world.untilReady(1);
    expect(await ask('/slow')).toBe('at last');
  });
});

test('a connection that stands is left alone by what is refused after it', async () => {
  await world.deploy('backend', serves);
  await world.untilReady(1);
  expect(await ask('/first')).toBe('hello /first');
  world.sandbox.faults.refuseForwards = true;
  const held = ask('/second');
  await world.until(() => dials.refused >= 1);
  world.sandbox.faults.refuseForwards = false;
  expect(await held).toBe('hello /second');
});
