import { Fault } from '../../src/model/errors.ts';

/** The Fault that the work ends with; anything else fails the test. */
export async function faultOf(work: Promise<unknown> | (() => unknown)): Promise<Fault> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('expected a Fault, but it succeeded');
}
