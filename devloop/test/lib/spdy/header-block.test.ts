import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { HeaderBlockWriter } from '../../../src/lib/spdy/header-block.ts';
import { spdyDictionary } from '../../fakes/spdy-dictionary.ts';
import { createHeaderReader } from '../../fakes/spdy-server.ts';

it('the dictionary of the tests is that of SPDY/3', () => {
  expect(spdyDictionary).toHaveLength(1423);
  expect(deflateSync('', { dictionary: spdyDictionary }).readUInt32BE(2)).toBe(0xe3c6a7c2);
});

describe('header blocks', () => {
  it('are one zlib stream with the dictionary', async () => {
    const writer = new HeaderBlockWriter();
    const read = createHeaderReader();
    for (let id = 1; id <= 200; id += 1) {
      const headers = { streamtype: 'data', port: '8080', requestid: String(id) };
      expect(await read(writer.write(headers))).toEqual(headers);
    }
  });

  it.each([
    ['none', {}],
    ['an empty value', { a: '' }],
    ['text beyond ASCII', { name: 'größe' }],
    ['a long value', { name: 'x'.repeat(60_000) }],
  ])('hold %s', async (_, headers: Record<string, string>) => {
    expect(await createHeaderReader()(new HeaderBlockWriter().write(headers))).toEqual(headers);
  });

  it('have names in lower case', async () => {
    expect(await createHeaderReader()(new HeaderBlockWriter().write({ StreamType: 'Error' }))).toEqual({
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
