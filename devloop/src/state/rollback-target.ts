import type { DeployedImage, GreenRevision } from '../model/events.ts';
import { imageReference } from '../model/operation.ts';
import { podsOf } from './of-service.ts';
import type { LoopState, ReleaseState } from './state.ts';

/** Do both put the same into the cluster? The number of the revision says nothing of that: a rollback makes a new one. */
export const isSameContent = (one: Omit<GreenRevision, 'revision'>, other: Omit<GreenRevision, 'revision'>): boolean =>
  contentOf(one) === contentOf(other);

const contentOf = ({ chart, images }: Pick<GreenRevision, 'chart' | 'images'>): string =>
  [chart, ...images.map((image) => `${image.service}=${imageReference(image)}`).sort()].join(' ');

/** What is deployed of a release now; undefined before its first deploy. */
export function deployedNow(state: LoopState, { name, revision, chart }: ReleaseState): GreenRevision | undefined {
  if (revision === undefined) return undefined;
  const images: DeployedImage[] = Object.values(state.services).flatMap(({ name: service, spec, deployed }) =>
    spec?.release === name && deployed ? [{ service, ...deployed }] : [],
  );
  return { revision, images, chart: chart ?? '', edit: Math.max(0, ...images.map((image) => image.edit)) };
}

export interface RollbackTarget {
  readonly release: string;
  readonly green: GreenRevision;
  /** Helm's revision is the right one already: only the live updates of the service are taken back. */
  readonly onlyLive: boolean;
}

/**
 * Where a rollback of a service goes: where live updates have changed its pods since, to the image that they started
 * from; else to the newest revision in which everything of its release was ready, before the one that is deployed.
 * Undefined when this run of devloop has seen none.
 */
export function rollbackTarget(state: LoopState, name: string): RollbackTarget | undefined {
  const service = state.services[name];
  const release = state.releases[service?.spec?.release ?? ''];
  if (!service || !release) return undefined;
  const greens = release.greens ?? [];
  const now = deployedNow(state, release);
  const present = now ? greens.findIndex((green) => isSameContent(green, now)) : -1;
  const isIntact = release.deploy.status !== 'failed';
  const green = greens[present];
  if (green && (hasLiveUpdates(state, name) || !isIntact)) return { release: release.name, green, onlyLive: isIntact };
  const before = present < 0 ? greens.at(-1) : greens[present - 1];
  return before && { release: release.name, green: before, onlyLive: false };
}

/** Do its pods run, or wait for, more than their image has? */
export function hasLiveUpdates(state: LoopState, name: string): boolean {
  const service = state.services[name];
  if (service?.updated) return true;
  const image = service?.deployed?.edit ?? 0;
  return podsOf(state, name).some(({ update }) => update !== undefined && update.edit > image);
}
