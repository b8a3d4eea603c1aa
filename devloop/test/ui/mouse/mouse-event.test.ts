import { describe, expect, it } from '@jest/globals';
import { mouseEvents } from '../../../src/ui/mouse/mouse-event.ts';

describe('a report of the mouse', () => {
  it.each([
    ['[<0;1;1M', { what: 'click', column: 0, row: 0 }],
    ['[<0;120;40M', { what: 'click', column: 119, row: 39 }],
    ['[<16;3;4M', { what: 'click', column: 2, row: 3 }],
    ['[<64;10;5M', { what: 'wheelUp', column: 9, row: 4 }],
    ['[<65;10;5M', { what: 'wheelDown', column: 9, row: 4 }],
    ['[<69;10;5M', { what: 'wheelDown', column: 9, row: 4 }],
  ] as const)('%s is read', (input, event) => {
    expect(mouseEvents(`\x1b${input}`)).toEqual([event]);
  });

  it.each([
    '',
    'j',
    '[<0;1;1M',
    '\x1b[A',
    '\x1b[<0;1M',
    '\x1b[<0;1;1',
    '\x1b[<0;1;1m',
    '\x1b[<2;1;1M',
    '\x1b[<35;1;1M',
  ])('%j is none to do anything with', (input) => {
    expect(mouseEvents(input)).toEqual([]);
  });

  it('is found among keys, and beside others', () => {
    expect(mouseEvents('jk\x1b[<64;1;1M\x1b[B\x1b[<0;2;3Mq').map(({ what }) => what)).toEqual(['wheelUp', 'click']);
  });
});
