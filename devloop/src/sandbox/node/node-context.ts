import type { Clock } from '../../model/clock.ts';
import type { LocalImages } from '../images/local-image.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { KubeEvent, Pod } from '../store/objects.ts';
import type { StartTurn } from './containers/start-turns.ts';
import type { Allocatable } from './env/field-ref.ts';
import type { PodAddresses } from './network/pod-addresses.ts';
import type { PodPorts } from './network/pod-ports.ts';
import type { ServiceProxy } from './network/service-proxy.ts';
import type { EventRecorder } from './node-access.ts';
import type { ProcessTable } from './processes/process-table.ts';
import type { PodVolumes } from './volumes/pod-volumes.ts';

export const nodeName = 'sandbox';
export const hostIP = '127.0.0.1';

/** What every part of the node shares. */
export interface NodeContext {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly images: LocalImages;
  readonly events: EventRecorder;
  /** The node's own folder, absolute. */
  readonly folder: string;
  /** What containers get of the environment of this machine. */
  readonly env: Readonly<Record<string, string>>;
  readonly nodeProgram: string;
  readonly hookFile: string;
  /** Told of errors that nothing foresaw, and where. */
  readonly onError: (where: string, error: unknown) => void;
  readonly processes: ProcessTable;
  readonly startTurn: StartTurn;
  readonly addresses: PodAddresses;
  readonly ports: PodPorts;
  readonly proxy: ServiceProxy;
  readonly lifeline: number;
  readonly allocatable: Allocatable;
}

/** What the containers of one pod share. */
export interface PodContext {
  readonly node: NodeContext;
  /** The newest state of it. */
  readonly pod: () => Pod;
  readonly podIP: string;
  readonly volumes: PodVolumes;
  /** The pod's folder, absolute. */
  readonly folder: string;
  readonly record: (type: KubeEvent['type'], reason: string, message: string, fieldPath?: string) => void;
  /** Says that a container's record changed: the status is written. */
  readonly changed: () => void;
  /** Aborts when the containers are to end for good. */
  readonly ending: AbortSignal;
  /** Aborts when they are to end without grace. */
  readonly killing: AbortSignal;
  /** How long a container that is ended may take. Milliseconds. */
  readonly grace: () => number;
}
