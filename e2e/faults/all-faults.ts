import { clusterFaults } from './cluster-faults.ts';
import { daemonFaults } from './daemon-faults.ts';
import { devloopFaults } from './devloop-faults.ts';
import { editFaults } from './edit-faults.ts';
import type { Fault } from './fault.ts';
import { logRotation } from './log-rotation.ts';
import { longFaults } from './long-faults.ts';
import { machineFaults } from './machine-faults.ts';
import { networkFaults } from './network-faults.ts';
import { programFaults } from './program-faults.ts';
import { releaseFaults } from './release-faults.ts';
import { rolloutFaults } from './rollout-faults.ts';
import { stateFolderFaults } from './state-folder-faults.ts';

/** In the order in which they run. */
export const allFaults: readonly Fault[] = [
  ...editFaults,
  ...programFaults,
  ...networkFaults,
  ...rolloutFaults,
  ...releaseFaults,
  ...devloopFaults,
  ...stateFolderFaults,
  ...machineFaults,
  ...clusterFaults,
  ...longFaults,
  ...daemonFaults,
  logRotation,
];
