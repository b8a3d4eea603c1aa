import { PerformanceObserver } from 'node:perf_hooks';
import v8 from 'node:v8';

/** Bytes of V8's space for new objects: two halves of 8 MB. */
const wanted = 16 * 1024 * 1024;

/**
 * Has V8 collect the garbage of frames and log lines once there are 8 MB of it. By itself it lets its space for new objects
 * grow to 2 x 32 MB where a program makes many of them, which is a third of devloop's memory and makes no frame faster
 * (docs/benchmark.md). Only a flag of Node's, which a command does not have, limits it from the start; by how much it grows
 * at a time can be set at any time, so the growth is ended there. V8 lets it shrink when nothing happens: it grows again
 * then. Threads that are started afterwards begin with as much.
 */
export function limitNewSpace(): void {
  v8.setFlagsFromString('--min-semi-space-size=8');
  setGrowth();
  new PerformanceObserver(setGrowth).observe({ entryTypes: ['gc'] });
}

function setGrowth(): void {
  const space = v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  v8.setFlagsFromString(`--semi-space-growth-factor=${(space?.space_size ?? 0) < wanted ? 2 : 1}`);
}
