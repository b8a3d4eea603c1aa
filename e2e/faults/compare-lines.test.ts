import { expect, it } from '@jest/globals';
import { compareLines } from './compare-lines.ts';

const told = { old: new Set<string>(), isOver: false };

it.each([
  { what: 'all is told', written: [['a', 'b'], ['c']], lines: ['a', 'c', 'b'], lost: [], doubled: [] },
  { what: 'one is lost', written: [['a', 'b', 'c']], lines: ['a', 'c'], lost: ['b'], doubled: [] },
  { what: 'the first of a new container is lost', written: [['a', 'b']], lines: ['b'], lost: ['a'], doubled: [] },
  { what: 'one comes twice', written: [['a', 'b']], lines: ['a', 'b', 'a'], lost: [], doubled: ['a'] },
  { what: 'a container is not told of', written: [['a'], ['b']], lines: ['a'], lost: ['b'], doubled: [] },
])('$what', ({ written, lines, lost, doubled }) => {
  expect(compareLines(written, { ...told, lines })).toEqual({ lost, doubled });
});

it('what an old container wrote before its first line that was told does not count', () => {
  const lines = ['b', 'd'];
  expect(compareLines([['a', 'b', 'c', 'd']], { lines, old: new Set(['a']), isOver: false }).lost).toEqual(['c']);
});

it('an old container that nothing is told of had ended before', () => {
  expect(compareLines([['a', 'b']], { lines: [], old: new Set(['a']), isOver: false }).lost).toEqual([]);
});

it('a devloop that has ended need not have told the last ones, but all before those that it told', () => {
  const isOver = true;
  expect(
    compareLines(
      [
        ['a', 'b', 'c', 'd'],
        ['e', 'f'],
      ],
      { ...told, lines: ['a', 'c'], isOver },
    ).lost,
  ).toEqual(['b']);
});
