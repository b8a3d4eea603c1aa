import { describe, expect, it } from '@jest/globals';
import { FrameReader } from '../../../src/lib/spdy/frame-reader.ts';
import { dataHeader, encodeFrame, type Frame, maxDataLength } from '../../../src/lib/spdy/frames.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const readAll = (...chunks: Buffer[]): Frame[] => {
  const reader = new FrameReader();
  return chunks.flatMap((chunk) => [...reader.read(chunk)]);
};
/** The pieces of DATA frames put together again. */
function joined(frames: readonly Frame[]): Frame[] {
  const whole: Frame[] = [];
  for (const frame of frames) {
    const last = whole.at(-1);
    if (frame.type === 'data' && last?.type === 'data' && last.streamId === frame.streamId && !last.fin)
      whole[whole.length - 1] = { ...frame, data: Buffer.concat([last.data, frame.data]) };
    else whole.push(frame);
  }
  return whole;
}

const block = Buffer.from('block');
const samples: readonly [string, Frame, string][] = [
  [
    'SYN_STREAM',
    { type: 'synStream', streamId: 1, fin: false, block },
    '8003 0001 00 00000f 00000001 00000000 00 00 626c6f636b',
  ],
  [
    'SYN_STREAM with FIN',
    { type: 'synStream', streamId: 0x7fff_ffff, fin: true, block },
    '8003 0001 01 00000f 7fffffff 00000000 00 00 626c6f636b',
  ],
  ['SYN_REPLY', { type: 'synReply', streamId: 3, fin: false, block }, '8003 0002 00 000009 00000003 626c6f636b'],
  ['HEADERS', { type: 'headers', streamId: 3, fin: true, block: Buffer.alloc(0) }, '8003 0008 01 000004 00000003'],
  ['RST_STREAM', { type: 'rstStream', streamId: 5, status: 5 }, '8003 0003 00 000008 00000005 00000005'],
  ['PING', { type: 'ping', id: 7 }, '8003 0006 00 000004 00000007'],
  ['GOAWAY', { type: 'goAway', lastGoodStreamId: 9, status: 1 }, '8003 0007 00 000008 00000009 00000001'],
  ['SETTINGS', { type: 'other', number: 4, payload: bytes('00000000') }, '8003 0004 00 000004 00000000'],
  [
    'WINDOW_UPDATE',
    { type: 'other', number: 9, payload: bytes('0000000100001000') },
    '8003 0009 00 000008 00000001 00001000',
  ],
  ['a frame without payload', { type: 'other', number: 11, payload: Buffer.alloc(0) }, '8003 000b 00 000000'],
  ['DATA', { type: 'data', streamId: 1, fin: false, data: Buffer.from('hello') }, '00000001 00 000005 68656c6c6f'],
  ['DATA with FIN', { type: 'data', streamId: 5, fin: true, data: Buffer.from('x') }, '00000005 01 000001 78'],
  ['empty DATA with FIN', { type: 'data', streamId: 3, fin: true, data: Buffer.alloc(0) }, '00000003 01 000000'],
];

describe.each(samples)('%s', (_, frame, wire) => {
  it('is written as the protocol says', () => {
    expect(encodeFrame(frame).toString('hex')).toBe(bytes(wire).toString('hex'));
  });

  it('is read back, wherever it is cut', () => {
    const whole = bytes(wire);
    expect(readAll(whole)).toEqual([frame]);
    for (let cut = 1; cut < whole.length; cut += 1)
      expect(joined(readAll(whole.subarray(0, cut), whole.subarray(cut)))).toEqual([frame]);
  });
});

describe('a reader', () => {
  const frames = samples.map(([, frame]) => frame);
  const wire = Buffer.concat(frames.map(encodeFrame));

  it('reads many frames of one chunk', () => {
    expect(readAll(wire)).toEqual(frames);
  });

  it.each([1, 2, 3, 7, 8, 9, 31])('reads them in chunks of %i bytes', (size) => {
    const chunks = [];
    for (let start = 0; start < wire.length; start += size) chunks.push(wire.subarray(start, start + size));
    expect(joined(readAll(...chunks))).toEqual(frames);
  });

  it('hands on what it has of a long DATA frame, and ends the stream only with its last piece', () => {
    const whole = encodeFrame({ type: 'data', streamId: 1, fin: true, data: Buffer.from('abcdef') });
    expect(readAll(whole.subarray(0, 10), whole.subarray(10))).toEqual([
      { type: 'data', streamId: 1, fin: false, data: Buffer.from('ab') },
      { type: 'data', streamId: 1, fin: true, data: Buffer.from('cdef') },
    ]);
  });

  it('does not take the reserved bit for a part of the stream', () => {
    expect(readAll(bytes('8003 0003 00 000008 80000005 00000001'))).toEqual([
      { type: 'rstStream', streamId: 5, status: 1 },
    ]);
  });

  it.each([
    ['another version', '8002 0006 00 000004 00000001', /version 2/],
    ['HTTP', '485454502f312e31 20', undefined],
    ['a control frame without end', '8003 0004 00 ffffff', /16777215 bytes/],
    ['a PING that is too short', '8003 0006 00 000002 0000', /too short/],
    ['a RST_STREAM without status', '8003 0003 00 000004 00000001', /too short/],
  ])('fails at %s', (_, wire, message) => {
    // What is no control frame is DATA of some stream; the session passes over it.
    if (message) expect(() => readAll(bytes(wire))).toThrow(message);
    else expect(readAll(bytes(wire))).toMatchObject([{ type: 'data' }]);
  });
});

it('a DATA frame holds 16 MiB less one byte', () => {
  expect(dataHeader(1, maxDataLength, false).toString('hex')).toBe('0000000100ffffff');
  expect(() => dataHeader(1, maxDataLength + 1, false)).toThrow(RangeError);
});
