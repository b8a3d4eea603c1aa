import { describe, expect, it } from '@jest/globals';
import { rememberParts } from '../../src/lib/remember-parts.ts';
import { sparkline } from '../../src/lib/sparkline.ts';
import { cpuText, memoryOfText, memoryText } from '../../src/lib/usage-text.ts';

const mb = 2 ** 20;

describe('a graph of values', () => {
  it.each<[string, (number | undefined)[], number, number, string]>([
    ['goes from empty to full', [0, 10, 20, 30, 40, 50, 60, 70, 80], 9, 80, '▁▂▃▄▅▆▇██'],
    ['shows the newest values', [80, 80, 0, 40], 2, 80, '▁▅'],
    ['is blank where there are no values yet', [40], 4, 80, '▅   '],
    ['is blank where a value is missing', [40, undefined, 40], 3, 80, '▅ ▅'],
    ['cuts what is above it and below', [900, -5], 2, 80, '█▁'],
    ['is flat without a scale', [0, 5], 2, 0, '▁▁'],
    ['is blank without values', [], 3, 80, '   '],
    ['is nothing without room', [1, 2], 0, 80, ''],
  ])('%s', (_, values, width, full, expected) => {
    expect(sparkline(values, width, full)).toBe(expected);
  });
});

describe('figures in words', () => {
  it.each<[number, string]>([
    [0, '0m'],
    [11.6, '12m'],
    [1500, '1500m'],
    [9999, '9999m'],
    [9999.6, '10.0'],
    [12_500, '12.5'],
    [128_000, '128.0'],
  ])('a processor: %p is %p', (cpu, text) => {
    expect(cpuText(cpu)).toBe(text);
    expect(text.length).toBeLessThanOrEqual(5);
  });

  it.each<[number, string]>([
    [0, '0 MB'],
    [79.6, '80 MB'],
    [1023.4, '1023 MB'],
    [1023.6, '1.0 GB'],
    [1536, '1.5 GB'],
    [102_300, '99.9 GB'],
    [102_400, '100 GB'],
  ])('memory: %p MB is %p', (megabytes, text) => {
    expect(memoryText(megabytes * mb)).toBe(text);
    expect(text.length).toBeLessThanOrEqual(7);
  });

  it.each<[number, number, string]>([
    [212, 256, '212 of 256 MB'],
    [1536, 2048, '1.5 of 2.0 GB'],
    [900, 1536, '900 MB of 1.5 GB'],
    [1023, 102_000, '1023 MB of 99.6 GB'],
  ])('memory: %p of %p MB is %p', (used, limit, text) => {
    expect(memoryOfText(used * mb, limit * mb)).toBe(text);
  });
});

describe('what is made of a key and parts', () => {
  it('is made anew only when one of them is another', () => {
    let made = 0;
    const make = rememberParts((key: { name: string }, parts: readonly string[]) => {
      made += 1;
      return `${key.name} ${parts.join()}`;
    });
    const [one, other] = [{ name: 'one' }, { name: 'other' }];
    const asked = [
      make(one, ['a']),
      make(one, ['a']),
      make(other, ['a']),
      make(one, ['a', 'b']),
      make(one, ['a', 'c']),
    ];
    expect(asked).toEqual(['one a', 'one a', 'other a', 'one a,b', 'one a,c']);
    expect(made).toBe(4);
  });
});
