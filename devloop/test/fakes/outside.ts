import type {
  BuildReport,
  ChangedFiles,
  Files,
  Helm,
  HelmOwner,
  HelmRelease,
  HelmUpgrade,
  Outside,
  StoredImage,
  WatchHandlers,
} from '../../src/engine/outside.ts';
import type { ImageSpec, ProjectSpec } from '../../src/model/project.ts';
import { createFakeKubernetes, type FakeKubernetes } from './kubernetes.ts';
import { createFakeLive, type FakeLive } from './live.ts';
import { createGate, type Gate } from './ticks.ts';

/** A build that runs until the test ends it. */
export interface FakeBuild {
  readonly image: ImageSpec;
  readonly tag: string;
  readonly report: BuildReport;
  readonly signal: AbortSignal;
  readonly gate: Gate<void>;
}

/** A helm upgrade that runs until the test ends it. */
export interface FakeUpgrade {
  readonly upgrade: HelmUpgrade;
  readonly signal: AbortSignal;
  readonly gate: Gate<HelmRelease>;
}

/** A helm rollback that runs until the test ends it. */
export interface FakeRollback {
  readonly release: string;
  readonly revision: number;
  readonly signal: AbortSignal;
  readonly gate: Gate<HelmRelease>;
}

export interface FakeOutside extends Outside {
  readonly kubernetes: FakeKubernetes;
  readonly live: FakeLive;
  /** References in the daemon. */
  readonly images: Set<string>;
  readonly builds: FakeBuild[];
  readonly upgrades: FakeUpgrade[];
  readonly rollbacks: FakeRollback[];
  /** What docker says of an image's content, by reference. */
  readonly imageIds: Map<string, string>;
  /** The tag of each image's present content, by repository; `content` where none is set. */
  readonly tags: Map<string, string>;
  /** What helm history says, by release. */
  readonly history: Map<string, HelmRelease>;
  /** All revisions, by release, where a test needs more than the newest. */
  readonly revisions: Map<string, HelmRelease[]>;
  /** Whose an unfinished revision is, asked again and again: the last one stays. */
  readonly owners: HelmOwner[];
  /** What docker lists, of any repository. */
  readonly stored: StoredImage[];
  /** Every question to docker and helm, in order. */
  readonly asked: string[];
  readonly watches: {
    readonly project: ProjectSpec;
    readonly onBatch: (batch: ChangedFiles) => void;
    readonly handlers: WatchHandlers;
    readonly signal: AbortSignal;
  }[];
  /** Files that were only touched. */
  readonly unchanged: Set<string>;
  /** A helm that goes on after it was interrupted, until the test ends it. */
  readonly slow: { helm: boolean };
  /** The hash of every chart. */
  readonly chart: { hash: string };
}

/** Everything outside, in memory: builds and upgrades stand still until the test lets them go on. */
export function createFakeOutside(): FakeOutside {
  const images = new Set<string>();
  const builds: FakeBuild[] = [];
  const upgrades: FakeUpgrade[] = [];
  const rollbacks: FakeRollback[] = [];
  const imageIds = new Map<string, string>();
  const tags = new Map<string, string>();
  const history = new Map<string, HelmRelease>();
  const revisions = new Map<string, HelmRelease[]>();
  const owners: HelmOwner[] = [];
  const stored: StoredImage[] = [];
  const asked: string[] = [];
  const watches: FakeOutside['watches'] = [];
  const unchanged = new Set<string>();
  const slow = { helm: false };
  const docker = {
    hasImage: async (reference: string) => {
      asked.push(`hasImage ${reference}`);
      return images.has(reference);
    },
    build: async (image: ImageSpec, tag: string, report: BuildReport, signal: AbortSignal) => {
      const gate = createGate();
      builds.push({ image, tag, report, signal, gate });
      signal.addEventListener('abort', () => gate.fail(signal.reason));
      await gate.promise;
      images.add(`${image.repository}:${tag}`);
    },
    imageId: async (reference: string) => imageIds.get(reference),
    runnerOf: async () => ({ kind: 'node' as const }),
    listImages: async (repositories: readonly string[]) => {
      asked.push(`list ${repositories.join(' ')}`);
      return stored.filter(({ repository }) => repositories.includes(repository));
    },
    removeImage: async (reference: string) => {
      asked.push(`remove ${reference}`);
      return true;
    },
  };
  const helm: Helm = {
    latest: async (release) => {
      asked.push(`history ${release}`);
      return history.get(release);
    },
    history: async (release) => {
      const latest = history.get(release);
      return revisions.get(release) ?? (latest ? [latest] : []);
    },
    ownerOf: async () => (owners.length > 1 ? owners.shift() : owners[0]) ?? { by: 'somebody else' },
    upgrade: (upgrade, signal) => {
      const gate = createGate<HelmRelease>();
      upgrades.push({ upgrade, signal, gate });
      signal.addEventListener('abort', () => slow.helm || gate.fail(signal.reason));
      return gate.promise;
    },
    rollback: (release, _namespace, revision, signal) => {
      const gate = createGate<HelmRelease>();
      rollbacks.push({ release, revision, signal, gate });
      signal.addEventListener('abort', () => gate.fail(signal.reason));
      return gate.promise;
    },
    manifest: async (release) => {
      asked.push(`manifest ${release}`);
      return 'manifest';
    },
    template: async () => 'template',
    uninstall: async (release) => {
      asked.push(`uninstall ${release}`);
      return history.delete(release);
    },
  };
  const chart = { hash: 'chart' };
  const files: Files = {
    imageTag: async (image) => tags.get(image.repository) ?? 'content',
    chartHash: async () => chart.hash,
    watch: async (project, handlers, signal) => {
      watches.push({ project, onBatch: handlers.batch, handlers, signal });
    },
    takeChanged: async (saved) => ({
      changed: saved.filter((file) => !unchanged.has(file)),
      savedAgain: saved.filter((file) => unchanged.has(file)),
    }),
    contextFiles: async (image) => [image.dockerfile],
    imageFiles: (image) => (file) => file === image.dockerfile || file.startsWith(`${image.context}/`),
  };
  const kubernetes = createFakeKubernetes();
  const live = createFakeLive();
  return {
    docker,
    helm,
    kubernetes,
    live,
    files,
    images,
    builds,
    upgrades,
    rollbacks,
    imageIds,
    tags,
    history,
    revisions,
    owners,
    stored,
    asked,
    watches,
    unchanged,
    slow,
    chart,
  };
}
