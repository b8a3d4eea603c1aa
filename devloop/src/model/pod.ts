/** An HTTP or TCP probe as the pod declares it; times in milliseconds. */
export interface ProbeSpec {
  readonly kind: 'startup' | 'readiness' | 'liveness';
  readonly container: string;
  readonly action: { readonly type: 'http'; readonly scheme: string; readonly path: string } | { readonly type: 'tcp' };
  readonly port: number;
  readonly period: number;
  readonly timeout: number;
  readonly failureThreshold: number;
  readonly initialDelay: number;
}

export interface ContainerView {
  readonly name: string;
  readonly image: string;
  readonly init: boolean;
  /** Its spec has a `command`, which takes the place of the image's own entrypoint. */
  readonly ownCommand?: boolean;
  readonly state: 'waiting' | 'running' | 'terminated';
  /** Kubernetes' own word for a waiting or terminated state: `CrashLoopBackOff`, `OOMKilled`. */
  readonly reason?: string;
  readonly message?: string;
  /** Of a terminated state. */
  readonly exitCode?: number;
  /** Epoch milliseconds. */
  readonly startedAt?: number;
  readonly ready: boolean;
  readonly restarts: number;
  /** What its spec allows it to use: thousandths of a core, and bytes. */
  readonly limits?: { readonly cpu?: number; readonly memory?: number };
  /** How the run before this one ended. */
  readonly last?: { readonly exitCode: number; readonly reason: string; readonly finishedAt?: number };
}

/** A pod of a release, reduced to what the loop and its screens use. */
export interface PodView {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  /** The node that runs it; not set until one is chosen. */
  readonly node?: string;
  /** The configured service it runs, or the name of its workload when the config names none. */
  readonly service: string;
  readonly release: string;
  readonly workload: { readonly kind: string; readonly name: string };
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly phase: string;
  readonly ready: boolean;
  /** Since when `ready` is what it is, epoch milliseconds; Kubernetes tells whole seconds. */
  readonly readySince?: number;
  /** It has a deletion timestamp: it is ending. */
  readonly deleting: boolean;
  /** It runs the newest template of its workload; false for a pod that a rollout is replacing. */
  readonly current: boolean;
  readonly containers: readonly ContainerView[];
  readonly probes: readonly ProbeSpec[];
  /** Why the scheduler has not placed it, when it has not. */
  readonly unschedulable?: string;
}

/** A Deployment, StatefulSet or DaemonSet of a release. */
export interface WorkloadView {
  readonly uid: string;
  readonly kind: string;
  readonly name: string;
  readonly release: string;
  readonly service: string;
  /** Pods wanted. */
  readonly replicas: number;
  /** The controller has seen the newest spec. */
  readonly observed: boolean;
  /** Pods that run the newest spec. */
  readonly updated: number;
  /** The controller's own complaint (quota, forbidden, progress deadline). */
  readonly complaint?: string;
}

/** One run of a pod's own probe by devloop, or a failure that the kubelet reported. */
export interface ProbeResult {
  readonly pod: string;
  readonly uid: string;
  readonly service: string;
  readonly container: string;
  readonly kind: ProbeSpec['kind'];
  readonly ok: boolean;
  /** HTTP status, where one came. */
  readonly code?: number;
  /** Milliseconds; 0 from the kubelet, which does not tell. */
  readonly latency: number;
  /** Why it failed, or the start of the answer's body. */
  readonly detail?: string;
  readonly from: 'devloop' | 'kubelet';
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A Kubernetes Event about an object of the release. */
export interface KubeEventView {
  readonly uid: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly object: { readonly kind: string; readonly name: string };
  /** The container of the pod, where it is about one. */
  readonly container?: string;
  readonly service: string;
  readonly count: number;
  /** Epoch milliseconds of its last time. */
  readonly at: number;
}
