import type { Duplex } from 'node:stream';
import type { ClusterHandlers, Kubernetes, LogRequest, PodReading, ProbeAnswer } from '../../src/engine/outside.ts';
import type { PodView, ProbeSpec } from '../../src/model/pod.ts';
import { createGate, type Gate } from './ticks.ts';

/** A log stream that the test writes to. */
export interface FakeLogStream {
  readonly request: LogRequest;
  readonly line: (timestamp: string, text: string, isWhole?: boolean) => void;
  readonly gate: Gate<void>;
}

export interface FakeKubernetes extends Kubernetes {
  readonly streams: FakeLogStream[];
  readonly probes: { readonly pod: PodView; readonly probe: ProbeSpec; readonly via: string }[];
  /** What the next probes answer. */
  answer: ProbeAnswer | Promise<ProbeAnswer>;
  /** `KIND NAME CONTAINERS REPOSITORY:TAG` of each image that was set. */
  readonly imagesSet: string[];
  readonly podsDeleted: string[];
  /** `KIND NAME TIME` of each workload that was started anew. */
  readonly restarted: string[];
  /** Objects of a manifest that the cluster has not. */
  missing: string[];
  handlers: ClusterHandlers | undefined;
  /** The nodes that were asked for the figures of their pods. */
  readonly statsAsked: string[];
  /** What a node says. */
  onStats: (node: string) => Promise<readonly PodReading[]>;
  onDial: (pod: string, port: number) => Promise<Duplex>;
}

/** A cluster in memory. */
export function createFakeKubernetes(): FakeKubernetes {
  const streams: FakeLogStream[] = [];
  const probes: FakeKubernetes['probes'] = [];
  const fake: FakeKubernetes = {
    streams,
    probes,
    imagesSet: [],
    podsDeleted: [],
    restarted: [],
    answer: { ok: true, code: 200 },
    missing: [],
    statsAsked: [],
    onStats: async () => [],
    handlers: undefined,
    onDial: async () => {
      throw new Error('no pod listens');
    },
    ensureNamespace: async () => false,
    watch: async (_project, handlers) => {
      fake.handlers = handlers;
    },
    logs: (request, onLine, signal) => {
      const gate = createGate();
      streams.push({
        request,
        line: (timestamp, text, isWhole = true) => onLine(timestamp, text, Date.parse(timestamp), isWhole),
        gate,
      });
      signal.addEventListener('abort', () => gate.fail(signal.reason));
      return gate.promise;
    },
    probe: async (pod, probe, via) => {
      probes.push({ pod, probe, via });
      return fake.answer;
    },
    podReadings: async (node) => {
      fake.statsAsked.push(node);
      return fake.onStats(node);
    },
    dial: (_namespace, pod, port) => fake.onDial(pod, port),
    exec: async () => {
      throw new Error('no container runs');
    },
    shell: async () => {
      throw new Error('no container runs');
    },
    deletePod: async (_namespace, pod) => {
      fake.podsDeleted.push(pod);
    },
    setImage: async (_namespace, { kind, name }, containers, image) => {
      fake.imagesSet.push(`${kind} ${name} ${containers.join(', ')} ${image}`);
    },
    restart: async (_namespace, { kind, name }, at) => {
      fake.restarted.push(`${kind} ${name} ${at}`);
    },
    findObjects: async () => ({ present: [], missing: fake.missing }),
    deleteNamespace: async () => 'deleted',
  };
  return fake;
}
