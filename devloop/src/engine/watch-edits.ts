import path from 'node:path';
import type { ProjectSpec } from '../model/project.ts';
import type { LoopState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { ChangedFiles, Files } from './outside.ts';

/** Names of services and releases. */
export interface Touched {
  readonly services: readonly string[];
  readonly releases: readonly string[];
}

/** The services and releases that changed files are part of. */
export function touchedBy(project: ProjectSpec, files: Files, changed: readonly string[]): Touched {
  const services = project.services.filter(
    ({ image, active }) => active && image && changed.some(files.imageFiles(image)),
  );
  const releases = project.releases.filter((release) =>
    changed.some(
      (file) => release.values.includes(file) || file === release.chart || file.startsWith(release.chart + path.sep),
    ),
  );
  return { services: services.map((service) => service.name), releases: releases.map((release) => release.name) };
}

/**
 * Turns a batch of changed files into an edit; a batch that touches nothing is none. Files that were only saved again count
 * where they are part of what has failed.
 * @param only the service that alone is concerned, where not all are
 */
export function dispatchEdit(
  store: Store,
  files: Files,
  batch: ChangedFiles & { readonly savedAgain?: readonly string[] },
  only?: string,
): void {
  const state = store.getState();
  const { project, edit } = state;
  if (!project) return;
  const retried = (batch.savedAgain ?? []).filter(
    (file) => !isNone(failedOf(state, touchedBy(project, files, [file]))),
  );
  const again = failedOf(state, touchedBy(project, files, retried));
  const all = touchedBy(project, files, batch.files);
  const touched =
    only === undefined
      ? { services: union(all.services, again.services), releases: union(all.releases, again.releases) }
      : { services: all.services.filter((name) => name === only), releases: [] };
  if (isNone(touched)) return;
  store.dispatch({
    type: 'edit',
    edit: edit + 1,
    files: [...batch.files, ...retried].map((file) => path.relative(project.root, file).split(path.sep).join('/')),
    changedAt: batch.changedAt,
    ...touched,
  });
}

/**
 * What of the touched services and releases has failed at last: a build, a live update, or the deploy of the release. Who
 * saves such a file as it is wants it tried once more: the cause may have been outside, a dead daemon or a full disk.
 */
function failedOf({ project, services, releases }: LoopState, touched: Touched): Touched {
  const hasFailed = (name: string) => [services[name]?.build.status, services[name]?.update.status].includes('failed');
  const deployed = new Set(touched.releases);
  for (const { name, release } of project?.services ?? []) if (touched.services.includes(name)) deployed.add(release);
  return {
    services: touched.services.filter(hasFailed),
    releases: [...deployed].filter((name) => releases[name]?.deploy.status === 'failed'),
  };
}

const isNone = ({ services, releases }: Touched): boolean => services.length === 0 && releases.length === 0;

const union = (one: readonly string[], other: readonly string[]): string[] => [...new Set([...one, ...other])];
