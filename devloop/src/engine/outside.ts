import type { Duplex } from 'node:stream';
import type { BuildStep, CommandSubject } from '../model/operation.ts';
import type { KubeEventView, PodView, ProbeSpec, WorkloadView } from '../model/pod.ts';
import type { BundleSpec, ImageSpec, ProjectSpec, ReleaseSpec, SyncSpec } from '../model/project.ts';

// What the engine needs of the outside world. The adapters implement these; tests put fakes in their place.

/** A program to run. Arguments are an array: nothing ever goes through a shell. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to the environment of devloop itself. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it is for, in the command ledger. */
  readonly about?: CommandSubject;
  /** Hears each line as it comes, from both streams. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => unknown;
  /**
   * How it is asked to end when the signal aborts. Default: SIGTERM. `none`: it is not asked, and only gets its time to
   * finish.
   */
  readonly stopSignal?: 'SIGINT' | 'SIGTERM' | 'none';
  /** It must not be cut off: neither a Ctrl-C of the terminal, nor its closing, nor devloop's own death reaches it. */
  readonly apart?: boolean;
  /** Hears its process id once it runs. */
  readonly onStart?: (pid: number) => void;
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
  /** The id of an image's content, when it has the image and can tell. @param reference repository:tag */
  imageId(reference: string, signal: AbortSignal): Promise<string | undefined>;
  /** The runner of an image that the daemon has. @param reference repository:tag */
  runnerOf(reference: string, signal: AbortSignal): Promise<Runner>;
  /** The images of these repositories that the daemon has; none where it removes old ones by itself. */
  listImages(repositories: readonly string[], signal: AbortSignal): Promise<readonly StoredImage[]>;
  /** Removes an image unless a container uses it; resolves to whether it did. @param reference repository:tag */
  removeImage(reference: string, signal: AbortSignal): Promise<boolean>;
}

/** An image that the daemon has. */
export interface StoredImage {
  readonly repository: string;
  readonly tag: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** It is no image of a service, but what a build makes on its way and removes at its end. */
  readonly isLeftover: boolean;
}

/**
 * What runs a container's program for live updates: the runner on Node, the one for a shell, or `none`, as the image
 * has neither. `absent`: the image was built without.
 */
export type RunnerKind = 'node' | 'shell' | 'none' | 'absent';

/** The runner of an image, and what it asks of those who connect. */
export interface Runner {
  readonly kind: RunnerKind;
  /** Only in the sandbox, where every user of this machine can reach it. */
  readonly token?: string;
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
  /** When helm began it, in epoch milliseconds; the history tells. */
  readonly updated?: number;
}

/** Whose helm did not finish a revision: one of this project's devloop, which may still run; or somebody else's. */
export type HelmOwner =
  | { readonly by: 'devloop' }
  | { readonly by: 'running helm'; readonly pid: number }
  | { readonly by: 'somebody else' };

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
  /** The newest revision before it, where it is known: what a killed helm leaves is known by it. */
  readonly after?: number;
}

export interface Helm {
  /** The newest revision; undefined when the release does not exist. */
  latest(release: string, namespace: string, signal?: AbortSignal): Promise<HelmRelease | undefined>;
  /** All revisions that Helm keeps, the newest last; none when the release does not exist. */
  history(release: string, namespace: string, signal: AbortSignal): Promise<readonly HelmRelease[]>;
  /** Whose helm left a revision that is pending, or that is being uninstalled. */
  ownerOf(release: string, namespace: string, left: HelmRelease): Promise<HelmOwner>;
  /** @throws Fault (outside) with helm's own words */
  upgrade(upgrade: HelmUpgrade, signal: AbortSignal): Promise<HelmRelease>;
  /** Makes a new revision of what an older one was. @throws Fault (outside) with helm's own words */
  rollback(release: string, namespace: string, revision: number, signal: AbortSignal): Promise<HelmRelease>;
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
  /**
   * Values that nobody may see; none when the source has gone.
   * @param source the uid of the object that has them
   */
  readonly secrets: (source: string, values: readonly string[]) => void;
  /** The Secrets of the namespace cannot be read. */
  readonly unmasked: (why: string) => void;
  /** The API server does not answer, told once; it is tried again until it does. */
  readonly lost: (why: string) => void;
  /** It answers again. */
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
  /** Epoch milliseconds; only lines of this second and later. */
  readonly since?: number;
}

/**
 * Hears a line of a container.
 * @param timestamp Kubernetes' own, RFC 3339 with nanoseconds
 * @param at the same in epoch milliseconds
 * @param isWhole false for the last one of a stream that ended without a newline: there may be more of it
 */
export type OnLogLine = (timestamp: string, text: string, at: number, isWhole: boolean) => void;

export interface ProbeAnswer {
  readonly ok: boolean;
  readonly code?: number;
  readonly detail?: string;
}

/** What a node's kubelet says of a pod's use; a figure that it does not know is left out. */
export interface PodReading {
  readonly uid: string;
  /** Thousandths of a core, over the kubelet's last seconds. */
  readonly cpu?: number;
  /** Milliseconds of a core that the pod has used since it started, and when that was read (epoch milliseconds). */
  readonly cpuTime?: { readonly ms: number; readonly at: number };
  /** Bytes of the working set. */
  readonly memory?: number;
}

/** A shell in a container: what is written are its keys, what is read is its screen. It fails when it is cut off. */
export interface ShellSession extends Duplex {
  /** Once it has ended. */
  readonly exitCode: number | undefined;
  /** Tells it the size of the terminal. */
  resize(columns: number, rows: number): void;
}

export interface Kubernetes {
  /** Makes the namespace, marked as ours, when it is missing. Resolves to true when it made it. */
  ensureNamespace(namespace: string, signal: AbortSignal): Promise<boolean>;
  /** Watches the releases' objects until the signal aborts; resolves when the first lists are in. */
  watch(project: () => ProjectSpec, handlers: ClusterHandlers, signal: AbortSignal): Promise<void>;
  /** Streams log lines; resolves when the stream ends. The log of a previous run that is not kept any more has no lines. */
  logs(request: LogRequest, onLine: OnLogLine, signal: AbortSignal): Promise<void>;
  /**
   * Runs one of the pod's own probes once: `address` asks the pod's own address, as the kubelet does; `forward` asks
   * the way that a forwarded connection takes, which works from the moment that the container runs.
   */
  probe(pod: PodView, probe: ProbeSpec, via: 'address' | 'forward', signal: AbortSignal): Promise<ProbeAnswer>;
  /**
   * What the pods of a node use, those of others included, from its kubelet; no metrics-server is needed.
   * @throws ApiError when that is forbidden or the node has no such thing
   */
  podReadings(node: string, signal: AbortSignal): Promise<readonly PodReading[]>;
  /**
   * A connection to a port of a pod. A refusal arrives as an `error` event of the stream, before any data.
   * @param timeout milliseconds until the dial is given up
   */
  dial(namespace: string, pod: string, port: number, timeout: number): Promise<Duplex>;
  /**
   * Runs a program in a container. What is written goes to its stdin, what is read is its stdout; its end ends the
   * stream, with an error that carries its stderr when it failed.
   * @param timeout milliseconds until it is given up before it has started
   */
  exec(namespace: string, pod: string, container: string, command: readonly string[], timeout: number): Promise<Duplex>;
  /**
   * Starts a program with a terminal in a container.
   * @param timeout milliseconds until it is given up before it has started
   */
  shell(
    namespace: string,
    pod: string,
    container: string,
    command: readonly string[],
    timeout: number,
  ): Promise<ShellSession>;
  /** Deletes a pod; its workload makes another. One that is gone already is no error. */
  deletePod(namespace: string, pod: string, signal: AbortSignal): Promise<void>;
  /** Sets the image of containers of a workload; its controller then rolls the pods. @param image repository:tag */
  setImage(
    namespace: string,
    workload: WorkloadView,
    containers: readonly string[],
    image: string,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Starts the pods of a workload anew, as `kubectl rollout restart` does: by an annotation of its template.
   * @param at RFC 3339
   */
  restart(namespace: string, workload: WorkloadView, at: string, signal: AbortSignal): Promise<void>;
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

/** What became of files since they were last asked for, or since the watch began. Absolute paths. */
export interface TakenFiles {
  /** Those whose kind, content or permissions are not what they were. */
  readonly changed: readonly string[];
  /** Those that were saved, and are as they were. */
  readonly savedAgain: readonly string[];
}

/** Changed files that wait. */
export interface HeldFiles {
  readonly files: number;
  /** Why they wait: `index.lock stands`. */
  readonly why: string;
}

export interface WatchHandlers {
  readonly batch: (batch: ChangedFiles) => void;
  /** Files wait as git works on their repository, told when that takes long; undefined when they go on. */
  readonly held: (hold: HeldFiles | undefined) => void;
  /** What the user has to know of the watching. */
  readonly notice: (level: 'info' | 'warning', text: string) => void;
}

export interface Files {
  /** The content tag of an image: a hash of its context under .dockerignore, its Dockerfile, arguments and target. */
  imageTag(image: ImageSpec): Promise<string>;
  /** A hash of the chart and its values files. */
  chartHash(release: ReleaseSpec): Promise<string>;
  /**
   * Reports batches of changed files until the signal aborts; resolves once it watches.
   * @throws Fault (environment) when that cannot be done; a limit of the system is none, and told by a notice
   */
  watch(project: ProjectSpec, handlers: WatchHandlers, signal: AbortSignal): Promise<void>;
  /** Says of files in a batch what became of them. Absolute paths. */
  takeChanged(files: readonly string[]): Promise<TakenFiles>;
  /** The files of an image's build context, as absolute paths. */
  contextFiles(image: ImageSpec): Promise<string[]>;
  /** Tells of absolute paths whether they are part of the image's build context, or its Dockerfile; rules read once. */
  imageFiles(image: ImageSpec): (file: string) => boolean;
}

/** A change of one path in a container. */
export type LiveChange =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** Permission bits: 0o644. */
      readonly mode: number;
      readonly content: Uint8Array;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  /** A file, a link, or a folder with all that is in it; one that is not there is no error. */
  | { readonly kind: 'delete'; readonly path: string };

/** What a container has at a path. */
export type LiveDigest =
  | { readonly kind: 'file'; readonly mode: number; readonly sha256: string }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'folder' | 'missing' };

/** The long-lived way into one run of a container. Requests are carried out in the order in which they are made. */
export interface LiveContainer {
  /** What was last given to `setMark` in this run of the container; undefined when nothing was. */
  readonly mark: string | undefined;
  /** Resolves when the container has them all. @throws Fault (usage) that names a path which is not writable */
  apply(changes: readonly LiveChange[]): Promise<void>;
  /** Runs a program in the container. @returns its exit code */
  run(command: readonly string[], onLine: (line: string) => void): Promise<number>;
  /** Starts the container's program anew; resolves when the old one has ended and the new one has been started. */
  restart(): Promise<void>;
  /**
   * Starts the program's next process ahead, up to its first line, so that the next restart is shorter; does nothing
   * where that cannot be done.
   * @param ahead a module in the container that it loads meanwhile
   */
  standBy(ahead: string | undefined): Promise<void>;
  /**
   * Resolves to true when something listens on a port of the container, to false after the timeout or when the program
   * is started anew meanwhile; to undefined where the container cannot tell.
   * @param path what listens also has to answer a GET of it with a status of 200 to 399
   */
  listening(port: number, timeout: number, path?: string): Promise<boolean | undefined>;
  /** Leaves a note in this run of the container, for the next connection. */
  setMark(mark: string): Promise<void>;
  digests(paths: readonly string[]): Promise<readonly LiveDigest[]>;
  /** Resolves when the connection or the container has ended; requests under way are rejected then. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface BundleResult {
  /** The bundle itself first, then its source map; named as the files beside `BundleSpec.to` are. */
  readonly files: readonly { readonly name: string; readonly content: Uint8Array }[];
  /** All files that it was made of, absolute, without those of node_modules. */
  readonly inputs: readonly string[];
  /** The one of the files that loads all packages, and changes with them only. */
  readonly packages?: string;
}

/** Live updates: what is sent, and the way into the containers. */
export interface Live {
  /**
   * Connects to a container that runs.
   * @throws Fault (usage) that says why its image or its chart does not allow it; (outside) when it does not answer
   */
  connect(pod: PodView, container: string, image: string, signal: AbortSignal): Promise<LiveContainer>;
  /**
   * Bundles an entry; a newer call for the same bundle cuts an older one off, which then has the newer one's result.
   * @throws Fault (outside) with esbuild's own words, file and line first
   */
  bundle(bundle: BundleSpec): Promise<BundleResult>;
  /**
   * A file or link of this machine as a change; `delete` when it is not there, undefined for a folder, and for what is
   * reached through a link below the folder `from`.
   */
  read(file: string, target: string, from?: string): Promise<LiveChange | undefined>;
  /** The files and links that a sync step covers now, absolute. */
  list(sync: SyncSpec): Promise<string[]>;
}

/** All outside systems of a loop. */
export interface Outside {
  readonly docker: Docker;
  readonly helm: Helm;
  readonly kubernetes: Kubernetes;
  readonly files: Files;
  readonly live: Live;
}
