/** The first index from `from` up to but not including `to` that is not `isBefore`; `to` when all are. They must be sorted. */
export function lowerBound(from: number, to: number, isBefore: (index: number) => boolean): number {
  let [low, high] = [from, Math.max(from, to)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
