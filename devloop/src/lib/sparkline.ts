const levels = '▁▂▃▄▅▆▇█';

/**
 * The newest values as bars, one column each, oldest left; columns without a value are blank, those at the right while
 * there are few values.
 * @param width columns of the result
 * @param full the value of a full bar; what is above it looks the same
 */
export function sparkline(values: readonly (number | undefined)[], width: number, full: number): string {
  const shown = width > 0 ? values.slice(-width) : [];
  return shown
    .map((value) => barOf(value, full))
    .join('')
    .padEnd(width);
}

function barOf(value: number | undefined, full: number): string {
  if (value === undefined) return ' ';
  const level = full > 0 ? Math.floor((value / full) * levels.length) : 0;
  return levels[Math.min(Math.max(0, level), levels.length - 1)] ?? ' ';
}
