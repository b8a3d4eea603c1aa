import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { problemOf } from '../model/errors.ts';
import type { ProjectSpec, ServiceSpec } from '../model/project.ts';
import type { Store } from '../state/store.ts';

/**
 * Takes a changed configuration over. A bad one is shown, and the loop goes on with the last good one. Resolves to
 * the new project when there is one.
 * @param changedAt when its file was saved
 */
export async function reloadConfig(
  store: Store,
  before: ProjectSpec,
  changedAt: number,
  load: () => Promise<ProjectSpec>,
): Promise<ProjectSpec | undefined> {
  let project: ProjectSpec;
  try {
    project = withActiveOf(before, await load());
  } catch (error) {
    store.dispatch({ type: 'config.rejected', problem: problemOf(error, 'The configuration cannot be used') });
    return undefined;
  }
  if (project.name !== before.name || project.namespace !== before.namespace) {
    const why = 'its name or namespace changed, and a running loop keeps both';
    store.dispatch({
      type: 'config.rejected',
      problem: { title: 'The configuration needs a new start', why, fix: 'Quit, and run devloop up again.' },
    });
    return undefined;
  }
  const { services: old, releases: oldReleases } = before;
  const changed = [...changedNames(old, project.services), ...changedNames(oldReleases, project.releases)];
  store.dispatch({ type: 'config.reloaded', project, changed });
  // Another local port or workload name is nothing to build or to deploy.
  const services = changedNames(old.map(imageOf), project.services.map(imageOf));
  const values = changedNames(old.map(imageValueOf), project.services.map(imageValueOf));
  const carriers = project.services.filter(({ name }) => values.includes(name)).map(({ release }) => release);
  const releases = [...new Set([...changedNames(oldReleases, project.releases), ...carriers])];
  if (services.length > 0 || releases.length > 0) {
    const files = [path.basename(project.configFile)];
    store.dispatch({ type: 'edit', edit: store.getState().edit + 1, files, changedAt, services, releases });
  }
  return project;
}

/** What the user has switched on or off stays so: the command line names services once, keys change that. */
const withActiveOf = (before: ProjectSpec, project: ProjectSpec): ProjectSpec => ({
  ...project,
  services: project.services.map((service) => ({
    ...service,
    active: before.services.find(({ name }) => name === service.name)?.active ?? service.active,
  })),
});

const imageOf = ({ name, image }: ServiceSpec) => ({ name, image });
const imageValueOf = ({ name, imageValue, release }: ServiceSpec) => ({ name, imageValue, release });

function changedNames<T extends { readonly name: string }>(before: readonly T[], after: readonly T[]): string[] {
  return after
    .filter(
      (one) =>
        !isDeepStrictEqual(
          one,
          before.find((known) => known.name === one.name),
        ),
    )
    .map(({ name }) => name);
}
