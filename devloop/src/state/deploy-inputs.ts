import { remember } from '../lib/remember.ts';
import type { LoopState, ReleaseState } from './state.ts';

/**
 * What a deploy of the release would send now, as one comparable text: the edit of its chart and values, and the
 * image of each of its services. Undefined while an image is still missing.
 */
export const deployInputs = (state: LoopState, release: string): string | undefined => inputsOf(state).get(release);

/** Of all releases: each service's summary asks. */
const inputsOf = remember(
  (state: LoopState) => new Map(Object.keys(state.releases).map((release) => [release, makeInputs(state, release)])),
);

function makeInputs(state: LoopState, release: string): string | undefined {
  const own = state.releases[release];
  if (!own) return undefined;
  const images: string[] = [];
  for (const service of Object.values(state.services)) {
    if (service.spec?.release !== release || !service.spec.image) continue;
    if (!service.image) return undefined;
    images.push(`${service.name}=${service.image.repository}:${service.image.tag}`);
  }
  // Sorted: the order of the services in the configuration is nothing that helm sees.
  return [chartInput(own), ...images.sort()].join(' ');
}

/** The newest edit that a deploy of the release now is for; the pods that it makes get the live updates since their image. */
export function deployEdit(state: LoopState, name: string): number {
  const own = Object.values(state.services).filter(({ spec, image }) => spec?.release === name && image !== undefined);
  const edits = own.map(({ image, update }) =>
    Math.max(image?.edit ?? 0, update.status === 'prepared' ? update.edit : 0),
  );
  return Math.max(state.releases[name]?.edit ?? 0, ...edits);
}

/** The part of it that is the release's own. */
export const chartInput = ({ edit }: Pick<ReleaseState, 'edit'>): string => `chart@${edit}`;
