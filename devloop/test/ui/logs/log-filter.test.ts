import { describe, expect, it } from '@jest/globals';
import { contains, needsReadable, parseFilter, placesOf } from '../../../src/ui/logs/log-filter.ts';

const finds = (typed: string, text: string) => {
  const filter = parseFilter(typed);
  return filter && contains(filter, text) !== filter.inverse;
};

describe('a filter', () => {
  it.each([
    // Text, case counts only when a capital is typed
    ['error', 'an Error', true],
    ['Error', 'an error', false],
    ['Error', 'an Error', true],
    ['straße', 'STRASSE', false],
    ['über', 'Über', true],
    ['日本', '日本語', true],
    // Regular expressions
    ['GET|POST', 'POST /api', true],
    ['^get', 'GET /api', true],
    ['^get', 'a get', false],
    ['\\d{3} ms', 'in 143 ms', true],
    ['\\S+Error', 'TYPEERROR', false],
    ['\\Serror', 'TypeERROR', true],
    ['a.c', 'abc', true],
    ['a\\.c', 'abc', false],
    // Not valid ones are text
    ['foo(', 'call foo(1)', true],
    ['foo(', 'food', false],
    ['*', 'a * b', true],
    ['[', 'a [b]', true],
    ['a\\', 'a\\b', true],
    // Inverse
    ['!health', 'GET /healthz', false],
    ['!health', 'GET /api', true],
    ['!^GET', 'POST /', true],
    ['!(', 'f(x)', false],
    ['!!', 'done!', false],
    ['\\!x', '!x', true],
    ['a!', 'a!b', true],
  ])('%j in %j: %s', (typed, text, expected) => {
    expect(finds(typed, text)).toBe(expected);
  });

  it.each(['', '!'])('is none when %j is typed', (typed) => {
    expect(parseFilter(typed)).toBeUndefined();
  });

  it.each([
    ['plain', 'text', undefined],
    ['a.b', 'regex', undefined],
    ['f(', 'text', 'Unterminated group'],
    ['[', 'text', 'Unterminated character class'],
    ['*', 'text', 'Nothing to repeat'],
    ['(a+)+$', 'text', 'nested repetition'],
    ['(\\d*)*', 'text', 'nested repetition'],
    ['([a-z]+){2,}', 'text', 'nested repetition'],
    ['(\\(a)+', 'regex', undefined],
    ['(a|b)+', 'regex', undefined],
    ['(a+)?', 'regex', undefined],
    ['[(+)]+', 'regex', undefined],
  ])('%j is understood as %s', (typed, kind, problem) => {
    expect(parseFilter(typed)).toMatchObject({ kind, ...(problem && { problem }) });
  });

  it('finds the same each time it is asked', () => {
    const filter = parseFilter('a');
    expect(filter && [contains(filter, 'a'), contains(filter, 'a'), contains(filter, 'ba')]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it.each([
    [
      'o',
      'foo boo',
      [
        [1, 2],
        [2, 3],
        [5, 6],
        [6, 7],
      ],
    ],
    [
      'o+',
      'foo boo',
      [
        [1, 3],
        [5, 7],
      ],
    ],
    ['x*', 'axb', [[1, 2]]],
    ['nowhere', 'foo', []],
  ])('%j has its places in %j', (typed, text, places) => {
    const filter = parseFilter(typed);
    expect(filter && placesOf(filter, text)).toEqual(places);
  });

  it.each([
    ['request', false],
    ['/api/tasks', false],
    ['status=200', true],
    ['two words', true],
    ['a.*b', true],
    ['WARN', true],
    ['!info', true],
    ['rr', true],
  ])('%j needs JSON lines made readable: %s', (typed, expected) => {
    expect(needsReadable(typed)).toBe(expected);
  });
});
