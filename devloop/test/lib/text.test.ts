import { describe, expect, it } from '@jest/globals';
import { formatDuration } from '../../src/lib/duration.ts';
import { messageLines, messageRow } from '../../src/lib/message-lines.ts';
import { paint } from '../../src/lib/paint.ts';
import { fitSpans, renderSpans, span, spread } from '../../src/lib/spans.ts';
import { fit, textWidth, truncate, wrapText } from '../../src/lib/text-width.ts';
import { isoTime, wallTime } from '../../src/lib/time-text.ts';

describe('text width', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['👍', 2],
    ['👨‍👩‍👧', 2],
    ['● ✗ │', 5],
    ['\u200b', 0],
  ])('of %j is %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it('is for every character alone what it is beside one that has to be looked at closely', () => {
    const differing: string[] = [];
    for (let code = 0x20; code < 0x2800; code += 1) {
      const text = String.fromCodePoint(code);
      // Those that join to the one before them have no width of their own; so do some vowels of Thai and Lao.
      if ((code >= 0x0e00 && code < 0x0f00) || /\p{Mark}|\p{Format}|\p{Control}/u.test(text)) continue;
      if (textWidth(text) !== textWidth(`日${text}`) - 2) differing.push(code.toString(16));
    }
    expect(differing).toEqual([]);
  });

  it('is what texts are cut and filled by', () => {
    expect(truncate('abcdef', 4)).toBe('abc…');
    expect(truncate('日本語', 4)).toBe('日…');
    expect(truncate('abc', 3)).toBe('abc');
    expect(truncate('abc', 0)).toBe('');
    expect(fit('日本語', 4)).toBe('日… ');
    expect(fit('ab', 4)).toBe('ab  ');
  });

  it('wraps between words, and inside a word that is too long', () => {
    expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapText('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrapText('', 4)).toEqual(['']);
    expect(wrapText('日本語日本語', 4)).toEqual(['日本', '語日', '本語']);
    expect(wrapText('日日日', 1).length).toBe(3);
  });
});

describe('spans', () => {
  const text = (spans: Parameters<typeof renderSpans>[0]) => renderSpans(spans, false);

  it('are cut as one row, also where one just fits and another follows', () => {
    expect(text(fitSpans([span('abc'), span('def')], 6))).toBe('abcdef');
    expect(text(fitSpans([span('abc'), span('def')], 5))).toBe('abcd…');
    expect(text(fitSpans([span('abc'), span('def')], 3))).toBe('ab…');
  });

  it('go to the two ends of a row, the left ones give way', () => {
    expect(text(spread([span('left')], [span('right')], 12))).toBe('left   right');
    expect(text(spread([span('a long left')], [span('right')], 12))).toBe('a lon… right');
  });

  it('are painted when colour is asked for', () => {
    expect(renderSpans([span('a', { color: 'red', bold: true }), span('b')], true)).toBe('\x1b[1;31ma\x1b[0mb');
    expect(paint('', { color: 'red' })).toBe('');
  });
});

describe('times', () => {
  it('are local on the screen, and UTC in the stream', () => {
    expect(wallTime(new Date(2026, 5, 1, 4, 5, 6).getTime())).toBe('04:05:06');
    expect(wallTime(new Date(2026, 5, 1, 0, 0, 0).getTime())).toBe('00:00:00');
    for (const at of [0, 1, Date.UTC(2026, 1, 28, 23, 59, 59, 999)])
      expect(isoTime(at)).toBe(new Date(at).toISOString());
  });

  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [1500, '1.5 s'],
    [9960, '10 s'],
    [59_600, '1m 00s'],
    [125_000, '2m 05s'],
    [11_400_000, '3h 10m'],
  ])('%f ms is %s', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });
});

describe('messages', () => {
  it('are harmless lines, or one row', () => {
    expect(messageLines('one \r\n\n  \x1b[31mtwo\x1b[0m')).toEqual(['one', '  two']);
    expect(messageRow('one\n  two\n')).toBe('one two');
  });
});
