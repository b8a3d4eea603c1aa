import { expect, it } from '@jest/globals';
import { compareLines } from './compare-lines.ts';

const none = new Set<string>();

it.each([
  { what: 'all is told', written: [['a', 'b'], ['c']], told: ['a', 'c', 'b'], lost: [], doubled: [] },
  { what: 'one is lost', written: [['a', 'b', 'c']], told: ['a', 'c'], lost: ['b'], doubled: [] },
  { what: 'the first of a new container is lost', written: [['a', 'b']], told: ['b'], lost: ['a'], doubled: [] },
  { what: 'one comes twice', written: [['a', 'b']], told: ['a', 'b', 'a'], lost: [], doubled: ['a'] },
  { what: 'a container is not told of', written: [['a'], ['b']], told: ['a'], lost: ['b'], doubled: [] },
])('$what', ({ written, told, lost, doubled }) => {
  expect(compareLines(written, told, none)).toEqual({ lost, doubled });
});

it('what an old container wrote before its first line that was told does not count', () => {
  expect(compareLines([['a', 'b', 'c', 'd']], ['b', 'd'], new Set(['a'])).lost).toEqual(['c']);
});

it('an old container that nothing is told of is lost as a whole', () => {
  expect(compareLines([['a', 'b']], [], new Set(['a'])).lost).toEqual(['a', 'b']);
});
