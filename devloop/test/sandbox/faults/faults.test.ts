import { describe, expect, test } from '@jest/globals';
import { type FaultRequest, Faults } from '../../../src/sandbox/faults.ts';

const request = (change: Partial<FaultRequest> = {}): FaultRequest => ({
  method: 'GET',
  resource: 'pods',
  watch: false,
  path: '/api/v1/pods',
  ...change,
});
const nothing = { kind: 'nothing' } as const;
const broken = { kind: 'status', code: 500 } as const;
const late = { kind: 'delay', ms: 10 } as const;

describe('answers', () => {
  test('there are none at the start', () => {
    const faults = new Faults();
    expect(faults.answerTo(request())).toBeUndefined();
    expect(faults.refuseForwards).toBe(false);
  });

  test('one lasts for its count, and counts only what it is for', () => {
    const faults = new Faults();
    faults.answer(({ watch }) => watch, broken, 2);
    const answers = [true, false, true, true].map((watch) => faults.answerTo(request({ watch })));
    expect(answers).toEqual([broken, undefined, broken, undefined]);
  });

  test('without a count it lasts until it is lifted', () => {
    const faults = new Faults();
    const lift = faults.answer(() => true, nothing);
    expect(Array.from({ length: 100 }, () => faults.answerTo(request()))).toEqual(Array(100).fill(nothing));
    lift();
    expect(faults.answerTo(request())).toBeUndefined();
    expect(lift).not.toThrow();
  });

  test('the one that was asked for first comes first, then the next', () => {
    const faults = new Faults();
    faults.answer(() => true, broken, 1);
    faults.answer(() => true, late, 1);
    expect([1, 2, 3].map(() => faults.answerTo(request()))).toEqual([broken, late, undefined]);
  });

  test('lifting one leaves the others', () => {
    const faults = new Faults();
    const lift = faults.answer(({ resource }) => resource === 'pods', broken);
    faults.answer(({ subresource }) => subresource === 'log', late);
    lift();
    expect(faults.answerTo(request())).toBeUndefined();
    expect(faults.answerTo(request({ subresource: 'log' }))).toBe(late);
  });
});

describe.each([
  ['watch', (faults: Faults) => faults.dropWatches()],
  ['log', (faults: Faults) => faults.cutLogs()],
] as const)('cutting each %s', (kind, cut) => {
  const other = kind === 'watch' ? 'log' : 'watch';

  test('cuts what is open, once, and only of its kind', () => {
    const faults = new Faults();
    const cuts: string[] = [];
    faults.open(kind, () => cuts.push('one'));
    faults.open(kind, () => cuts.push('two'));
    faults.open(other, () => cuts.push('other'));
    expect(cut(faults)).toBe(2);
    expect(cut(faults)).toBe(0);
    expect(cuts).toEqual(['one', 'two']);
  });

  test('leaves what has been closed', () => {
    const faults = new Faults();
    const cuts: string[] = [];
    const close = faults.open(kind, () => cuts.push('closed'));
    close();
    expect(cut(faults)).toBe(0);
    expect(cuts).toEqual([]);
  });

  test('leaves what comes back meanwhile', () => {
    const faults = new Faults();
    let opened = 0;
    const comeBack = () => {
      opened += 1;
      faults.open(kind, comeBack);
    };
    faults.open(kind, comeBack);
    expect(cut(faults)).toBe(1);
    expect(opened).toBe(1);
  });
});
