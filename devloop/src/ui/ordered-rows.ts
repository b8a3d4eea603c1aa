import { byAttention } from '../state/by-attention.ts';
import { type ServiceRow, serviceRows } from '../state/service-row.ts';
import type { LoopState } from '../state/state.ts';

/** The services in the order of the screen. */
export const orderedBy = (attention: boolean, state: LoopState): readonly ServiceRow[] =>
  attention ? byAttention(serviceRows(state)) : serviceRows(state);
