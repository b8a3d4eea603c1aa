import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openConnections, setUpForward } from '../fakes/forward-setup.ts';
import { until } from '../fakes/ticks.ts';

let given: Awaited<ReturnType<typeof setUpForward>>;
beforeEach(async () => {
  given = await setUpForward();
  given.show();
});
afterEach(() => given.end());

const megabytes = (count: number) => randomBytes(count * 1024 * 1024);
/** In pieces, as sockets read. */
const pieces = (bytes: Buffer) =>
  Readable.from(
    (function* () {
      for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536);
    })(),
  );
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Reads so many bytes, with a rest now and then. */
async function readSlowly(stream: Readable, size: number): Promise<string> {
  const hash = createHash('sha256');
  let seen = 0;
  let chunks = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    seen += chunk.length;
    chunks += 1;
    if (chunks % 16 === 0) await new Promise<void>((resolve) => setTimeout(resolve, 1));
    if (seen >= size) break;
  }
  return hash.digest('hex');
}

it('brings a large answer whole to a slow client', async () => {
  const { dials, open } = given;
  const client = await open();
  client.socket.removeAllListeners('data');
  await until('the pod is dialled', () => dials.length === 1);
  const answer = megabytes(4);
  if (dials[0]) pieces(answer).pipe(dials[0].connection.far);
  expect(await readSlowly(client.socket, answer.length)).toBe(hashOf(answer));
});

it('brings a large upload whole to a slow pod', async () => {
  const { dials, open } = given;
  const client = await open();
  const upload = megabytes(4);
  client.socket.write(upload);
  await until('the pod is dialled', () => dials.length === 1);
  const far = dials[0]?.connection.far;
  if (!far) throw new Error('it is dialled');
  expect(await readSlowly(far, upload.length)).toBe(hashOf(upload));
});

it('holds a client back whose pod does not read', async () => {
  const { dials, open } = given;
  const client = await open();
  client.socket.write(megabytes(16));
  await until('the pod is dialled', () => dials.length === 1);
  const near = dials[0]?.connection.near;
  await until('the client is held back', () => near?.writableNeedDrain === true);
  expect(client.socket.writableLength).toBeGreaterThan(0);
  expect(near?.writableLength).toBeLessThan(2 * 1024 * 1024);
});

it('holds a pod back whose client does not read', async () => {
  const { dials, open } = given;
  const client = await open();
  client.socket.pause();
  await until('the pod is dialled', () => dials.length === 1);
  const far = dials[0]?.connection.far;
  if (far) pieces(megabytes(32)).pipe(far);
  await until('the stream is paused', () => dials[0]?.connection.near.isPaused() === true);
  expect(far?.writableNeedDrain).toBe(true);
});

it('forgets a client that was held back when its pod closed', async () => {
  const { server, dials, open } = given;
  const client = await open();
  client.socket.write(megabytes(16));
  await until('the pod is dialled', () => dials.length === 1);
  await until('the client is held back', () => dials[0]?.connection.near.writableNeedDrain === true);
  dials[0]?.connection.far.end('413 too large');
  dials[0]?.connection.far.destroy();
  await until('the client has the answer', () => client.socket.readableEnded);
  client.socket.destroy();
  let left = 1;
  for (let times = 0; times < 200 && left > 0; times += 1) {
    await new Promise<void>((resolve) => setTimeout(resolve, 2));
    left = await openConnections(server);
  }
  expect(left).toBe(0);
});
