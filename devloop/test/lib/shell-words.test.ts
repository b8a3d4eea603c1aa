import { describe, expect, it } from '@jest/globals';
import { decodeLine, decodeWord, encodeLine, encodeWord, longestLine } from '../../src/lib/shell-words.ts';

describe('a word', () => {
  it.each([
    ['', '%'],
    ['%', '\\0045'],
    ['plain-1.2_3/:@+,=', 'plain-1.2_3/:@+,='],
    ['a b', 'a\\0040b'],
    ['a\nb\n', 'a\\0012b\\0012'],
    ['\\0040', '\\01340040'],
    ['*?[]$`"\'', '\\0052\\0077\\0133\\0135\\0044\\0140\\0042\\0047'],
    ['é', '\\0303\\0251'],
    ['日', '\\0346\\0227\\0245'],
    ['🚲', '\\0360\\0237\\0232\\0262'],
    ['\0', '\\0000'],
    ['\u007f', '\\0177'],
  ])('of %j is %j, and back', (text, word) => {
    expect(encodeWord(text)).toBe(word);
    expect(decodeWord(word)).toBe(text);
  });

  it('of bytes', () => {
    expect(encodeWord(Uint8Array.of(255, 65))).toBe('\\0377A');
  });

  it.each(['', 'a b', 'a%', '%%', '\\', '\\040', '\\0400', '\\0048', 'é', 'a\nb', '\\', 'a\\'])(
    'cannot be %j',
    (word) => {
      expect(() => decodeWord(word)).toThrow('a broken word');
    },
  );
});

describe('a line', () => {
  it('is words, and back', () => {
    const words = ['7', 'file', '644', '12', 'a name with spaces/ünï', ''];
    const line = encodeLine(words).toString();
    expect(line).toBe('7 file 644 12 a\\0040name\\0040with\\0040spaces/\\0303\\0274n\\0303\\0257 %\n');
    expect(decodeLine(line.slice(0, -1))).toEqual(words);
  });

  it('is not longer than the other side reads', () => {
    expect(encodeLine(['x'.repeat(longestLine - 1)])).toHaveLength(longestLine);
    expect(() => encodeLine(['x'.repeat(longestLine)])).toThrow('65537 bytes');
  });

  it.each([' ', 'a  b', ' a', 'a ', ''])('cannot be %j', (line) => {
    expect(() => decodeLine(line)).toThrow('a broken word');
  });
});
