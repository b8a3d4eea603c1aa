import { createHash } from 'node:crypto';
import { byName } from '../lib/by-name.ts';
import type { Clock } from '../model/clock.ts';
import { problemOf } from '../model/errors.ts';
import type { DeployedImage } from '../model/events.ts';
import { imageReference } from '../model/operation.ts';
import type { WorkloadView } from '../model/pod.ts';
import type { ProjectSpec, ReleaseSpec } from '../model/project.ts';
import { deployEdit } from '../state/deploy-inputs.ts';
import { containersOf, imageChanges } from '../state/image-changes.ts';
import { workloadsOf } from '../state/of-service.ts';
import type { LoopState, ServiceState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { healRelease, isUnfinished } from './heal-release.ts';
import type { HelmRelease, HelmUpgrade, Outside } from './outside.ts';

/**
 * Brings a release to what the state asks for, and reports by events. Helm is not run when the deployed revision
 * was made from the same chart, values and images, and all its objects are still there; nor in the sandbox when only
 * images have changed. A release that a helm of ours has left unfinished is freed before.
 */
export async function deployRelease(
  outside: Outside,
  clock: Clock,
  store: Store,
  name: string,
  inputs: string,
  signal: AbortSignal,
): Promise<void> {
  const state = store.getState();
  const release = state.project?.releases.find((known) => known.name === name);
  if (!state.project || !release) return;
  const started = clock.now();
  const images = imagesOf(state, name);
  const edit = deployEdit(state, name);
  const { namespace } = state.project;
  const known = state.releases[name]?.revision;
  const { deploy, gone } = state.releases[name] ?? {};
  /** It may not be what it was when it was deployed last. */
  const isUnsure = known === undefined || deploy?.status === 'failed' || gone !== undefined;
  const changes = imageChanges(state, name);
  store.dispatch({ type: 'deploy.started', release: name, edit, inputs });
  try {
    const { chart, ...asked } = await upgradeOf(outside, state.project, release, images);
    const upgrade = { ...asked, checked: state.releases[name]?.chart === chart };
    const { revision, by } = await bringTo(upgrade);
    store.dispatch({
      type: 'deploy.succeeded',
      release: name,
      revision,
      by,
      images,
      chart,
      edit,
      ms: clock.now() - started,
    });
  } catch (error) {
    const problem = problemOf(error, `The deploy of ${name} failed`);
    store.dispatch({ type: 'deploy.failed', release: name, edit, problem, ms: clock.now() - started });
  }

  async function bringTo(upgrade: HelmUpgrade): Promise<{ revision: number; by: 'helm' | 'nothing' | 'images' }> {
    const parts = { helm: outside.helm, clock, dispatch: store.dispatch, context: state.cluster?.context ?? '' };
    if (changes && known !== undefined && gone === undefined) {
      await Promise.all(changes.map((service) => setImage(outside, namespace, state, service, signal)));
      return { revision: known, by: 'images' };
    }
    const latest = isUnsure ? await outside.helm.latest(name, namespace, signal) : undefined;
    let newest = isUnsure ? latest?.revision : known;
    if (latest && isUnfinished(latest)) newest = (await healRelease(parts, name, namespace, latest, signal))?.revision;
    else if (latest && known === undefined && (await isUnchanged(outside, upgrade, latest, signal))) {
      return { revision: latest.revision, by: 'nothing' };
    }
    signal.throwIfAborted();
    // Who has deleted what was deployed may have deleted the whole of it.
    if (known !== undefined && isUnsure) await outside.kubernetes.ensureNamespace(namespace, signal);
    return { revision: (await outside.helm.upgrade({ ...upgrade, after: newest ?? 0 }, signal)).revision, by: 'helm' };
  }
}

async function setImage(
  { kubernetes }: Outside,
  namespace: string,
  state: LoopState,
  { name, image }: ServiceState,
  signal: AbortSignal,
): Promise<void> {
  if (!image) return;
  const containers = containersOf(state, name);
  const set = (workload: WorkloadView) =>
    kubernetes.setImage(namespace, workload, containers, imageReference(image), signal);
  await Promise.all(workloadsOf(state, name).map(set));
}

function imagesOf(state: LoopState, release: string): DeployedImage[] {
  return Object.values(state.services).flatMap(({ name, spec, image }) =>
    spec?.release === release && image ? [{ service: name, ...image }] : [],
  );
}

/** What helm would be called with; its description carries a hash of all of it, `chart` one of all but the images. */
export async function upgradeOf(
  outside: Pick<Outside, 'files'>,
  project: ProjectSpec,
  release: ReleaseSpec,
  images: readonly DeployedImage[],
): Promise<HelmUpgrade & { readonly chart: string }> {
  const set = imageValues(project, images);
  const chart = hashOf([release.name, await outside.files.chartHash(release), Object.entries(release.set).sort()]);
  const description = `devloop inputs ${hashOf([chart, Object.entries(set).sort()])}`;
  return { release, namespace: project.namespace, set, description, checked: false, chart };
}

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

function imageValues(project: ProjectSpec, images: readonly DeployedImage[]): Record<string, string> {
  const set = byName<string>();
  for (const { service, repository, tag } of images) {
    const value = project.services.find((known) => known.name === service)?.imageValue;
    if (value?.shape === 'map') {
      set[`${value.path}.repository`] = repository;
      set[`${value.path}.tag`] = tag;
    } else if (value) set[value.path] = `${repository}:${tag}`;
  }
  return set;
}

async function isUnchanged(
  outside: Outside,
  { release, namespace, description }: HelmUpgrade,
  latest: HelmRelease,
  signal: AbortSignal,
): Promise<boolean> {
  if (latest.status !== 'deployed' || latest.description !== description) return false;
  const manifest = await outside.helm.manifest(release.name, namespace, signal);
  const { missing } = await outside.kubernetes.findObjects(manifest, namespace);
  return missing.length === 0;
}
