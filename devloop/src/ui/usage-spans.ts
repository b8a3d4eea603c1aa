import { type Span, span } from '../lib/spans.ts';
import { sparkline } from '../lib/sparkline.ts';
import { cpuText, memoryOfText, memoryText } from '../lib/usage-text.ts';
import type { Usage } from '../model/pod-usage.ts';
import type { UsageSample } from '../state/usage.ts';

/** Columns of a figure and of the graph behind it, with the gap after each; 0 leaves it out. */
export interface UsageWidths {
  readonly graph: number;
  readonly figure: number;
}

const megabyte = 2 ** 20;
/** A processor or a memory that does next to nothing is to look like it. */
const fewestCpu = 100;
const fewestMemory = 64 * megabyte;
/** From this part of its limit on a container is near being killed. */
const nearLimit = 0.9;

/** What pods use of their processors: the newest figure, and a graph, full at the limit where there is one. */
export function cpuSpans(samples: readonly UsageSample[], { cpu: limit }: Usage, widths: UsageWidths): Span[] {
  const values = samples.map(({ cpu }) => cpu);
  const newest = values.at(-1);
  const full = limit ?? roundUp(fewestCpu, largest(values));
  return cellSpans(values, full, newest === undefined ? '-' : cpuText(newest), widths, {});
}

/** What pods use of their memory: the newest figure, and a graph, full at the limit where there is one. */
export function memorySpans(samples: readonly UsageSample[], { memory: limit }: Usage, widths: UsageWidths): Span[] {
  const values = samples.map(({ memory }) => memory);
  const newest = values.at(-1);
  const full = limit ?? roundUp(fewestMemory, largest(values));
  const isNear = newest !== undefined && limit !== undefined && newest >= limit * nearLimit;
  const text = newest === undefined ? '-' : memoryText(newest);
  const long = newest === undefined || limit === undefined ? text : memoryOfText(newest, limit);
  return cellSpans(
    values,
    full,
    long.length < widths.figure ? long : text,
    widths,
    isNear ? { color: 'yellow', bold: true } : {},
  );
}

function cellSpans(
  values: readonly (number | undefined)[],
  full: number,
  text: string,
  { graph, figure }: UsageWidths,
  style: Partial<Span>,
): Span[] {
  return [
    // At the right, so that the digits stay where they are.
    ...(figure > 0 ? [span(`${text.padStart(figure - 1)} `, text === '-' ? { dim: true } : style)] : []),
    ...(graph > 0 ? [span(`${sparkline(values, graph - 1, full)} `, { color: 'cyan', ...style })] : []),
  ];
}

const largest = (values: readonly (number | undefined)[]): number => Math.max(0, ...values.map((value) => value ?? 0));

/** The first doubling of `fewest` that holds the value: a graph's scale changes seldom. */
function roundUp(fewest: number, value: number): number {
  let full = fewest;
  while (full < value) full *= 2;
  return full;
}
