import { duplexPair } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SpdySession } from '../../src/adapters/kubernetes/spdy/session.ts';
import { FrameReader } from '../../src/lib/spdy/frame-reader.ts';
import { encodeFrame, type Frame } from '../../src/lib/spdy/frames.ts';
import { HeaderBlockWriter } from '../../src/lib/spdy/header-block.ts';
import { HeaderBlockReader } from '../../src/lib/spdy/header-block-reader.ts';
import { damaged, inTime, parameters, pieces, timeout } from './cases.ts';

const block = new HeaderBlockWriter().write({ streamtype: 'data', port: '80' });
const frames: readonly Frame[] = [
  { type: 'synReply', streamId: 1, fin: false, block },
  { type: 'synReply', streamId: 3, fin: true, block },
  { type: 'synStream', streamId: 2, fin: false, block },
  { type: 'headers', streamId: 1, fin: false, block },
  { type: 'data', streamId: 1, fin: false, data: Buffer.from('hello') },
  { type: 'data', streamId: 3, fin: true, data: Buffer.alloc(0) },
  { type: 'data', streamId: 99, fin: false, data: Buffer.from('nobody') },
  { type: 'rstStream', streamId: 3, status: 5 },
  { type: 'ping', id: 2 },
  { type: 'ping', id: 1 },
  { type: 'goAway', lastGoodStreamId: 1, status: 0 },
  { type: 'other', number: 4, payload: Buffer.alloc(12) },
];
const bytes = fc.oneof(
  { weight: 5, arbitrary: damaged(frames.map(encodeFrame)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((all) => Buffer.from(all)) },
);

describe('the frames of a SPDY connection', () => {
  it(
    'are read or refused with an Error, whatever they are, and however they are cut',
    () => {
      fc.assert(
        fc.property(pieces(bytes), (chunks) => {
          const whole = read([Buffer.concat(chunks)]);
          const cut = read(chunks);
          expect(cut.error).toBe(whole.error);
          expect(cut.data).toBe(whole.data);
          expect(cut.controls).toEqual(whole.controls);
        }),
        parameters,
      );
    },
    timeout,
  );

  it(
    'end the session at the worst, and its streams with it',
    async () => {
      await fc.assert(
        fc.asyncProperty(pieces(bytes), async (chunks) => {
          const [near, far] = duplexPair();
          far.on('error', () => undefined).resume();
          const session = new SpdySession(near);
          const over: string[] = [];
          for (const name of ['first', 'second']) {
            const nothing = () => undefined;
            const lost = () => over.push(name);
            session.open({ streamtype: 'data' }, { replied: nothing, data: nothing, ended: nothing, lost });
          }
          for (const chunk of chunks) far.write(chunk);
          await setImmediate();
          session.close();
          await setImmediate();
          expect(session.usable()).toBe(false);
          expect(near.destroyed).toBe(true);
          // Each hears of its end, and once.
          expect(over.toSorted()).toEqual(['first', 'second']);
        }),
        parameters,
      );
    },
    timeout,
  );

  it(
    'have headers that are read or refused, and never wait for ever',
    async () => {
      const blocks = fc.array(fc.oneof(damaged([block]), fc.constant(block)), { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(blocks, async (all) => {
          const reader = new HeaderBlockReader();
          const answers = all.map((one) =>
            reader.read(one).catch((error: unknown) => expect(isNativeError(error)).toBe(true)),
          );
          setTimeout(() => reader.close(), 0);
          await inTime(Promise.all(answers));
        }),
        parameters,
      );
    },
    timeout,
  );
});

/** What a reader makes of the pieces: the frames, of which the data of each stream is one text; and the error. */
function read(chunks: readonly Buffer[]) {
  const reader = new FrameReader();
  const controls: Frame[] = [];
  let data = '';
  try {
    for (const chunk of chunks)
      for (const frame of reader.read(chunk)) {
        if (frame.type === 'data') data += `${frame.data.toString('hex')}${frame.fin ? `.${frame.streamId};` : ''}`;
        else controls.push(frame);
      }
  } catch (error) {
    expect(isNativeError(error)).toBe(true);
    return { controls, data, error: (error as Error).message };
  }
  return { controls, data, error: undefined };
}
