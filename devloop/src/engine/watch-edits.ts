import path from 'node:path';
import type { ProjectSpec } from '../model/project.ts';
import type { Store } from '../state/store.ts';
import type { ChangedFiles, Files } from './outside.ts';

/** The services and releases that changed files are part of. */
export function touchedBy(project: ProjectSpec, files: Files, changed: readonly string[]) {
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
 * Turns a batch of changed files into an edit; a batch that touches nothing is none.
 * @param only the service that alone is concerned, where not all are
 */
export function dispatchEdit(store: Store, files: Files, batch: ChangedFiles, only?: string): void {
  const { project, edit } = store.getState();
  if (!project) return;
  const all = touchedBy(project, files, batch.files);
  const touched = only === undefined ? all : { services: all.services.filter((name) => name === only), releases: [] };
  if (touched.services.length === 0 && touched.releases.length === 0) return;
  store.dispatch({
    type: 'edit',
    edit: edit + 1,
    files: batch.files.map((file) => path.relative(project.root, file).split(path.sep).join('/')),
    changedAt: batch.changedAt,
    ...touched,
  });
}
