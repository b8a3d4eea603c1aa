import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LiveContainer } from '../../src/engine/outside.ts';
import { encodeLine } from '../../src/lib/shell-words.ts';
import { connectContainer } from '../../src/live/connect-container.ts';
import { type Served, serveConnection } from '../../src/live/runner/serve-connection.ts';
import { Fault } from '../../src/model/errors.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { anyText, damaged, inTime, parameters, pieces, timeout } from './cases.ts';

const image = 'web:1';
const words = fc.array(fc.oneof(anyText, fc.constantFrom('0', '1', '-1', '7777777', '99999999999999999999', '%', '')), {
  maxLength: 5,
});
const line = (...parts: readonly (string | number)[]) => encodeLine(parts);

let folder: TempFolder;
beforeAll(() => {
  folder = createTempFolder({ 'app/main.js': 'old' });
});
afterAll(() => folder.remove());

describe('what a runner answers', () => {
  const answers = [
    line('hello', 1, 'node', ''),
    line('hello', 1, 'shell', 'mark 1'),
    line('refused', 'image'),
    ...[1, 2, 3, 4, 5].map((id) => line(id, 'ok', 0.5, 'file', '644', 'abc')),
    line(1, 'no', 'EACCES', 'denied'),
    line(2, 'line', 'some output'),
    Buffer.from('\n\n'),
    Buffer.from(`${'x'.repeat(70_000)}\n`),
  ];
  const any = words.filter((all) => all.length > 0).map((all) => encodeLine(all));
  const stream = fc.oneof(
    damaged(answers).map((bytes) => Buffer.concat([line('hello', 1, 'node', ''), bytes])),
    damaged(answers),
    any.map((bytes) => Buffer.concat([line('hello', 1, 'node', ''), line(1, 'ok', 1), bytes])),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );

  it(
    'may be anything: the client answers, or fails with a Fault, and leaves nothing',
    async () => {
      await fc.assert(
        fc.asyncProperty(pieces(stream), async (chunks) => {
          const clock = createFakeClock(0);
          const [near, far] = duplexPair();
          far.on('error', () => undefined).resume();
          const ends: Promise<unknown>[] = [];
          const connecting = connectContainer(near, { pod: 'web-1', image, clock }, new AbortController().signal).then(
            (live) => {
              ends.push(...everything(live).map((work) => work.catch(check)), live.closed);
            },
            check,
          );
          for (const chunk of chunks) far.write(chunk);
          await setImmediate();
          far.end();
          await inTime(connecting);
          await inTime(Promise.all(ends));
          expect(clock.pending()).toBe(0);
          expect(near.destroyed).toBe(true);
        }),
        parameters,
      );
    },
    timeout,
  );

  const everything = (live: LiveContainer): Promise<unknown>[] => [
    live.apply([{ kind: 'file', path: '/app/a', mode: 0o644, content: Buffer.from('a') }]),
    live.run(['true'], () => undefined),
    live.restart(),
    live.standBy(undefined),
    live.listening(80, 100),
    live.setMark('mark'),
    live.digests(['/app/a']),
  ];
  const check = (error: unknown) => {
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).problem.why).toMatch(/\w/);
  };
});

describe('what a client asks of a runner', () => {
  const requests = () => [
    line('hello', 1, image, ''),
    line(1, 'ping'),
    Buffer.concat([line(2, 'file', '644', 3, 'app/main.js'), Buffer.from('new')]),
    line(3, 'link', 'app/link', 'main.js'),
    line(4, 'delete', 'app/link'),
    line(5, 'digest', 'app/main.js'),
    line(6, 'mark', 'x'),
    line(7, 'standby', ''),
    line(8, 'restart'),
    line(9, 'run', 'true'),
    line(10, 'file', '644', 99_999_999_999, 'app/main.js'),
    line(11, 'file', '9', 1, 'app/main.js'),
    line(12, 'listening', 1, 0, ''),
  ];
  const kind = fc.constantFrom('ping', 'file', 'link', 'digest', 'mark', 'standby', 'restart', 'run', 'unknown', '');
  // A path that a test makes up could be any file of this machine: only harmless requests take any words.
  const harmless = fc
    .tuple(fc.nat(20), kind, words)
    .map(([id, what, all]) =>
      /file|link/.test(what) ? line(id, what) : line(id, what, ...(what === 'digest' ? all.map(() => 'app') : all)),
    );
  const stream = fc.oneof(
    fc
      .array(fc.nat(20), { maxLength: 8 })
      .map((order) =>
        Buffer.concat([
          line('hello', 1, image, ''),
          ...order.map((at) => requests()[at % requests().length] ?? line(1, 'ping')),
        ]),
      ),
    fc.array(harmless, { maxLength: 8 }).map((all) => Buffer.concat([line('hello', 1, image, ''), ...all])),
    fc
      .tuple(damaged([line('hello', 1, image, ''), line(1, 'ping'), line(6, 'mark', 'x'), line(8, 'restart')]))
      .map(([bytes]) => bytes),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );

  it(
    'may be anything: the runner goes on, and the connection ends',
    async () => {
      let mark = '';
      const served = {
        settings: { program: ['node'], env: {}, cwd: folder.root, image, token: '' },
        program: { restart: async () => undefined, settled: async () => undefined, onRestart: () => () => undefined },
        standby: { prepare: () => undefined, end: () => undefined },
        commands: { run: async () => 0 },
        get mark() {
          return mark;
        },
        set mark(text: string) {
          mark = text;
        },
        clients: 0,
      } as unknown as Served;
      await fc.assert(
        fc.asyncProperty(pieces(stream), async (chunks) => {
          const [near, far] = duplexPair();
          far.on('error', () => undefined).resume();
          const socket = Object.assign(near, {
            setNoDelay: () => near,
            destroySoon: () => near.destroy(),
          }) as unknown as Socket;
          const serving = serveConnection(socket, served);
          for (const chunk of chunks) far.write(chunk);
          await setImmediate();
          far.end();
          await inTime(serving);
          expect(served.clients).toBe(0);
          expect(near.destroyed).toBe(true);
        }),
        parameters,
      );
      expect(await serves(served)).toContain('hello 1 node');
    },
    timeout,
  );

  async function serves(served: Served): Promise<string> {
    const [near, far] = duplexPair();
    let heard = '';
    far.on('data', (chunk: Buffer) => {
      heard += chunk;
    });
    const socket = Object.assign(near, { setNoDelay: () => near, destroySoon: () => near.end() }) as unknown as Socket;
    const serving = serveConnection(socket, served);
    far.end(line('hello', 1, image, ''));
    await inTime(serving);
    await setImmediate();
    return heard;
  }
});
