import { clusterFaults } from './cluster-faults.ts';
import { devloopFaults } from './devloop-faults.ts';
import { editFaults } from './edit-faults.ts';
import type { Fault } from './fault.ts';
import { networkFaults } from './network-faults.ts';
import { programFaults } from './program-faults.ts';
import { rolloutFaults } from './rollout-faults.ts';

/** In the order in which they run. */
export const allFaults: readonly Fault[] = [
  ...editFaults,
  ...programFaults,
  ...networkFaults,
  ...rolloutFaults,
  ...devloopFaults,
  ...clusterFaults,
];
