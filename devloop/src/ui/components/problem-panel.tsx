import { useContext } from 'react';
import type { Problem } from '../../model/errors.ts';
import { ScreenContext } from '../hooks.ts';
import { problemRows } from '../problem-rows.ts';
import { Rows } from './row.tsx';

/** Why the selected service is not healthy. */
export function ProblemPanel({ problem, height }: { readonly problem: Problem; readonly height: number }) {
  const { columns } = useContext(ScreenContext);
  return <Rows rows={problemRows(problem, columns, height)} />;
}
