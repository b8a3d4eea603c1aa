import type { Duplex, Readable } from 'node:stream';
import type { KubeEvent, Pod } from '../store/objects.ts';

/** What `kubectl logs` can ask for. */
export interface LogQuery {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  /** Epoch milliseconds; lines of this moment and later. */
  readonly since?: number;
}

/** A program that runs beside a container's own. */
export interface Execution {
  /** Undefined when it was not asked for. */
  readonly stdin?: NodeJS.WritableStream;
  readonly stdout?: Readable;
  readonly stderr?: Readable;
  /** Resolves to the exit code, after the streams have ended. */
  readonly exit: Promise<number>;
  /** Ends it and what it started. */
  readonly kill: () => void;
}

export interface ExecQuery {
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  /** There is no terminal: a session with a tty runs without, and stderr goes into stdout. */
  readonly tty: boolean;
}

/** What the API server asks of the node: what a kubelet serves on its port 10250. */
export interface NodeAccess {
  /**
   * A container's log, as bytes that go to the client as they are. It ends at the end of what there is, or with
   * `follow` when the container has ended for good; `destroy` ends it early.
   * @throws ApiError 400 in the kubelet's words: `container "web" in pod "x" is waiting to start: ContainerCreating`
   */
  readonly logs: (pod: Pod, query: LogQuery) => Promise<Readable>;
  /** @throws ApiError when the container does not run, or the program does not start */
  readonly exec: (pod: Pod, query: ExecQuery) => Promise<Execution>;
  /**
   * A connection to a port of a pod, as a connection to its own loopback (what port-forward makes).
   * @throws Error in the kubelet's words when nobody listens: its `message` goes to the client
   */
  readonly dial: (pod: Pod, port: number) => Promise<Duplex>;
  /** The address on this machine where another pod, a probe or the API's proxy reaches the port; undefined: refused. */
  readonly addressOf: (pod: Pod, port: number) => { readonly host: string; readonly port: number } | undefined;
  /** What `/stats/summary` of a kubelet says. */
  readonly stats: () => Promise<unknown>;
}

/** Writes Events with Kubernetes' own reasons and messages; the same one again counts up. */
export interface EventRecorder {
  /**
   * @param about the object, with its kind
   * @param source the component: `kubelet`, `deployment-controller`
   */
  readonly record: (
    about: { readonly apiVersion: string; readonly kind: string; readonly metadata: Pod['metadata'] },
    type: KubeEvent['type'],
    reason: string,
    message: string,
    source: string,
    fieldPath?: string,
  ) => void;
}
