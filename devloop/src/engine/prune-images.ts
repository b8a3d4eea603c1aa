import type { Clock } from '../model/clock.ts';
import type { StampedEvent } from '../model/events.ts';
import { imageReference } from '../model/operation.ts';
import type { LoopState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { Outside, StoredImage } from './outside.ts';

/** So many of a service's images stay, besides those that may be needed: going back to an edit of before is quick. */
const keptPerService = 5;
/** Milliseconds without a build, a deploy or an edit after which nobody waits for Docker. */
const quietMs = 10_000;
/** Milliseconds after which what a build left is of a devloop that died over it. */
const leftoverMs = 3_600_000;

const work: ReadonlySet<StampedEvent['type']> = new Set([
  'edit',
  'build.started',
  'build.succeeded',
  'build.failed',
  'build.cancelled',
  'deploy.started',
  'deploy.succeeded',
  'deploy.failed',
]);

/**
 * Removes old images of the project's services once things are quiet after a deploy. What cannot be removed stays, and
 * only the command ledger tells: a container may use it.
 */
export function pruneImages({ docker }: Outside, clock: Clock, store: Store, signal: AbortSignal): void {
  let isWanted = false;
  let cancel: (() => void) | undefined;
  let pruning = new AbortController();

  async function prune(): Promise<void> {
    const state = store.getState();
    if (!state.project || isBusy(state)) return;
    pruning = new AbortController();
    const until = AbortSignal.any([signal, pruning.signal]);
    const repositories = state.project.services.flatMap(({ image }) => (image ? [image.repository] : []));
    const listed = await docker.listImages(repositories, until);
    for (const reference of imagesToRemove(listed, neededImages(state), clock.now())) {
      if (until.aborted) return;
      await docker.removeImage(reference, until);
    }
    if (!until.aborted) isWanted = false;
  }

  const unsubscribe = store.subscribe((event) => {
    if (!work.has(event.type)) return;
    // Something begins, which may want one of them.
    pruning.abort();
    if (event.type === 'deploy.succeeded') isWanted = true;
    if (!isWanted) return;
    cancel?.();
    cancel = clock.after(quietMs, () => void prune().catch(() => {}));
  });
  signal.addEventListener('abort', () => {
    unsubscribe();
    cancel?.();
  });
}

function isBusy({ services, releases }: LoopState): boolean {
  return (
    Object.values(services).some(({ build }) => build.status === 'running') ||
    Object.values(releases).some(({ deploy }) => deploy.status === 'running')
  );
}

/** What is built, deployed or running, and what a rollback may go to; as repository:tag. */
export function neededImages({ services, releases, pods }: LoopState): ReadonlySet<string> {
  const known = Object.values(services).flatMap(({ image, deployed }) => [image, deployed]);
  const greens = Object.values(releases).flatMap((release) => (release.greens ?? []).flatMap(({ images }) => images));
  const running = Object.values(pods).flatMap(({ view }) => view.containers.map(({ image }) => image));
  return new Set([...[...known, ...greens].flatMap((image) => (image ? [imageReference(image)] : [])), ...running]);
}

/**
 * The references of the images that nobody needs any more.
 * @param listed of the project's services
 * @param now epoch milliseconds
 */
export function imagesToRemove(
  listed: readonly StoredImage[],
  needed: ReadonlySet<string>,
  now: number,
): readonly string[] {
  const leftovers = listed.filter(({ isLeftover, createdAt }) => isLeftover && now - createdAt > leftoverMs);
  const services = Map.groupBy(
    listed.filter(({ isLeftover }) => !isLeftover),
    ({ repository }) => repository,
  );
  const old = [...services.values()].flatMap((images) =>
    [...images].sort((one, other) => other.createdAt - one.createdAt).slice(keptPerService),
  );
  return [...leftovers, ...old].map(imageReference).filter((reference) => !needed.has(reference));
}
