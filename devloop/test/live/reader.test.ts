import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { encodeLine, longestLine } from '../../src/lib/shell-words.ts';
import { ProtocolReader } from '../../src/live/protocol/reader.ts';

const content = Buffer.from('line one\nnot a line \xff\n\n', 'latin1');
const message = Buffer.concat([
  encodeLine([1, 'file', '644', content.length, 'ä b\n']),
  content,
  encodeLine([2, 'file', '644', 0, 'empty']),
  encodeLine([3, 'ping']),
]);

/** All that the message says, whatever the pieces are in which it comes. */
async function readAll(chunks: readonly Buffer[]) {
  const reader = new ProtocolReader(Readable.from(chunks, { objectMode: false }));
  const lines: string[][] = [];
  const parts: Buffer[] = [];
  for (let line = await reader.line(); line; line = await reader.line()) {
    lines.push(line);
    if (line[1] === 'file') await reader.bytes(Number(line[3]), (chunk) => parts.push(chunk));
  }
  return { lines, bytes: Buffer.concat(parts) };
}
const whole = {
  lines: [
    ['1', 'file', '644', String(content.length), 'ä b\n'],
    ['2', 'file', '644', '0', 'empty'],
    ['3', 'ping'],
  ],
  bytes: content,
};

describe('the reader', () => {
  it('reads what comes at once', async () => {
    expect(await readAll([message])).toEqual(whole);
  });

  it('reads what comes byte by byte', async () => {
    expect(await readAll([...message].map((byte) => Buffer.of(byte)))).toEqual(whole);
  });

  it('reads what is split anywhere', async () => {
    for (let at = 1; at < message.length; at++) {
      expect(await readAll([message.subarray(0, at), message.subarray(at)])).toEqual(whole);
    }
  });

  it('hands bytes over as they come', async () => {
    const stream = new PassThrough();
    const reader = new ProtocolReader(stream);
    stream.write('abc');
    const got: string[] = [];
    const done = reader.bytes(5, (chunk) => {
      got.push(chunk.toString());
      if (got.length === 1) stream.end('defg\n');
    });
    await done;
    expect(got).toEqual(['abc', 'de']);
    expect(await reader.line()).toEqual(['fg']);
    expect(await reader.line()).toBeUndefined();
  });

  it('tells a stream that ends inside of a file', async () => {
    const reader = new ProtocolReader(Readable.from([Buffer.from('abc')]));
    await expect(reader.bytes(5, () => undefined)).rejects.toThrow('the stream ended 2 bytes early');
  });

  it('takes half a line at the end as no line', async () => {
    expect(await new ProtocolReader(Readable.from([Buffer.from('1 pi')])).line()).toBeUndefined();
  });

  it('refuses a line that does not end', async () => {
    const reader = new ProtocolReader(Readable.from([Buffer.alloc(longestLine, 'x')]));
    await expect(reader.line()).rejects.toThrow('a line that is too long');
  });

  it('hands on what broke the stream', async () => {
    const stream = new PassThrough();
    const reader = new ProtocolReader(stream);
    stream.destroy(new Error('cut'));
    await expect(reader.line()).rejects.toThrow('cut');
  });
});
