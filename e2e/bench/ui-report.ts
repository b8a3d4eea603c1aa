import { spreadOf } from './stats.ts';
import type { FloodCount } from './ui-count.ts';
import type { FirstFrame } from './ui-first-frame.ts';
import type { Flood } from './ui-flood.ts';
import type { Idle } from './ui-idle.ts';

const row = (name: string, cells: readonly (string | number)[]): string =>
  name.padEnd(34) + cells.map((cell) => String(cell).padStart(9)).join('');

const spread = (name: string, values: readonly number[]): string => {
  const { median, p99, max } = spreadOf(values);
  return row(name, [values.length, ...[median, p99, max].map((value) => value.toFixed(0))]);
};

const head = (title: string): string => row(title, ['values', 'median', 'p99', 'max']);

const share = (ms: number, of: number): string => `${((ms / of) * 100).toFixed(1)} %`;

export function firstFrameReport({ uncompiled, frames, known }: FirstFrame): string {
  return [
    head('from the command, ms'),
    spread('first frame', frames),
    spread('project and cluster known', known),
    row('first frame, nothing compiled', [1, uncompiled.toFixed(0)]),
  ].join('\n');
}

export function floodReport(title: string, flood: Flood): string {
  const { keys, memory, sandboxMemory, lines, wrote, behind, main, others } = flood;
  const all = [...keys.select, ...keys.filter, ...keys.escape];
  const apart = sandboxMemory === undefined ? '' : `, of the sandbox ${sandboxMemory.toFixed(0)} MB`;
  return [
    head(`key to frame, ms: ${title}`),
    spread('all keys', all),
    spread('  j, k', keys.select),
    spread('  letters of a filter', keys.filter),
    spread('  Esc', keys.escape),
    `${lines} lines written in ${(wrote / 1000).toFixed(1)} s; the last one shown ${behind.toFixed(0)} ms later`,
    `memory at most ${memory.toFixed(0)} MB${apart}`,
    `CPU of the thread that draws ${share(main, wrote + behind)}, of the other threads ${share(others, wrote + behind)}`,
  ].join('\n');
}

export function countReport({ lines, wrote, came, outOfOrder }: FloodCount): string {
  return `with --ui json: ${came} of ${lines} lines came, ${outOfOrder} not in their place; written in ${(wrote / 1000).toFixed(1)} s`;
}

export function idleReport(title: string, { watched, main, others, bytes, memory }: Idle): string {
  const seconds = (watched / 1000).toFixed(0);
  return [
    `idle for ${seconds} s, ${title}: ${share(main + others, watched)} of a core`,
    `  the thread that draws ${share(main, watched)}, others ${share(others, watched)}; ${bytes} bytes written; ${memory.toFixed(0)} MB`,
  ].join('\n');
}

export function scrollReport(frames: readonly number[]): string {
  return [head('100 services, a key held, ms'), spread('key to frame', frames)].join('\n');
}
