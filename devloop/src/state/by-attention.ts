import type { ServiceRow } from './service-row.ts';
export const byAttention = (rows: readonly ServiceRow[]): readonly ServiceRow[] =>
  [...rows].sort((a, b) => Number(b.phase === 'failed') - Number(a.phase === 'failed'));
