import { deployEdit, deployInputs } from '../state/deploy-inputs.ts';
import { rollbackTarget } from '../state/rollback-target.ts';
import type { LoopState, ReleaseState, ServiceState } from '../state/state.ts';

export type Operation =
  | {
      readonly kind: 'build';
      readonly service: string;
      readonly edit: number;
      /** Even when the image is there. */
      readonly forced: boolean;
      readonly why: string;
    }
  | { readonly kind: 'update'; readonly service: string; readonly edit: number; readonly why: string }
  | { readonly kind: 'cancel-build'; readonly service: string; readonly why: string }
  | { readonly kind: 'deploy'; readonly release: string; readonly inputs: string; readonly why: string }
  | { readonly kind: 'rollback'; readonly release: string; readonly service: string; readonly why: string };

export interface Wait {
  /** A service or a release. */
  readonly subject: string;
  readonly reason: string;
}

export interface Plan {
  readonly start: readonly Operation[];
  /** Everything that has work to do and does not start now, with the reason. */
  readonly waits: readonly Wait[];
}

/**
 * What to do next, and why the rest waits. A pure function of the state: starting an operation changes the state, so
 * that the next plan no longer asks for it.
 */
export function plan(state: LoopState): Plan {
  const start: Operation[] = [];
  const waits: Wait[] = [];
  if (state.status !== 'running' || !state.project) return { start, waits };
  let slots = state.project.parallelBuilds - runningBuilds(state);
  for (const service of buildable(state)) {
    const { build, buildEdit, edit, name, rebuild = false } = service;
    if (isAsleep(service)) {
      if (build.status === 'running') start.push({ kind: 'cancel-build', service: name, why: 'it is not active' });
      continue;
    }
    if (needsUpdate(service)) {
      if (service.update.status !== 'running') start.push({ kind: 'update', service: name, edit, why: `edit ${edit}` });
      else waits.push({ subject: name, reason: `edit ${service.update.edit} is being looked at` });
    }
    if (build.status === 'running') {
      // Latest wins: what it builds is already old.
      if (build.edit < buildEdit)
        start.push({ kind: 'cancel-build', service: name, why: `edit ${edit} replaces edit ${build.edit}` });
      else if (rebuild) start.push({ kind: 'cancel-build', service: name, why: 'a rebuild was asked for' });
      continue;
    }
    if (!rebuild && attemptedEdit(service) >= buildEdit) continue;
    if (slots > 0) {
      slots -= 1;
      start.push({ kind: 'build', service: name, edit, forced: rebuild, why: whyBuilt(service) });
    } else waits.push({ subject: name, reason: `${state.project.parallelBuilds} builds already run` });
  }
  for (const release of Object.values(state.releases)) {
    const inputs = deployInputs(state, release.name);
    const wait = waitOf(state, release, inputs);
    if (wait) waits.push(wait);
    else if (release.rollback !== undefined && rollbackTarget(state, release.rollback))
      start.push({ kind: 'rollback', release: release.name, service: release.rollback, why: 'it was asked for' });
    else if (inputs !== undefined && !isTried(state, release, inputs)) {
      start.push({
        kind: 'deploy',
        release: release.name,
        inputs,
        why: whyDeployed(release, inputs),
      });
    }
  }
  return { start, waits };
}

const buildable = (state: LoopState): ServiceState[] =>
  Object.values(state.services).filter((service) => service.spec?.image !== undefined);

/** Nothing is done for a service that is not active, but its first image: without it the others cannot be deployed. */
const isAsleep = ({ spec, image }: ServiceState): boolean => spec?.active === false && image !== undefined;

/** Is its newest edit one that a live update has to be tried for: no image has it, none is wanted for it, and it is new? */
function needsUpdate({ image, edit, buildEdit, update }: ServiceState): boolean {
  const seen = update.status === 'idle' ? 0 : update.edit;
  return image !== undefined && edit > Math.max(image.edit, buildEdit, seen);
}

const runningBuilds = (state: LoopState): number =>
  buildable(state).filter((service) => service.build.status === 'running').length;

/** The newest edit that was built or failed to build; -1 when none counts. */
const attemptedEdit = ({ build }: ServiceState): number =>
  build.status === 'idle' || (build.status === 'failed' && build.again) ? -1 : build.edit;

/**
 * A deploy that failed, or whose objects somebody has deleted, is tried once more with the next edit, even when that changes
 * nothing that is sent.
 */
function isTried(state: LoopState, { name, attempted, deploy, gone }: ReleaseState, inputs: string): boolean {
  if (inputs !== attempted) return false;
  if (deploy.status === 'failed' && deploy.again) return false;
  const isInVain = deploy.status === 'failed' || (deploy.status === 'succeeded' && gone !== undefined);
  return !isInVain || deployEdit(state, name) <= deploy.edit;
}

function whyBuilt({ build, edit, rebuild }: ServiceState): string {
  if (rebuild) return 'a rebuild was asked for';
  if (build.status === 'failed' && build.again) return 'the cluster is back';
  return edit === 0 ? 'the start' : `edit ${edit}`;
}

function whyDeployed({ attempted, deploy, gone }: ReleaseState, inputs: string): string {
  if (attempted === undefined) return 'the start';
  if (deploy.status === 'failed' && deploy.again) return 'the cluster is back';
  if (attempted !== inputs) return 'its inputs changed';
  return gone === undefined ? 'the last one failed' : `the workload of ${gone} was deleted`;
}

function waitOf(state: LoopState, release: ReleaseState, inputs: string | undefined): Wait | undefined {
  if (inputs === undefined) {
    const missing = buildable(state).filter((service) => service.spec?.release === release.name && !service.image);
    return { subject: release.name, reason: `no image yet of ${missing.map((service) => service.name).join(', ')}` };
  }
  if (isTried(state, release, inputs) && release.rollback === undefined) return undefined;
  if (release.deploy.status === 'running') {
    return { subject: release.name, reason: 'a helm upgrade runs; it is not cut off' };
  }
  if (release.rollback !== undefined) return undefined;
  const rest = sameEditStillBuilding(state, release);
  if (rest.length > 0) return { subject: release.name, reason: `the same edit also changes ${rest.join(', ')}` };
  return undefined;
}

/** What one save changed is deployed together: services whose part of an edit is not built yet, of those to deploy. */
function sameEditStillBuilding(state: LoopState, release: ReleaseState): string[] {
  const own = buildable(state).filter(({ spec }) => spec?.release === release.name);
  const ready = new Set([
    release.edit,
    ...own.flatMap(({ image, deployed }) => (image && image.tag !== deployed?.tag ? [image.edit] : [])),
  ]);
  return own
    .filter((service) => !isAsleep(service) && service.edit > 0 && ready.has(service.edit))
    .filter((service) => service.build.status === 'running' || attemptedEdit(service) < service.buildEdit)
    .map(({ name }) => name);
}
