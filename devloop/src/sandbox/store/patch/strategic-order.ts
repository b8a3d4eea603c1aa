import { isObject } from './json.ts';
import { noMergeKey, orderMismatch } from './strategic-errors.ts';

/** What an item is known by: its merge key, or the scalar itself when the list has none. @throws ApiError without one */
export function identityOf(item: unknown, mergeKey: string | undefined): unknown {
  if (mergeKey === undefined) return item;
  const value = isObject(item) ? item[mergeKey] : undefined;
  if (value === undefined) throw noMergeKey(item, mergeKey);
  return value;
}

/**
 * The items of a merged list in order: those that `order` names as it has them, and among them, as near to where they
 * were as it goes, those that only the server has.
 * https://github.com/kubernetes/design-proposals-archive/blob/main/cli/preserve-order-in-strategic-merge-patch.md
 * @param live the list before the patch
 */
export function ordered(
  merged: readonly unknown[],
  order: readonly unknown[],
  live: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const wanted = positions(order, mergeKey);
  const before = positions(live, mergeKey);
  const rank = (item: unknown, ranks: ReadonlyMap<unknown, number>): number =>
    ranks.get(identityOf(item, mergeKey)) ?? -1;
  const inPatch = merged.filter((item) => rank(item, wanted) >= 0).sort((a, b) => rank(a, wanted) - rank(b, wanted));
  const serverOnly = merged.filter((item) => rank(item, wanted) < 0).sort((a, b) => rank(a, before) - rank(b, before));

  const result: unknown[] = [];
  for (const item of inPatch) {
    const place = rank(item, before);
    while (place >= 0 && serverOnly.length && isBefore(rank(serverOnly[0], before), place))
      result.push(serverOnly.shift());
    result.push(item);
  }
  return [...result, ...serverOnly];
}

const isBefore = (one: number, other: number): boolean => one >= 0 && one < other;

function positions(list: readonly unknown[], mergeKey: string | undefined): Map<unknown, number> {
  const found = new Map<unknown, number>();
  for (const [index, item] of list.entries()) {
    const identity = identityOf(item, mergeKey);
    if (!found.has(identity)) found.set(identity, index);
  }
  return found;
}

/** @throws ApiError when the items of a patch are not in the order that the patch asks for */
export function checkOrder(patch: unknown[], order: unknown[], mergeKey: string | undefined): void {
  if (!patch.length || !order.length) return;
  const given = patch.filter((item) => !(isObject(item) && '$patch' in item));
  let next = 0;
  for (const item of order)
    if (next < given.length && identityOf(given[next], mergeKey) === identityOf(item, mergeKey)) next += 1;
  if (next < given.length) throw orderMismatch(patch, order);
}
