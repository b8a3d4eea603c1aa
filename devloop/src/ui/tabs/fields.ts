import type { Style } from '../../lib/paint.ts';
import { span } from '../../lib/spans.ts';
import { fit } from '../../lib/text-width.ts';
import { wrapped } from './make-rows.ts';
import type { TabRow } from './tab-row.ts';

export interface Field {
  readonly name: string;
  /** An empty one shows no row. */
  readonly value: string;
  readonly style?: Style;
}

const nameWidth = 13;

/** Names and values one below the other, as `kubectl describe` has them; copied is the value. */
export const fieldRows = (fields: readonly Field[], columns: number, indent = 2): TabRow[] =>
  fields
    .filter(({ value }) => value !== '')
    .flatMap(({ name, value, style = {} }) =>
      wrapped([span(`${' '.repeat(indent)}${fit(name, nameWidth)} `, { dim: true })], value, style, columns, {
        copy: value,
      }),
    );
