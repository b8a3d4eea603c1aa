import { mkdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Clock } from '../../model/clock.ts';
import type { LocalImages } from '../images/local-image.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { createStartTurns } from './containers/start-turns.ts';
import { openLifeline } from './network/lifeline.ts';
import { createPodAddresses } from './network/pod-addresses.ts';
import { createPodPorts } from './network/pod-ports.ts';
import { startServiceProxy } from './network/service-proxy.ts';
import type { EventRecorder, NodeAccess } from './node-access.ts';
import type { NodeContext } from './node-context.ts';
import { registerNode } from './node-object.ts';
import { PodWorkers } from './pods/pod-workers.ts';
import { openProcessTable } from './processes/process-table.ts';
import { servePods } from './serve-pods.ts';

export interface NodeOptions {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly images: LocalImages;
  readonly events: EventRecorder;
  /** The node's own folder, absolute; it is made when it is missing. */
  readonly folder: string;
  /** What containers get of the environment of this machine: PATH, LANG, TMPDIR. */
  readonly env: Readonly<Record<string, string>>;
  /** The Node.js that containers run with. */
  readonly nodeProgram: string;
  /** The bundled `pod-hook/hook.ts`, absolute. */
  readonly hookFile: string;
  /** Told of errors that nothing foresaw, and where: they end the work on a pod. */
  readonly onError: (where: string, error: unknown) => void;
  /** Aborting it stops the node, as `stop` does. */
  readonly signal: AbortSignal;
}

/** What containers get to end by themselves when the sandbox stops. Milliseconds. */
const stopGrace = 2000;

/**
 * Starts the node: it registers itself in the store and runs the pods that are assigned to it, those that are there
 * already included. What a killed sandbox left running ends first.
 * @returns what the API server asks of it; `stop` ends all containers, leaves the pods in the store, and resolves when no
 * process, listener or timer is left
 */
export async function startNode(options: NodeOptions): Promise<NodeAccess & { readonly stop: () => Promise<void> }> {
  const { store, events, folder, signal } = options;
  const network = path.join(folder, 'network');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const processes = await openProcessTable(path.join(folder, 'processes'));
  await Promise.all([network, path.join(folder, 'pods')].map((old) => rm(old, { recursive: true, force: true })));
  const ports = createPodPorts(network);
  const lifeline = await openLifeline();
  const proxy = startServiceProxy({ store, clock: options.clock, events, ports, folder: network });
  await proxy.settled();
  const node: NodeContext = {
    ...options,
    processes,
    startTurn: createStartTurns(options.clock),
    addresses: createPodAddresses(),
    ports,
    proxy,
    lifeline: lifeline.port,
    allocatable: { cpu: os.cpus().length, memory: os.totalmem() },
  };
  const unregister = registerNode(node);
  const pods = new PodWorkers(node);
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= pods.stop(stopGrace).then(async () => {
      unregister();
      await proxy.close();
      lifeline.close();
    });
    return stopped;
  };
  signal.addEventListener('abort', () => void stop(), { once: true });
  pods.start();
  if (signal.aborted) await stop();
  return { ...servePods(node, pods), stop };
}
