import { useContext } from 'react';
import type { Problem } from '../../model/errors.ts';
import { failureRows } from '../failure-rows.ts';
import { ScreenContext } from '../hooks.ts';
import { Rows } from './row.tsx';

/** Why the selected service is not healthy. */
export function FailurePanel({ problem, height }: { readonly problem: Problem; readonly height: number }) {
  const { columns } = useContext(ScreenContext);
  return <Rows rows={failureRows(problem, columns, height)} />;
}
