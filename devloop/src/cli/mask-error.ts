import { Fault, type Problem } from '../model/errors.ts';
import type { Store } from '../state/store.ts';

/** What was thrown, with its words masked as those of events are. */
export function maskError(error: unknown, { mask }: Pick<Store, 'mask'>): unknown {
  if (error instanceof Fault) return new Fault(error.kind, maskProblem(error.problem, mask));
  if (!(error instanceof Error)) return typeof error === 'string' ? mask(error) : error;
  error.message = mask(error.message);
  if (error.stack !== undefined) error.stack = mask(error.stack);
  return error;
}

const maskProblem = ({ title, why, fix, evidence }: Problem, mask: (text: string) => string): Problem => ({
  title: mask(title),
  why: mask(why),
  ...(fix !== undefined && { fix: mask(fix) }),
  ...(evidence && { evidence: evidence.map(mask) }),
});
