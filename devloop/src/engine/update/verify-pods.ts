import path from 'node:path';
import { outsideFault, type Problem, problemOf } from '../../model/errors.ts';
import type { PodView } from '../../model/pod.ts';
import type { ServiceSpec } from '../../model/project.ts';
import type { LiveChange, LiveContainer, LiveDigest, Outside } from '../outside.ts';
import { coverageOf } from './coverage.ts';
import { readMark } from './mark.ts';
import type { ChangeSource } from './overlay.ts';
import { bundledFile, makeBundle } from './prepare-update.ts';
import { hasContent, loadChange } from './send-changes.ts';

/** How a path in a container is not as it would be sent from this machine. */
export interface Difference {
  readonly path: string;
  readonly how: 'missing' | 'another kind of file' | 'other content' | 'other mode' | 'other link target';
}

/** What was found in one pod: how many files were compared and which of them differ, or why it could not be looked at. */
export type PodCheck = { readonly pod: string } & (
  | { readonly compared: number; readonly differences: readonly Difference[] }
  | { readonly problem: Problem }
);

type Needs = Pick<Outside, 'live' | 'files'>;
/** By the paths in the container. */
type Sources = ReadonlyMap<string, ChangeSource>;

/** So many files are read at once: their content is in memory meanwhile. */
const batchSize = 100;

/**
 * Compares what the containers of a service have with what live updates would send of this machine's files now. A
 * container that no bundle was sent to runs the image's own program: only its synced files are compared. Files that only
 * the container has are not seen.
 * @param root of the project
 * @param pods those to look at; not more than one connection is opened into each, beside those of others
 */
export async function verifyPods(
  { live, files }: Needs,
  service: ServiceSpec,
  root: string,
  pods: readonly PodView[],
  signal: AbortSignal,
): Promise<PodCheck[]> {
  const synced = await syncedFiles({ live, files }, service, root);
  let bundle: Promise<Sources> | undefined;
  const bundled = () => {
    bundle ??= bundledFiles(live, service);
    return bundle;
  };
  return Promise.all(pods.map(check));

  async function check(pod: PodView): Promise<PodCheck> {
    let container: LiveContainer | undefined;
    try {
      container = await connect(pod);
      const isBundled = container.mark !== undefined && readMark(container.mark).isBundled;
      const sources = isBundled ? new Map([...synced, ...(await bundled())]) : synced;
      return { pod: pod.name, ...(await compare(live, container, sources)) };
    } catch (error) {
      signal.throwIfAborted();
      return { pod: pod.name, problem: problemOf(error, `Pod ${pod.name} cannot be verified`) };
    } finally {
      container?.close();
    }
  }

  function connect(pod: PodView): Promise<LiveContainer> {
    const prefix = `${service.image?.repository}:`;
    const found = pod.containers.find(({ init, image }) => !init && image.startsWith(prefix));
    if (found?.state === 'running') return live.connect(pod, found.name, found.image, signal);
    const why = found
      ? `its container is ${found.reason ?? found.state}`
      : 'it has no container of an image of devloop';
    throw outsideFault({ title: `Pod ${pod.name} cannot be verified`, why });
  }
}

async function syncedFiles({ live, files }: Needs, service: ServiceSpec, root: string): Promise<Sources> {
  const { image } = service;
  if (!service.live || !image) return new Map();
  // An edit of these takes an image, and whether that has them their own rules say.
  const own = [image.dockerfile, `${image.dockerfile}.dockerignore`, path.join(image.context, '.dockerignore')];
  const isInImage = files.imageFiles(image);
  const listed = (await Promise.all(service.live.sync.map((step) => live.list(step)))).flat();
  const sent = [...new Set(listed)].filter((file) => isInImage(file) && !own.includes(file));
  const { synced } = coverageOf(service, service.live, root, sent);
  return new Map(synced.map(({ file, target, from }) => [target, { file, from }]));
}

async function bundledFiles(live: Needs['live'], service: ServiceSpec): Promise<Sources> {
  const spec = service.live?.bundle;
  const made = spec ? await makeBundle(live, spec, { sent: new Map() }) : new Map<string, Uint8Array>();
  return new Map([...made].map(bundledFile).map(({ target, source }) => [target, source]));
}

async function compare(live: Needs['live'], container: LiveContainer, sources: Sources) {
  const differences: Difference[] = [];
  const all = [...sources].map(([target, source]) => ({ target, source }));
  for (let start = 0; start < all.length; start += batchSize) {
    const batch = all.slice(start, start + batchSize);
    const [digests, changes] = await Promise.all([
      container.digests(batch.map(({ target }) => target)),
      Promise.all(batch.map((one) => loadChange(live, one))),
    ]);
    for (const [index, change] of changes.entries()) {
      const how = change && differenceOf(change, digests[index] ?? { kind: 'missing' });
      if (how) differences.push({ path: change.path, how });
    }
  }
  return { compared: all.length, differences };
}

function differenceOf(change: LiveChange, digest: LiveDigest): Difference['how'] | undefined {
  // It was deleted here after it had been listed.
  if (change.kind === 'delete') return undefined;
  if (digest.kind === 'missing') return 'missing';
  if (change.kind === 'link') {
    if (digest.kind !== 'link') return 'another kind of file';
    return digest.target === change.target ? undefined : 'other link target';
  }
  if (digest.kind !== 'file') return 'another kind of file';
  if (!hasContent(digest, change.content)) return 'other content';
  return (digest.mode & 0o777) === change.mode ? undefined : 'other mode';
}
