import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Of both halves of the space. Bytes. */
const youngEnough = 8e6;
/** How much the other objects may grow before they are collected, in percent. */
const growth = 30;

/**
 * Has V8 collect garbage more often instead of taking more memory. Its space for new objects else doubles up to 134 MB
 * while thousands of log lines come in each second; see docs/benchmark.md for what that saves and costs. V8 reads these
 * flags whenever it lets a space grow, so they count after the start too; that for the largest size does not.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${growth}`);
  const stopGrowing = (): boolean => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (!young || young.space_size < youngEnough) return false;
    setFlagsFromString('--semi-space-growth-factor=1');
    return true;
  };
  if (stopGrowing()) return;
  // It grows at the end of a collection.
  const collections = new PerformanceObserver(() => {
    if (stopGrowing()) collections.disconnect();
  });
  collections.observe({ entryTypes: ['gc'] });
}
