import { setMaxListeners } from 'node:events';
import type { ControllerContext } from './context.ts';
import { startCronJobController } from './cron-job/cron-job-controller.ts';
import { startDaemonSetController } from './daemon-set/daemon-set-controller.ts';
import { startDeploymentController } from './deployment/deployment-controller.ts';
import { startDisruptionController } from './disruption-controller.ts';
import { startEndpointsController } from './endpoints/endpoints-controller.ts';
import { startEventExpiry } from './event-expiry.ts';
import { createFirstObjects } from './first-objects.ts';
import { startGarbageCollector } from './garbage-collector/garbage-collector.ts';
import { startJobController } from './job/job-controller.ts';
import { startNamespaceController } from './namespace/namespace-controller.ts';
import { startReplicaSetController } from './replica-set/replica-set-controller.ts';
import { startScheduler } from './scheduler/scheduler.ts';
import { startStatefulSetController } from './stateful-set/stateful-set-controller.ts';
import { startPersistentVolumeController } from './storage/persistent-volume-controller.ts';
import { takeTurns } from './take-turns.ts';

/** What the controllers need. They end with `signal`. */
export interface ControllersOptions extends ControllerContext {
  /** The folder, absolute, in which each made volume has its own. */
  readonly volumesFolder: string;
  /** Called with the absolute path of a volume's folder after the volume is gone. */
  readonly removeVolume: (folder: string) => Promise<void>;
}

export interface Controllers {
  /** Resolves after the signal, when no folder of a volume is being removed any more. */
  readonly ended: Promise<void>;
}

/**
 * Starts what a cluster's controller manager and scheduler do, on the store itself. What every cluster has from the
 * beginning (namespaces, the service `kubernetes`, the storage class `standard`) is made at once when it is missing;
 * everything else happens in later turns of the event loop, by the clock.
 */
export function startControllers({ volumesFolder, removeVolume, ...rest }: ControllersOptions): Controllers {
  const context = { ...rest, clock: takeTurns(rest.clock) };
  const { signal, onError } = context;
  // Every queue and every kind that is followed ends with it: Node.js would take so many listeners for a leak.
  setMaxListeners(0, signal);
  const removals = new Set<Promise<void>>();
  const ended = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  createFirstObjects(context);
  startNamespaceController(context);
  startPersistentVolumeController(context, {
    volumesFolder,
    removeVolume: (folder) => {
      // A folder that cannot be removed stays: its volume is gone all the same.
      const removal = removeVolume(folder).catch((error: unknown) => onError('persistentvolume', error));
      removals.add(removal);
      void removal.then(() => removals.delete(removal));
    },
  });
  startDeploymentController(context);
  startReplicaSetController(context);
  startStatefulSetController(context);
  startDaemonSetController(context);
  startJobController(context);
  startCronJobController(context);
  startScheduler(context);
  startEndpointsController(context);
  startDisruptionController(context);
  startGarbageCollector(context);
  startEventExpiry(context);
  return { ended: ended.then(() => Promise.all(removals)).then(() => {}) };
}
