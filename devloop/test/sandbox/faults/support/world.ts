import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../../src/adapters/clock/system-clock.ts';
import { createKubernetes } from '../../../../src/adapters/kubernetes/client.ts';
import { type Connection, connect } from '../../../../src/adapters/kubernetes/connection.ts';
import type { Kubernetes } from '../../../../src/engine/outside.ts';
import type { Clock } from '../../../../src/model/clock.ts';
import type { LocalImage } from '../../../../src/sandbox/images/local-image.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/start-sandbox.ts';
import type { Pod } from '../../../../src/sandbox/store/objects.ts';
import { createRecordedStore, type RecordedStore } from '../../../fakes/store.ts';
import { sampleProject, started } from '../../../support/sample.ts';
import { bundleHook } from '../../node/support.ts';

/** Pauses pass fifty times as fast; what time it is stays true, as logs and pods carry it. */
const briefClock: Clock = {
  now: systemClock.now,
  after: (ms, callback) => systemClock.after(ms / 50, callback),
  sleep: (ms, signal) => systemClock.sleep(ms / 50, signal),
};

const pollMs = 2;

export const namespace = sampleProject().namespace;

/** A sandbox with pods that run, and devloop's own view of it. */
export interface World {
  readonly sandbox: Sandbox;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly kubernetes: Kubernetes;
  readonly store: RecordedStore;
  /** Aborts when the world ends. */
  readonly signal: AbortSignal;
  /** Runs a service's pods through the API. @param script of Node.js */
  readonly deploy: (name: string, script: string, replicas?: number) => Promise<void>;
  /** Changes a Deployment through the API. */
  readonly patch: (name: string, change: object) => Promise<void>;
  readonly scale: (name: string, replicas: number) => Promise<void>;
  readonly deletePod: (pod: string) => Promise<void>;
  /** Resolves when the sandbox has so many ready pods, and no others. */
  readonly untilReady: (count: number) => Promise<void>;
  /** Resolves when the condition holds. */
  readonly until: (holds: () => boolean) => Promise<void>;
  readonly pods: () => Pod[];
  readonly close: () => Promise<void>;
}

export async function startWorld(): Promise<World> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sbx-faults-'));
  const image = (reference: string): LocalImage => ({
    reference,
    id: `sandbox://${reference}`,
    entrypoint: ['node', '-e'],
    command: [],
    folder,
    env: {},
  });
  const sandbox = await startSandbox({
    folder: path.join(folder, 'sandbox'),
    clock: briefClock,
    images: { find: image },
    env: { PATH: process.env['PATH'] ?? '' },
    nodeProgram: process.execPath,
    hookFile: bundleHook(folder),
    runPods: true,
    onError: (where, error) => {
      throw new Error(`a fault of the sandbox: ${where}`, { cause: error });
    },
  });
  const connection = connect('sandbox', sandbox.kubeconfig);
  const kubernetes = createKubernetes(connection, briefClock);
  const store = createRecordedStore(briefClock.now);
  store.dispatch(started(sampleProject()));
  const ending = new AbortController();
  await kubernetes.ensureNamespace(namespace, ending.signal);
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const pods = () => sandbox.store.list('Pod', namespace);
  const patch = async (name: string, change: object) => {
    await connection.json('PATCH', `${deployments}/${name}`, change);
  };
  // Processes and connections take their own time; jest says when it was too long.
  const until = async (holds: () => boolean) => {
    while (!holds()) await systemClock.sleep(pollMs, ending.signal);
  };
  return {
    sandbox,
    clock: briefClock,
    connection,
    kubernetes,
    store,
    signal: ending.signal,
    deploy: async (name, script, replicas = 1) => {
      await connection.json('POST', deployments, deploymentOf(name, script, replicas));
    },
    patch,
    scale: (name, replicas) => patch(name, { spec: { replicas } }),
    deletePod: async (pod) => {
      await connection.json('DELETE', `/api/v1/namespaces/${namespace}/pods/${pod}`);
    },
    untilReady: (count) => until(() => pods().length === count && pods().every(isReady)),
    until,
    pods,
    close: async () => {
      ending.abort();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

function deploymentOf(name: string, script: string, replicas: number) {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, annotations: { 'meta.helm.sh/release-name': 'tasks' } },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name, image: `${name}:1`, imagePullPolicy: 'IfNotPresent', args: [script] }],
        },
      },
    },
  };
}
