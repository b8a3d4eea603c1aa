// SPDY/3.1 framing, as far as Kubernetes speaks it. The text of the protocol:
// https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/
// The far side is https://github.com/moby/spdystream, which calls its version 3.

export type Frame =
  /** A piece of a DATA frame; `fin` on the last piece of one that ends its stream. */
  | { readonly type: 'data'; readonly streamId: number; readonly fin: boolean; readonly data: Buffer }
  /** `block` is the compressed header block. */
  | { readonly type: 'synStream'; readonly streamId: number; readonly fin: boolean; readonly block: Buffer }
  | { readonly type: 'synReply'; readonly streamId: number; readonly fin: boolean; readonly block: Buffer }
  | { readonly type: 'headers'; readonly streamId: number; readonly fin: boolean; readonly block: Buffer }
  | { readonly type: 'rstStream'; readonly streamId: number; readonly status: number }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'goAway'; readonly lastGoodStreamId: number; readonly status: number }
  /** SETTINGS, WINDOW_UPDATE and what else there may be; they are passed over. */
  | { readonly type: 'other'; readonly number: number; readonly payload: Buffer };

export const frameHeaderLength = 8;
export const maxDataLength = 0xff_ffff;
/** The RST_STREAM status of a stream that is no longer wanted. */
export const cancelStatus = 5;

const version = 3;
const controlBit = 0x8000;
const finFlag = 0x01;
const numbers = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7, headers: 8 } as const;

/** The eight bytes before the payload of a DATA frame. @throws RangeError above `maxDataLength` bytes */
export function dataHeader(streamId: number, length: number, fin: boolean): Buffer {
  if (length > maxDataLength) throw new RangeError(`a DATA frame cannot hold ${length} bytes`);
  const header = Buffer.allocUnsafe(frameHeaderLength);
  header.writeUInt32BE(streamId, 0);
  writeLength(header, length, fin);
  return header;
}

/** A whole frame, as it goes over the wire. */
export function encodeFrame(frame: Frame): Buffer {
  switch (frame.type) {
    case 'data':
      return Buffer.concat([dataHeader(frame.streamId, frame.data.length, frame.fin), frame.data]);
    case 'synStream':
      // Associated stream 0, priority 0 (the highest, as spdystream sends it), slot 0.
      return control(numbers.synStream, frame.fin, words(frame.streamId, 0), Buffer.alloc(2), frame.block);
    case 'synReply':
    case 'headers':
      return control(numbers[frame.type], frame.fin, words(frame.streamId), frame.block);
    case 'rstStream':
      return control(numbers.rstStream, false, words(frame.streamId, frame.status));
    case 'ping':
      return control(numbers.ping, false, words(frame.id));
    case 'goAway':
      return control(numbers.goAway, false, words(frame.lastGoodStreamId, frame.status));
    case 'other':
      return control(frame.number, false, frame.payload);
  }
}

/**
 * A control frame of its parts.
 * @throws Error when the payload is too short for its type, or the version is another
 */
export function decodeControl(header: Buffer, payload: Buffer): Frame {
  const found = header.readUInt16BE(0) & ~controlBit;
  if (found !== version) throw new Error(`a SPDY frame of version ${found}`);
  const fin = ((header[4] ?? 0) & finFlag) !== 0;
  const number = header.readUInt16BE(2);
  const id = () => streamIdAt(payload, 0);
  switch (number) {
    case numbers.synStream:
      return { type: 'synStream', streamId: id(), fin, block: payload.subarray(10) };
    case numbers.synReply:
      return { type: 'synReply', streamId: id(), fin, block: payload.subarray(4) };
    case numbers.headers:
      return { type: 'headers', streamId: id(), fin, block: payload.subarray(4) };
    case numbers.rstStream:
      return { type: 'rstStream', streamId: id(), status: wordAt(payload, 4) };
    case numbers.ping:
      return { type: 'ping', id: wordAt(payload, 0) };
    case numbers.goAway:
      return { type: 'goAway', lastGoodStreamId: id(), status: wordAt(payload, 4) };
    default:
      return { type: 'other', number, payload };
  }
}

export const isControl = (header: Buffer): boolean => (header.readUInt16BE(0) & controlBit) !== 0;
export const hasFin = (header: Buffer): boolean => ((header[4] ?? 0) & finFlag) !== 0;
export const lengthIn = (header: Buffer): number => header.readUIntBE(5, 3);
export const streamIdAt = (bytes: Buffer, offset: number): number => wordAt(bytes, offset) & 0x7fff_ffff;

function control(number: number, fin: boolean, ...payload: Buffer[]): Buffer {
  const header = Buffer.allocUnsafe(frameHeaderLength);
  header.writeUInt16BE(controlBit | version, 0);
  header.writeUInt16BE(number, 2);
  const length = payload.reduce((sum, { length }) => sum + length, 0);
  writeLength(header, length, fin);
  return Buffer.concat([header, ...payload]);
}

function writeLength(header: Buffer, length: number, fin: boolean): void {
  header[4] = fin ? finFlag : 0;
  header.writeUIntBE(length, 5, 3);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

function wordAt(bytes: Buffer, offset: number): number {
  if (bytes.length < offset + 4) throw new Error('a SPDY frame is too short for its type');
  return bytes.readUInt32BE(offset);
}
