import { byName } from '../lib/by-name.ts';
import type { Problem } from '../model/errors.ts';
import type { ClusterView, EditTiming, GreenRevision } from '../model/events.ts';
import type { BuildStep, BuiltImage, CommandRecord, ForwardView, PodUpdate } from '../model/operation.ts';
import type { KubeEventView, PodView, ProbeResult, WorkloadView } from '../model/pod.ts';
import type { ProjectSpec, ServiceSpec } from '../model/project.ts';
import { type BuildRun, type EditRun, firstEdit } from './history.ts';
import { noUsage, type UsageState } from './usage.ts';
import type { UsualLatency } from './usual-latency.ts';

/** All times are epoch milliseconds, all durations milliseconds. */
export interface LoopState {
  readonly status: 'starting' | 'running' | 'stopping';
  readonly startedAt?: number;
  readonly project?: ProjectSpec;
  readonly cluster?: ClusterView;
  /** Set while the API server does not answer. */
  readonly clusterLost?: string;
  /** The number of the newest edit; 0 is what was there when the loop began. */
  readonly edit: number;
  /** Set while edits are only collected: so many files wait. */
  readonly paused?: { readonly files: number; readonly since: number };
  /** Set while changed files wait for git, and why. */
  readonly held?: { readonly files: number; readonly why: string };
  readonly services: Readonly<Record<string, ServiceState>>;
  readonly releases: Readonly<Record<string, ReleaseState>>;
  readonly pods: Readonly<Record<string, PodState>>;
  /** What the pods use. */
  readonly usage: UsageState;
  readonly workloads: Readonly<Record<string, WorkloadView>>;
  /** By local port. */
  readonly forwards: Readonly<Record<number, ForwardView>>;
  /** The command ledger, oldest first. */
  readonly commands: readonly CommandRecord[];
  /** Set while the last edit of the configuration could not be used. */
  readonly configProblem?: Problem;
  readonly notices: readonly Notice[];
}

export interface Notice {
  readonly at: number;
  readonly level: 'info' | 'warning';
  readonly text: string;
}

export interface ServiceState {
  readonly name: string;
  /** Not set for a workload of the release that the configuration does not name. */
  readonly spec?: ServiceSpec;
  /** The newest edit that is part of this service. */
  readonly edit: number;
  /** When that edit's first file changed, and when the batch was complete. */
  readonly editChangedAt: number;
  readonly editSeenAt: number;
  /** Files changed since the service was last live, newest last. */
  readonly changed: readonly string[];
  /** The newest edit that takes an image build, and why a live update was not enough. */
  readonly buildEdit: number;
  readonly buildWhy?: string | undefined;
  /** The user has asked for a new image, and its build has not started yet. */
  readonly rebuild?: boolean;
  /** It was rolled back: its files are newer than its image, and stay out of its pods until the next edit. */
  readonly rolledBack?: boolean;
  readonly build: BuildState;
  /** The newest edit that was looked at for a live update. */
  readonly update: UpdateState;
  /** The newest edit that goes to the running pods of an image, where it is newer than the image. */
  readonly updated?: UpdatedPods | undefined;
  /** Why its pods cannot be updated live, where they cannot. */
  readonly liveProblem?: Problem | undefined;
  /** The newest image that was built for it. */
  readonly image?: BuiltImage;
  /** The image that the release was last deployed with. */
  readonly deployed?: BuiltImage;
  readonly deployedAt?: number;
  /** The newest edit that has answered from a ready pod, and whether an image or a live update brought it there. */
  readonly live?: {
    readonly edit: number;
    readonly by: 'image' | 'sync';
    readonly at: number;
    readonly timing: EditTiming;
  };
  readonly health?: ServiceHealth;
  readonly events: readonly KubeEventView[];
  /** The last builds, oldest first. */
  readonly builds: readonly BuildRun[];
  /** The last edits of it and of its release, oldest first. */
  readonly edits: readonly EditRun[];
}

/** What was last told of a service: that it is ready, or that it has failed. */
export type ServiceHealth =
  | {
      readonly status: 'ready';
      readonly since: number;
      readonly edit: number;
      /** The last edit before it that was good for more than a moment. */
      readonly green?: GreenEdit;
      /** When the failure began that it has just left. */
      readonly failedSince?: number;
    }
  | { readonly status: 'failed'; readonly since: number; readonly cause: string; readonly green?: GreenEdit };

/** An edit that was good, and until when. */
export interface GreenEdit {
  readonly edit: number;
  readonly until: number;
}

export type BuildState =
  | { readonly status: 'idle' }
  | {
      readonly status: 'running';
      readonly edit: number;
      readonly changedAt: number;
      readonly seenAt: number;
      readonly startedAt: number;
      readonly steps: readonly BuildStep[];
      /** It was asked for, and runs even when the image is there. */
      readonly forced?: boolean;
      /** The cluster was lost meanwhile, and is back: if it fails, it is tried once more. */
      readonly again?: boolean;
    }
  | {
      readonly status: 'succeeded';
      readonly edit: number;
      readonly endedAt: number;
      readonly ms: number;
      readonly reused: boolean;
      readonly steps: readonly BuildStep[];
    }
  | {
      readonly status: 'failed';
      readonly edit: number;
      readonly endedAt: number;
      readonly ms: number;
      readonly problem: Problem;
      readonly steps: readonly BuildStep[];
      /** The cluster was lost, and is back: it is tried once more. */
      readonly again?: boolean;
    };

export interface ReleaseState {
  readonly name: string;
  /** The newest edit of its chart, values or settings. */
  readonly edit: number;
  readonly deploy: DeployState;
  /** What the last deploy tried to send, whether it worked or not: see `deployInputs`. */
  readonly attempted?: string;
  readonly revision?: number;
  /** A service whose last workload was deleted since the last deploy, by somebody else. */
  readonly gone?: string | undefined;
  /** What was deployed when all of it was ready, newest last; a rollback drops what it leaves. */
  readonly greens?: readonly (GreenRevision & { readonly since: number })[];
  /** The service that a rollback was asked for, until it starts. */
  readonly rollback?: string;
  /** A hash of the chart and values that Helm last accepted. */
  readonly chart?: string;
}

export type UpdateState =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly edit: number; readonly startedAt: number }
  | { readonly status: 'prepared' | 'refused'; readonly edit: number }
  | { readonly status: 'failed'; readonly edit: number; readonly at: number; readonly problem: Problem };

/** A live update on its way into the pods of an image. */
export interface UpdatedPods {
  readonly edit: number;
  /** repository:tag */
  readonly image: string;
  readonly times: {
    readonly changed: number;
    readonly seen: number;
    readonly prepared: number;
    /** When the first pod had it. */
    readonly sent?: number;
  };
}

export type DeployState =
  | { readonly status: 'idle' }
  | {
      readonly status: 'running';
      readonly edit: number;
      readonly startedAt: number;
      /** What it sends: see `deployInputs`. */
      readonly inputs: string;
      /** It is a rollback to this revision. */
      readonly rollbackTo?: number;
      /** The cluster was lost meanwhile, and is back: if it fails, it is tried once more. */
      readonly again?: boolean;
    }
  | {
      readonly status: 'succeeded';
      readonly edit: number;
      readonly endedAt: number;
      readonly ms: number;
      readonly by: 'helm' | 'nothing' | 'images' | 'rollback';
    }
  | {
      readonly status: 'failed';
      readonly edit: number;
      readonly endedAt: number;
      readonly ms: number;
      readonly problem: Problem;
      /** It was a rollback to this revision. */
      readonly rollbackTo?: number;
      /** The cluster was lost, and is back: it is tried once more. */
      readonly again?: boolean;
    };

export interface PodState {
  readonly view: PodView;
  /** Set once it is updated live. */
  readonly update?: PodUpdate;
  /** The newest results, oldest first, of all its probes. */
  readonly probes: readonly ProbeResult[];
  /** How long its probes take when they pass, by their kind. */
  readonly latency?: Readonly<Partial<Record<ProbeResult['kind'], UsualLatency>>>;
  /** When it was Ready for the first time. */
  readonly firstReadyAt?: number | undefined;
  /** The last time a container of it ended badly. */
  readonly crash?: {
    readonly container: string;
    readonly exitCode: number;
    readonly reason: string;
    readonly lines: readonly string[];
    readonly at: number;
  };
}

export const initialState: LoopState = {
  status: 'starting',
  edit: 0,
  services: byName(),
  releases: byName(),
  pods: byName(),
  usage: noUsage,
  workloads: byName(),
  forwards: {},
  commands: [],
  notices: [],
};

const idleService = {
  edit: 0,
  editChangedAt: 0,
  editSeenAt: 0,
  changed: [],
  buildEdit: 0,
  build: { status: 'idle' },
  update: { status: 'idle' },
  events: [],
  builds: [],
} as const;

/** A service about which nothing is known yet. */
export function newService(name: string, at: number, spec?: ServiceSpec): ServiceState {
  // Without an image of ours there is nothing whose start could be told.
  const edits = spec?.image ? [firstEdit(at)] : [];
  return { name, ...idleService, editChangedAt: at, editSeenAt: at, edits, ...(spec && { spec }) };
}
