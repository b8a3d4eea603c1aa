import { describe, expect, it } from '@jest/globals';
import { Ring } from '../../src/lib/ring.ts';
import { createStore } from '../../src/state/store.ts';

const notice = (text: string) => ({ type: 'notice', level: 'info', text }) as const;
const textOf = (event: { type: string; text?: string }) => event.text;

describe('the store', () => {
  it('numbers and dates events, and tells them after they are reduced', () => {
    let time = 5;
    const store = createStore(() => time);
    const heard: unknown[] = [];
    store.subscribe((event) => heard.push([event.seq, event.at, store.getState().notices.length]));
    store.dispatch(notice('a'));
    time = 9;
    store.dispatch(notice('b'));
    expect(heard).toEqual([
      [1, 5, 1],
      [2, 9, 2],
    ]);
  });

  it('gives all listeners one order when a listener dispatches', () => {
    const store = createStore(() => 0);
    const first: (string | undefined)[] = [];
    const second: (string | undefined)[] = [];
    store.subscribe((event) => {
      first.push(textOf(event));
      if (textOf(event) === 'a') store.dispatch(notice('b'));
    });
    store.subscribe((event) => second.push(textOf(event)));
    store.dispatch(notice('a'));
    expect([first, second]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('lets no listener that throws keep an event from the others', () => {
    const store = createStore(() => 0);
    const heard: (string | undefined)[] = [];
    store.subscribe((event) => {
      if (textOf(event) === 'a') {
        store.dispatch(notice('b'));
        throw new Error('broken view');
      }
    });
    store.subscribe((event) => heard.push(textOf(event)));
    expect(() => store.dispatch(notice('a'))).toThrow('broken view');
    expect(heard).toEqual(['a', 'b']);
    store.dispatch(notice('c'));
    expect(heard).toEqual(['a', 'b', 'c']);
  });

  it('tells nothing more after the subscription has ended', () => {
    const store = createStore(() => 0);
    let count = 0;
    const end = store.subscribe(() => {
      count += 1;
    });
    store.dispatch(notice('a'));
    end();
    store.dispatch(notice('b'));
    expect(count).toBe(1);
  });
});

describe('Ring', () => {
  const ringOf = (capacity: number, count: number) => {
    const ring = new Ring<number>(capacity);
    for (let index = 0; index < count; index += 1) ring.push(index);
    return ring;
  };

  it.each([
    [3, 0, []],
    [3, 2, [0, 1]],
    [3, 3, [0, 1, 2]],
    [3, 4, [1, 2, 3]],
    [3, 8, [5, 6, 7]],
    [1, 5, [4]],
  ])('of %i holds, after %i items, %j', (capacity, count, expected) => {
    expect(ringOf(capacity, count).slice()).toEqual(expected);
    expect(ringOf(capacity, count).length).toBe(expected.length);
  });

  it('gives a part, within its bounds', () => {
    expect(ringOf(4, 6).slice(1, 3)).toEqual([3, 4]);
    expect(ringOf(4, 6).slice(-5, 99)).toEqual([2, 3, 4, 5]);
    expect(ringOf(4, 6).slice(3, 1)).toEqual([]);
  });

  it('starts anew after it was cleared', () => {
    const ring = ringOf(3, 5);
    ring.clear();
    ring.push(9);
    expect(ring.slice()).toEqual([9]);
  });
});
