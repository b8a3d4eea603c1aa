import { constants, createDeflate, deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { spdyDictionary } from '../../../src/lib/spdy/dictionary.ts';
import { HeaderBlockWriter } from '../../../src/lib/spdy/header-block.ts';
import { HeaderBlockReader } from '../../../src/lib/spdy/header-block-reader.ts';

it('the dictionary is that of SPDY/3', () => {
  expect(spdyDictionary).toHaveLength(1423);
  expect(deflateSync('', { dictionary: spdyDictionary }).readUInt32BE(2)).toBe(0xe3c6a7c2);
});

describe('header blocks', () => {
  it('are one zlib stream with the dictionary', async () => {
    const writer = new HeaderBlockWriter();
    const reader = new HeaderBlockReader();
    for (let id = 1; id <= 200; id += 1) {
      const headers = { streamtype: 'data', port: '8080', requestid: String(id) };
      expect(await reader.read(writer.write(headers))).toEqual(headers);
    }
  });

  it.each([
    ['none', {}],
    ['an empty value', { a: '' }],
    ['text beyond ASCII', { name: 'größe' }],
    ['a long value', { name: 'x'.repeat(60_000) }],
  ])('hold %s', async (_, headers: Record<string, string>) => {
    expect(await new HeaderBlockReader().read(new HeaderBlockWriter().write(headers))).toEqual(headers);
  });

  it('have names in lower case', async () => {
    expect(await new HeaderBlockReader().read(new HeaderBlockWriter().write({ StreamType: 'Error' }))).toEqual({
      streamtype: 'Error',
    });
  });

  it('end with what a SYNC_FLUSH leaves, and begin the zlib stream once', () => {
    const writer = new HeaderBlockWriter();
    const [first, second] = [writer.write({ a: 'b' }), writer.write({ a: 'b' })];
    expect(first.subarray(0, 6).toString('hex')).toBe('78bbe3c6a7c2');
    expect(second).toEqual(first.subarray(6));
    expect(second.subarray(-5).toString('hex')).toBe('000000ffff');
  });

  it('that are too long fail', () => {
    expect(() => new HeaderBlockWriter().write({ a: 'x'.repeat(65_536) })).toThrow(RangeError);
  });
});

describe('the reader of header blocks', () => {
  it('reads what a real deflate has made, one after another', async () => {
    const deflate = createDeflate({ dictionary: spdyDictionary, level: 9 });
    const parts: Buffer[] = [];
    deflate.on('data', (part: Buffer) => parts.push(part));
    const reader = new HeaderBlockReader();
    const read: unknown[] = [];
    for (const value of ['error', 'data', 'data']) {
      const plain = Buffer.concat([1, 4, 'type', value.length, value].map((part) => bytesOf(part)));
      await new Promise<void>((resolve) => {
        deflate.write(plain);
        deflate.flush(constants.Z_SYNC_FLUSH, resolve);
      });
      read.push(await reader.read(Buffer.concat(parts.splice(0))));
    }
    expect(read).toEqual([{ type: 'error' }, { type: 'data' }, { type: 'data' }]);
    reader.close();
  });

  it('keeps the order of blocks that come at once', async () => {
    const writer = new HeaderBlockWriter();
    const reader = new HeaderBlockReader();
    const blocks = Array.from({ length: 50 }, (_, index) => writer.write({ id: String(index) }));
    const all = await Promise.all(blocks.map((block) => reader.read(block)));
    expect(all.map(({ id }) => id)).toEqual(blocks.map((_, index) => String(index)));
  });

  it('fails on bytes that are no zlib', async () => {
    await expect(new HeaderBlockReader().read(Buffer.from('no zlib at all'))).rejects.toThrow('incorrect header check');
  });

  it('fails on a block that is cut short', async () => {
    const block = deflateSync(Buffer.from([0, 0, 0, 2, 0, 0, 0, 1, 97]), {
      dictionary: spdyDictionary,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    await expect(new HeaderBlockReader().read(block)).rejects.toThrow('a SPDY header block is cut short');
  });

  it('fails on a small block that holds very much', async () => {
    const block = deflateSync(Buffer.alloc(10_000_000), {
      dictionary: spdyDictionary,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    expect(block.length).toBeLessThan(20_000);
    await expect(new HeaderBlockReader().read(block)).rejects.toThrow('a SPDY header block is too long');
  });

  it('fails after its close', async () => {
    const reader = new HeaderBlockReader();
    reader.close();
    await expect(reader.read(Buffer.alloc(1))).rejects.toThrow('is closed');
  });
});

function bytesOf(part: string | number): Buffer {
  if (typeof part === 'string') return Buffer.from(part);
  const word = Buffer.alloc(4);
  word.writeUInt32BE(part);
  return word;
}
