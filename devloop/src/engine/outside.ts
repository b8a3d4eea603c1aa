import type { Duplex } from 'node:stream';
import type { BuildStep, BuiltImage } from '../model/operation.ts';
import type { KubeEventView, PodView, ProbeSpec, WorkloadView } from '../model/pod.ts';
import type { ImageSpec, ProjectSpec, ReleaseSpec } from '../model/project.ts';

// What the engine needs of the outside world. The adapters implement these; tests put fakes in their place.

/** A program to run. Arguments are an array: nothing ever goes through a shell. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to the environment of devloop itself. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Hears each line as it comes, from both streams. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => unknown;
  /** How it is asked to end when the signal aborts. Default: SIGTERM. */
  readonly stopSignal?: 'SIGINT' | 'SIGTERM';
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end; a failing exit code is a result, not an error.
 * @throws Fault (environment) when the program is not installed
 */
export type RunCommand = (command: Command, signal?: AbortSignal) => Promise<CommandResult>;

export interface Docker {
  /** Does the daemon have it? `reference` is repository:tag. */
  hasImage(reference: string, signal: AbortSignal): Promise<boolean>;
  /**
   * Builds an image and puts it where the cluster's node finds it.
   * @throws Fault (outside) with the builder's own error as evidence
   */
  build(image: ImageSpec, tag: string, report: BuildReport, signal: AbortSignal): Promise<void>;
}

export interface BuildReport {
  readonly step: (step: BuildStep) => void;
  readonly output: (line: string) => void;
}

export interface HelmRelease {
  readonly revision: number;
  /** Helm's word: `deployed`, `failed`, `pending-upgrade`. */
  readonly status: string;
  /** What the deploy that made this revision wrote of its inputs; another tool's text otherwise. */
  readonly description: string;
}

export interface HelmUpgrade {
  readonly release: ReleaseSpec;
  readonly namespace: string;
  /** `--set-string` pairs: dotted path to text. */
  readonly set: Readonly<Record<string, string>>;
  readonly description: string;
  /**
   * Helm has accepted this chart with these values before, and only images differ: it need not check the manifests
   * against the API's schema again, which takes a third of its time.
   */
  readonly checked: boolean;
}

export interface Helm {
  /** The newest revision; undefined when the release does not exist. */
  latest(release: string, namespace: string, signal?: AbortSignal): Promise<HelmRelease | undefined>;
  /** @throws Fault (outside) with helm's own words */
  upgrade(upgrade: HelmUpgrade, signal: AbortSignal): Promise<HelmRelease>;
  /** The manifests that the deployed revision put into the cluster, as YAML. */
  manifest(release: string, namespace: string, signal: AbortSignal): Promise<string>;
  /** The manifests that an upgrade would send, as YAML. */
  template(upgrade: HelmUpgrade, signal?: AbortSignal): Promise<string>;
  /** Resolves to false when there was no such release. */
  uninstall(release: string, namespace: string, signal?: AbortSignal): Promise<boolean>;
}

export interface ClusterHandlers {
  readonly pod: (pod: PodView) => void;
  readonly podRemoved: (pod: PodView) => void;
  readonly workload: (workload: WorkloadView) => void;
  readonly workloadRemoved: (workload: WorkloadView) => void;
  readonly event: (event: KubeEventView) => void;
  /** The API server does not answer; it is tried again until it does. */
  readonly lost: (why: string) => void;
  readonly connected: () => void;
}

export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Of the run before the present one. */
  readonly previous?: boolean;
  readonly follow?: boolean;
  /** Only the last so many lines. */
  readonly tail?: number;
  /** RFC 3339; only lines of this second and later. */
  readonly since?: string;
}

/**
 * Hears a line of a container.
 * @param timestamp Kubernetes' own, RFC 3339 with nanoseconds
 * @param at the same in epoch milliseconds
 */
export type OnLogLine = (timestamp: string, text: string, at: number) => void;

export interface ProbeAnswer {
  readonly ok: boolean;
  readonly code?: number;
  readonly detail?: string;
}

export interface Kubernetes {
  /** Makes the namespace, marked as ours, when it is missing. Resolves to true when it made it. */
  ensureNamespace(namespace: string, signal: AbortSignal): Promise<boolean>;
  /** Watches the releases' objects until the signal aborts; resolves when the first lists are in. */
  watch(project: () => ProjectSpec, handlers: ClusterHandlers, signal: AbortSignal): Promise<void>;
  /** Streams log lines; resolves when the stream ends. */
  logs(request: LogRequest, onLine: OnLogLine, signal: AbortSignal): Promise<void>;
  /**
   * Runs one of the pod's own probes once: `address` asks the pod's own address, as the kubelet does; `forward` asks
   * the way that a forwarded connection takes, which works from the moment that the container runs.
   */
  probe(pod: PodView, probe: ProbeSpec, via: 'address' | 'forward', signal: AbortSignal): Promise<ProbeAnswer>;
  /**
   * A connection to a port of a pod. A refusal arrives as an `error` event of the stream, before any data.
   * @param timeout milliseconds until the dial is given up
   */
  dial(namespace: string, pod: string, port: number, timeout: number): Promise<Duplex>;
  /** Sets the image of containers of a workload; its controller then rolls the pods. @param image repository:tag */
  setImage(
    namespace: string,
    workload: WorkloadView,
    containers: readonly string[],
    image: string,
    signal: AbortSignal,
  ): Promise<void>;
  /** Which objects of a manifest the cluster has, as `Kind name`. */
  findObjects(manifest: string, namespace: string): Promise<{ present: string[]; missing: string[] }>;
  /** Deletes a namespace that devloop made; `foreign` is one that it did not make, and is left alone. */
  deleteNamespace(namespace: string, signal: AbortSignal): Promise<'deleted' | 'absent' | 'foreign'>;
}

export interface ChangedFiles {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Epoch milliseconds of the first change. */
  readonly changedAt: number;
}

export interface Files {
  /** The content tag of an image: a hash of its context under .dockerignore, its Dockerfile, arguments and target. */
  imageTag(image: ImageSpec): Promise<string>;
  /** A hash of the chart and its values files. */
  chartHash(release: ReleaseSpec): Promise<string>;
  /** Reports batches of changed files until the signal aborts; resolves once it watches. */
  watch(project: ProjectSpec, onBatch: (batch: ChangedFiles) => void, signal: AbortSignal): Promise<void>;
  /** The files of an image's build context, as absolute paths. */
  contextFiles(image: ImageSpec): Promise<string[]>;
  /** Tells of absolute paths whether they are part of the image's build context, or its Dockerfile; rules read once. */
  imageFiles(image: ImageSpec): (file: string) => boolean;
}

/** All outside systems of a loop. */
export interface Outside {
  readonly docker: Docker;
  readonly helm: Helm;
  readonly kubernetes: Kubernetes;
  readonly files: Files;
}

export const imageReference = ({ repository, tag }: Pick<BuiltImage, 'repository' | 'tag'>): string =>
  `${repository}:${tag}`;
