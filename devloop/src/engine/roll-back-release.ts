import { byName } from '../lib/by-name.ts';
import { isoTime } from '../lib/time-text.ts';
import type { Clock } from '../model/clock.ts';
import { outsideFault, problemOf } from '../model/errors.ts';
import type { DeployedImage } from '../model/events.ts';
import { imageReference } from '../model/operation.ts';
import { deployInputs } from '../state/deploy-inputs.ts';
import { containersOf } from '../state/image-changes.ts';
import { podsOf, workloadsOf } from '../state/of-service.ts';
import { hasLiveUpdates, type RollbackTarget, rollbackTarget } from '../state/rollback-target.ts';
import { runsImage } from '../state/service-pods.ts';
import type { LoopState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { healRelease, isUnfinished } from './heal-release.ts';
import type { Outside } from './outside.ts';
import type { LiveUpdates } from './update/live-updates.ts';

/**
 * Brings a service's release back to where everything of it was ready, and reports by events. What is on the disk stays
 * as it is: it is deployed with the next edit, not before.
 */
export async function rollBackRelease(
  outside: Outside,
  clock: Clock,
  store: Store,
  live: Pick<LiveUpdates, 'takeBack'>,
  service: string,
  signal: AbortSignal,
): Promise<void> {
  const before = store.getState();
  const target = rollbackTarget(before, service);
  const started = clock.now();
  const ms = () => clock.now() - started;
  if (!before.project || !target) return;
  const { release, green } = target;
  const { namespace } = before.project;
  const images = green.images.map((image) => ({
    ...image,
    times: { changed: started, seen: started, built: started },
  }));
  const changed = changedServices(before, target, service);
  const inputs = deployInputs(withImages(before, images), release) ?? '';
  const { edit } = before;
  store.dispatch({ type: 'deploy.started', release, edit, inputs, rollbackTo: green.revision });
  try {
    await requireImages(outside, changed, signal);
    const byHelm = needsHelm(before, target);
    if (byHelm && before.releases[release]?.deploy.status === 'failed')
      await freeRelease(outside, clock, store, release, signal);
    const { revision } = byHelm ? await outside.helm.rollback(release, namespace, green.revision, signal) : green;
    signal.throwIfAborted();
    // An image that was built meanwhile is nothing to take back: it is deployed next.
    const now = store.getState();
    const rolledBack = changed
      .map((image) => image.service)
      .filter((name) => now.services[name]?.image === before.services[name]?.image);
    for (const image of changed) if (rolledBack.includes(image.service)) live.takeBack(image.service, image);
    const { chart } = green;
    const outcome = { revision, by: 'rollback', images, rolledBack, chart, edit: green.edit, ms: ms() } as const;
    const restarts = changed.filter((image) => runsMore(before, image));
    // In the sandbox, edits set images beside Helm, which knows of the first ones only.
    if (before.cluster?.kind === 'sandbox')
      await setImages(outside, namespace, before, byHelm ? images : changed, signal);
    store.dispatch({ type: 'deploy.succeeded', release, ...outcome });
    await restart(outside, namespace, before, restarts, isoTime(clock.now()), signal);
  } catch (error) {
    const problem = problemOf(error, `The rollback of ${release} failed`);
    store.dispatch({ type: 'deploy.failed', release, edit, problem, ms: ms() });
  }
}

/** Helm would roll back under the hands of somebody else's helm too. */
async function freeRelease({ helm }: Outside, clock: Clock, store: Store, release: string, signal: AbortSignal) {
  const { cluster, project } = store.getState();
  const namespace = project?.namespace ?? '';
  const latest = await helm.latest(release, namespace, signal);
  if (!latest || !isUnfinished(latest)) return;
  const parts = { helm, clock, dispatch: store.dispatch, context: cluster?.context ?? '' };
  await healRelease(parts, release, namespace, latest, signal);
}

/** The images that differ from what is deployed, and that of the service itself where it has live updates. */
function changedServices(state: LoopState, { green, onlyLive }: RollbackTarget, asked: string): DeployedImage[] {
  return green.images.filter(({ service, tag }) => {
    const { image, deployed } = state.services[service] ?? {};
    return service === asked || (!onlyLive && (image?.tag !== tag || deployed?.tag !== tag));
  });
}

/** Helm has nothing to do where only live updates, or in the sandbox only images, have changed since. */
function needsHelm(state: LoopState, { release, green, onlyLive }: RollbackTarget): boolean {
  const known = state.releases[release];
  return !onlyLive && (known?.revision !== green.revision || known.deploy.status === 'failed');
}

async function requireImages(
  { docker }: Pick<Outside, 'docker'>,
  images: readonly DeployedImage[],
  signal: AbortSignal,
): Promise<void> {
  for (const image of images) {
    if (await docker.hasImage(imageReference(image), signal)) continue;
    throw outsideFault({
      title: `${image.service} cannot be rolled back`,
      why: `its image ${imageReference(image)} is gone`,
      fix: 'Take the change back in your files, and save: they are built again.',
    });
  }
}

/**
 * Are there pods of the image that have got later edits too, or had them until they crashed? Kubernetes makes those wait
 * for minutes. Others are replaced by what sets the image.
 */
const runsMore = (state: LoopState, image: DeployedImage): boolean =>
  hasLiveUpdates(state, image.service) && podsOf(state, image.service).some((pod) => runsImage(pod, image));

async function setImages(
  { kubernetes }: Outside,
  namespace: string,
  state: LoopState,
  images: readonly DeployedImage[],
  signal: AbortSignal,
): Promise<void> {
  for (const image of images) {
    const containers = containersOf(state, image.service);
    for (const workload of containers.length > 0 ? workloadsOf(state, image.service) : [])
      await kubernetes.setImage(namespace, workload, containers, imageReference(image), signal);
  }
}

/** Containers that live updates have changed run their image again once they are started anew. */
async function restart(
  { kubernetes }: Outside,
  namespace: string,
  state: LoopState,
  images: readonly DeployedImage[],
  at: string,
  signal: AbortSignal,
): Promise<void> {
  for (const { service } of images)
    for (const workload of workloadsOf(state, service)) await kubernetes.restart(namespace, workload, at, signal);
}

function withImages(state: LoopState, images: readonly DeployedImage[]): LoopState {
  const services = byName(state.services);
  for (const { service: name, ...image } of images) {
    const service = services[name];
    if (service) services[name] = { ...service, image };
  }
  return { ...state, services };
}
