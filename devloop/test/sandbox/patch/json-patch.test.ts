import { describe, expect, test } from '@jest/globals';
import { jsonPatched } from '../../../src/sandbox/store/patch/json-patch.ts';
import { mergePatched } from '../../../src/sandbox/store/patch/merge-patch.ts';
import { errorOf, frozen } from './objects.ts';

const document = frozen({ a: { 'x/y': 1, 'm~n': 2, list: [1, 2, 3], none: null } });

describe('a JSON patch', () => {
  test.each([
    ['escaped slash', [{ op: 'remove', path: '/a/x~1y' }], { 'm~n': 2, list: [1, 2, 3], none: null }],
    ['escaped tilde', [{ op: 'remove', path: '/a/m~0n' }], { 'x/y': 1, list: [1, 2, 3], none: null }],
    ['insert at the start', [{ op: 'add', path: '/a/list/0', value: 0 }], { list: [0, 1, 2, 3] }],
    ['insert at the end by number', [{ op: 'add', path: '/a/list/3', value: 4 }], { list: [1, 2, 3, 4] }],
    ['move within a list', [{ op: 'move', from: '/a/list/0', path: '/a/list/2' }], { list: [2, 3, 1] }],
    [
      'copy is of its own',
      [
        { op: 'copy', from: '/a/list', path: '/a/b' },
        { op: 'add', path: '/a/b/-', value: 4 },
      ],
      { b: [1, 2, 3, 4], list: [1, 2, 3] },
    ],
    ['replace in a list', [{ op: 'replace', path: '/a/list/-1', value: 9 }], { list: [1, 2, 9] }],
    ['test of a whole value', [{ op: 'test', path: '/a/list', value: [1, 2, 3] }], { list: [1, 2, 3] }],
    ['add over what is there', [{ op: 'add', path: '/a/list', value: 7 }], { list: 7 }],
    ['a field called __proto__', [{ op: 'add', path: '/a/__proto__', value: { x: 1 } }], { list: [1, 2, 3] }],
  ])('%s', (_, patch, expected) => {
    const { a } = jsonPatched(document, patch) as { a: object };
    expect(a).toMatchObject(expected);
    expect(Object.getPrototypeOf(a)).not.toHaveProperty('x');
  });

  test.each([
    ['a leading zero', [{ op: 'remove', path: '/a/list/01' }]],
    ['the place behind the end', [{ op: 'remove', path: '/a/list/-' }]],
    ['an index that is too far below zero', [{ op: 'remove', path: '/a/list/-4' }]],
    ['a path through a scalar', [{ op: 'add', path: '/a/x~1y/z', value: 1 }]],
    ['what every object inherits', [{ op: 'remove', path: '/constructor' }]],
    ['a move from nowhere', [{ op: 'move', from: '/b', path: '/c' }]],
    ['a copy from nowhere', [{ op: 'copy', from: '/b', path: '/c' }]],
    ['an operation that is no object', ['add']],
    [
      'a test after a change',
      [
        { op: 'replace', path: '/a/list/0', value: 5 },
        { op: 'test', path: '/a/list/0', value: 1 },
      ],
    ],
  ])('fails for %s', (_, patch) => {
    expect(errorOf(() => jsonPatched(document, patch))).toMatchObject({ code: 422, reason: 'Invalid', details: {} });
  });

  test('may have only so many operations', () => {
    const patch = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/b', value: null }));
    expect(errorOf(() => jsonPatched(document, patch))).toMatchObject({ code: 413 });
  });
});

// https://datatracker.ietf.org/doc/html/rfc7386#appendix-A
describe('a merge patch, as RFC 7386 has it', () => {
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, result) => {
    expect(mergePatched(frozen(target), frozen(patch))).toEqual(result);
  });
});
