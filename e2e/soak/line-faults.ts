import type { Loop } from '../harness/devloop.ts';

/** Lines `line START NUMBER` that a devloop told: those of each start have to be all from the first one, in order, once. */
export function lineFaults(loop: Loop): string[] {
  const last = new Map<string, number>();
  return loop.since(0, 'log').flatMap(({ line }) => {
    const [, start = '', text] = /^line (\w+) (\d+)$/.exec(line.text) ?? [];
    if (text === undefined) return [];
    const number = Number(text);
    const expected = (last.get(start) ?? 0) + 1;
    last.set(start, number);
    return number === expected ? [] : [`line ${number} of ${start} came in the place of ${expected}`];
  });
}
