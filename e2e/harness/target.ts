/** What the scenarios run on: a real cluster, or devloop's own sandbox. */
export type Target = 'cluster' | 'sandbox';

/** By which `e2e/run.ts` tells the processes of the scenarios. */
export const targetVariable = 'DEVLOOP_E2E_TARGET';

/** That of this process. */
export const target: Target = process.env[targetVariable] === 'sandbox' ? 'sandbox' : 'cluster';
