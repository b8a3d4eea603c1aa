import type { Problem } from './errors.ts';
import type { LogLine } from './log-line.ts';
import type { BuildStep, BuiltImage, CommandRecord, ForwardView, PodUpdate } from './operation.ts';
import type { KubeEventView, PodView, ProbeResult, WorkloadView } from './pod.ts';
import type { PodUsage } from './pod-usage.ts';
import type { ProjectSpec } from './project.ts';

/** What the header and the JSON stream say of the cluster. */
export interface ClusterView {
  readonly context: string;
  readonly kind: string;
  readonly why: string;
}

/**
 * All that can happen in a loop. Each event goes through one dispatch into one reducer; the dashboard, the plain
 * printer and `--ui json` are views of the same stream. Times inside are epoch milliseconds, durations milliseconds.
 */
export type LoopEvent =
  | { readonly type: 'loop.started'; readonly project: ProjectSpec; readonly cluster: ClusterView }
  | { readonly type: 'loop.stopping'; readonly why: string }
  | { readonly type: 'config.reloaded'; readonly project: ProjectSpec; readonly changed: readonly string[] }
  | { readonly type: 'config.rejected'; readonly problem: Problem }
  | {
      readonly type: 'edit';
      readonly edit: number;
      /** Relative to the project's root, with forward slashes. */
      readonly files: readonly string[];
      /** When the first of the files changed. */
      readonly changedAt: number;
      /** Services whose image the files are part of. */
      readonly services: readonly string[];
      /** Releases whose chart or values the files are part of. */
      readonly releases: readonly string[];
    }
  /** Edits are only collected from now on; told again as more files wait. */
  | { readonly type: 'watch.paused'; readonly files: number }
  /** The files that waited are one edit now. */
  | { readonly type: 'watch.resumed'; readonly files: number }
  /** Changed files wait, as git works on their repository; told again as more do. */
  | { readonly type: 'watch.held'; readonly files: number; readonly why: string }
  /** Git has finished, or is not waited for: the files go on. */
  | { readonly type: 'watch.released' }
  /** A service that is not active is not built, updated or forwarded; its pods stay. */
  | { readonly type: 'service.toggled'; readonly service: string; readonly active: boolean }
  /** The user wants a new image, even though nothing has changed. */
  | { readonly type: 'rebuild.asked'; readonly service: string }
  /** The user wants the release of a service to be what it last was when all of it was green. */
  | { readonly type: 'rollback.asked'; readonly service: string }
  /** Everything of a release is ready with what is deployed now. */
  | { readonly type: 'release.green'; readonly release: string; readonly green: GreenRevision }
  /** A service has turned bad, or good again; nothing is told while it is on its way. */
  | {
      readonly type: 'service.health';
      readonly service: string;
      readonly status: 'ready' | 'failed';
      /** Why it has failed, in a sentence; empty when it is ready. */
      readonly cause: string;
      /** The edit that its pods run. */
      readonly edit: number;
    }
  | {
      readonly type: 'build.started';
      readonly service: string;
      readonly edit: number;
      /** It was asked for, and runs even when the image is there. */
      readonly forced?: boolean;
    }
  | { readonly type: 'build.step'; readonly service: string; readonly step: BuildStep }
  | {
      readonly type: 'build.succeeded';
      readonly service: string;
      readonly image: BuiltImage;
      /** The daemon already had the image of this content: nothing was built. */
      readonly reused: boolean;
      /** Of a build that was asked for: it made the very image that was there before. */
      readonly unchanged?: boolean;
      readonly ms: number;
    }
  | {
      readonly type: 'build.failed';
      readonly service: string;
      readonly edit: number;
      readonly problem: Problem;
      readonly ms: number;
    }
  | { readonly type: 'build.cancelled'; readonly service: string; readonly edit: number }
  /** What an edit changes in the service's containers is being made out. */
  | { readonly type: 'update.started'; readonly service: string; readonly edit: number }
  /** It is known, and goes to every pod of the image. */
  | {
      readonly type: 'update.prepared';
      readonly service: string;
      readonly edit: number;
      /** repository:tag */
      readonly image: string;
      /** How many files of the containers change. */
      readonly files: number;
      readonly ms: number;
    }
  /** The edit takes a new image. */
  | { readonly type: 'update.refused'; readonly service: string; readonly edit: number; readonly why: string }
  /** The edit cannot be made live as it stands; the pods go on with what they have. */
  | { readonly type: 'update.failed'; readonly service: string; readonly edit: number; readonly problem: Problem }
  /** The service's pods cannot be updated live: each edit takes a new image. */
  | { readonly type: 'update.unavailable'; readonly service: string; readonly problem: Problem }
  | {
      readonly type: 'pod.update';
      readonly service: string;
      readonly uid: string;
      readonly pod: string;
      readonly update: PodUpdate;
    }
  | {
      readonly type: 'deploy.started';
      readonly release: string;
      readonly edit: number;
      readonly inputs: string;
      /** It is a rollback to this revision. */
      readonly rollbackTo?: number;
    }
  | {
      readonly type: 'deploy.succeeded';
      readonly release: string;
      readonly revision: number;
      /**
       * How the cluster came to it: by helm; not at all, as the release already was what would have been sent; or by
       * setting the images of its workloads, which the sandbox does when nothing else has changed; or by a rollback.
       */
      readonly by: 'helm' | 'nothing' | 'images' | 'rollback';
      readonly images: readonly DeployedImage[];
      /** Services that a rollback has given an older image, or whose live updates it has taken back. */
      readonly rolledBack?: readonly string[];
      /** A hash of the chart and its values, without the images. */
      readonly chart: string;
      readonly edit: number;
      readonly ms: number;
    }
  | {
      readonly type: 'deploy.failed';
      readonly release: string;
      readonly edit: number;
      readonly problem: Problem;
      readonly ms: number;
    }
  | { readonly type: 'pod.changed'; readonly pod: PodView }
  | { readonly type: 'pod.removed'; readonly uid: string; readonly name: string; readonly service: string }
  | { readonly type: 'workload.changed'; readonly workload: WorkloadView }
  | { readonly type: 'workload.removed'; readonly uid: string; readonly name: string }
  | {
      readonly type: 'container.crashed';
      readonly service: string;
      readonly uid: string;
      readonly pod: string;
      readonly container: string;
      readonly exitCode: number;
      readonly reason: string;
      /** The last lines that the ended container wrote. */
      readonly lines: readonly string[];
    }
  | { readonly type: 'kubernetes.event'; readonly event: KubeEventView }
  | { readonly type: 'probe.result'; readonly result: ProbeResult }
  /** What all pods used, asked every few seconds; nothing is said while it has stayed the same for two minutes. */
  | {
      readonly type: 'pods.stats';
      readonly pods: readonly PodUsage[];
      /** Nodes that tell nothing of their pods, and why, by the node's name. */
      readonly unavailable: Readonly<Record<string, string>>;
    }
  | { readonly type: 'forward.changed'; readonly forward: ForwardView }
  | { readonly type: 'forward.removed'; readonly local: number }
  | { readonly type: 'service.live'; readonly service: string; readonly edit: number; readonly ms: EditTiming }
  | { readonly type: 'command.started'; readonly command: CommandRecord }
  | { readonly type: 'command.ended'; readonly command: CommandRecord }
  | { readonly type: 'cluster.lost'; readonly why: string }
  | { readonly type: 'cluster.connected' }
  | { readonly type: 'notice'; readonly level: 'info' | 'warning'; readonly text: string }
  | { readonly type: 'log'; readonly line: LogLine };

/** The image that a deploy set for a service. */
export interface DeployedImage extends BuiltImage {
  readonly service: string;
}

/** What was deployed while all of a release was ready. */
export interface GreenRevision {
  readonly revision: number;
  readonly images: readonly DeployedImage[];
  /** A hash of the chart and its values, without the images. */
  readonly chart: string;
  readonly edit: number;
}

/** Where the time of one edit went, in milliseconds; the parts add up to `total`. */
export interface EditTiming {
  readonly watch: number;
  readonly build: number;
  readonly deploy: number;
  readonly ready: number;
  readonly total: number;
}

/** An event with the place and time that the dispatch gave it. */
export type StampedEvent = LoopEvent & { readonly seq: number; readonly at: number };
