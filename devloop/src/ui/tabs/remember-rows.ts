import { remember } from '../../lib/remember.ts';
import type { TabRow } from './tab-row.ts';

/**
 * Makes the rows of something that never changes once for each width; those of the last width are kept.
 * @param make what else it takes has to be the same each time for the same item
 */
export function rememberRows<Item extends object, More extends readonly unknown[]>(
  make: (item: Item, columns: number, ...more: More) => readonly TabRow[],
): (item: Item, columns: number, ...more: More) => readonly TabRow[] {
  const known = remember((_: Item): { columns: number; rows: readonly TabRow[] } => ({ columns: 0, rows: [] }));
  return (item, columns, ...more) => {
    const last = known(item);
    if (last.columns !== columns) {
      last.rows = make(item, columns, ...more);
      last.columns = columns;
    }
    return last.rows;
  };
}
