import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/adapters/clock/system-clock.ts';
import { clusterHandlers } from '../../../src/engine/cluster-handlers.ts';
import { createForwards } from '../../../src/engine/forwards.ts';
import { PodTraffic } from '../../../src/engine/pod-traffic.ts';
import { sampleProject } from '../../support/sample.ts';
import { startWorld, type World } from './support/world.ts';

const megabyte = 1024 * 1024;
const size = 8 * megabyte;
/** What devloop and the sandbox, which are one process here, may hold of a transfer at any time. */
const most = 3 * megabyte;

/** What a connection is for is its first byte: D sends all at once, U takes it slowly and answers with its hash, E is an echo. */
const program = `
const { createHash } = require('node:crypto');
require('node:net').createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', () => {});
  socket.once('data', (first) => {
    socket.unshift(first.subarray(1));
    if (first[0] === 68) {
      let left = ${size / 65_536};
      const more = () => {
        while (left > 0) {
          left -= 1;
          if (!socket.write(Buffer.alloc(65_536, left % 251))) return;
        }
        socket.end();
      };
      socket.on('drain', more);
      more();
    } else if (first[0] === 69) socket.pipe(socket);
    else {
      const hash = createHash('sha256');
      let chunks = 0;
      socket.on('data', (chunk) => {
        hash.update(chunk);
        chunks += 1;
        if (chunks % 8 > 0) return;
        socket.pause();
        setTimeout(() => socket.resume(), 1);
      });
      socket.on('end', () => socket.end(hash.digest('hex')));
    }
  });
}).listen(8080);
`;

let world: World;
let server: Server;
let forwards: ReturnType<typeof createForwards>;
const sockets: Socket[] = [];

beforeEach(async () => {
  world = await startWorld();
  server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const project = sampleProject(['backend']);
  forwards = createForwards(
    world.kubernetes,
    systemClock,
    world.store,
    async () => server,
    new PodTraffic(systemClock),
  );
  await forwards.reconcile(project, new Map([[4000, server]]));
  await world.kubernetes.watch(() => project, clusterHandlers(world.store), world.signal);
  await world.deploy('backend', program);
  await world.untilReady(1);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await forwards.close();
  await world.close();
});

async function open(kind: 'D' | 'U' | 'E'): Promise<Socket> {
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(kind);
  return socket;
}

const block = (left: number) => Buffer.alloc(65_536, left % 251);
function* blocks(): Generator<Buffer> {
  for (let left = size / 65_536 - 1; left >= 0; left -= 1) yield block(left);
}
const whole = createHash('sha256');
for (const piece of blocks()) whole.update(piece);
const wanted = whole.digest('hex');

/** Writes it as fast as it is taken, and the end. */
async function send(socket: Socket, look: () => void): Promise<void> {
  for (const piece of blocks()) {
    if (!socket.write(piece)) await once(socket, 'drain');
    look();
  }
  socket.end();
}

/** Reads to the end, with a rest now and then; gives the hash. */
async function readSlowly(socket: Socket, look: () => void): Promise<string> {
  const hash = createHash('sha256');
  let chunks = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    hash.update(chunk);
    chunks += 1;
    look();
    if (chunks % 32 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    else await setImmediate();
  }
  return hash.digest('hex');
}

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
/** What the first one has found is given back, and counted, by the second. */
const collect = () => {
  gc();
  gc();
};

/** Looks at the memory that buffers have, at every 100th call; gives the most that was added, in bytes. */
function watchBuffers() {
  collect();
  const before = process.memoryUsage().arrayBuffers;
  let added = 0;
  let calls = 0;
  return {
    look: () => {
      calls += 1;
      if (calls % 100 > 0) return;
      collect();
      added = Math.max(added, process.memoryUsage().arrayBuffers - before);
    },
    added: () => added,
  };
}

test('a large answer to a client that reads slowly is whole, and does not pile up', async () => {
  const { look, added } = watchBuffers();
  expect(await readSlowly(await open('D'), look)).toBe(wanted);
  expect(added()).toBeLessThan(most);
});

test('a large upload to a pod that reads slowly is whole, does not pile up, and is answered after its end', async () => {
  const { look, added } = watchBuffers();
  const socket = await open('U');
  const answer = socket.toArray();
  await send(socket, look);
  expect(Buffer.concat(await answer).toString()).toBe(wanted);
  expect(added()).toBeLessThan(most);
});

test('both ways at once', async () => {
  const { look, added } = watchBuffers();
  const socket = await open('E');
  const [answer] = await Promise.all([readSlowly(socket, look), send(socket, () => {})]);
  expect(answer).toBe(wanted);
  expect(added()).toBeLessThan(most);
});
