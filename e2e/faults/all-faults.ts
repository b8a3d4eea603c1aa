import { clusterFaults } from './cluster-faults.ts';
import type { Fault } from './fault.ts';

/** In the order in which they run. */
export const allFaults: readonly Fault[] = [...clusterFaults];
