import { existsSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../lib/nearest.ts';
import { usageFault } from '../model/errors.ts';
import { rebound } from '../model/keymap/key-choice.ts';
import type { ProjectSpec, ReleaseSpec, ServiceSpec } from '../model/project.ts';
import type { Config, Release, Service } from './define.ts';
import type { LoadedConfig } from './load.ts';
import { missing } from './missing.ts';
import { resolveImage } from './resolve-image.ts';
import { resolveLive } from './resolve-live.ts';
import { checkValuePath } from './value-path.ts';

/**
 * The project that a configuration describes: paths absolute, defaults filled in, and everything that it names on
 * this machine there.
 * @param namespace what `--namespace` says
 * @throws Fault (usage) when a file is missing or the parts do not fit each other
 */
export function resolveProject({ config, file, inputs }: LoadedConfig, namespace?: string): ProjectSpec {
  const root = path.dirname(file);
  const releases = Object.entries(config.releases ?? { [config.name]: config.release as Release }).map(
    ([key, release]) => resolveRelease(root, key, release),
  );
  const services = Object.entries(config.services).map(([name, service]) =>
    resolveService(config, root, name, service, releaseOf(config, name, service, releases)),
  );
  checkPorts(services);
  return {
    name: config.name,
    root,
    configFile: file,
    configInputs: inputs,
    namespace: namespace ?? config.namespace ?? config.name,
    services,
    releases,
    allowContexts: config.allowContexts ?? [],
    secretEnv: config.secretEnv ?? [],
    parallelBuilds: config.parallelBuilds ?? 2,
    watch: { rest: config.watch?.rest ?? 15, max: config.watch?.max ?? 500 },
    ui: {
      ...(config.ui?.keys && { keymap: rebound(config.ui.keys) }),
      notify: config.ui?.notify ?? 'off',
      mouse: config.ui?.mouse ?? false,
    },
  };
}

/**
 * The project as far as the named services need it: their releases, with all that these carry. No names: all of it.
 * @throws Fault (usage) for a name that the configuration does not have
 */
export function selectServices(project: ProjectSpec, names: readonly string[]): ProjectSpec {
  if (names.length === 0) return project;
  const known = project.services.map((service) => service.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, known);
    throw usageFault({
      title: `No service ${unknown}`,
      why: `the configuration has ${known.join(', ')}`,
      fix: meant ? `Did you mean ${meant}?` : 'Name one of these, or none for all.',
    });
  }
  const wanted = new Set(project.services.filter(({ name }) => names.includes(name)).map(({ release }) => release));
  return {
    ...project,
    releases: project.releases.filter((release) => wanted.has(release.name)),
    services: project.services
      .filter((service) => wanted.has(service.release))
      .map((service) => ({ ...service, active: names.includes(service.name) })),
  };
}

function resolveRelease(root: string, key: string, release: Release): ReleaseSpec {
  const chart = path.resolve(root, release.chart);
  if (!existsSync(path.join(chart, 'Chart.yaml'))) {
    throw missing(root, `The chart of release ${key}`, path.join(chart, 'Chart.yaml'), 'release.chart');
  }
  const values = (release.values ?? []).map((name) => path.resolve(root, name));
  for (const name of values) {
    if (!existsSync(name)) throw missing(root, `A values file of release ${key}`, name, 'release.values');
  }
  return { name: release.name ?? key, chart, values, set: release.set ?? {} };
}

function releaseOf(config: Config, name: string, service: Service, releases: readonly ReleaseSpec[]): ReleaseSpec {
  const keys = Object.keys(config.releases ?? { [config.name]: config.release });
  const index = service.release === undefined && keys.length === 1 ? 0 : keys.indexOf(service.release ?? '');
  const found = releases[index];
  if (found) return found;
  throw usageFault({
    title: `Service ${name} has no release`,
    why: service.release ? `there is no release ${service.release}` : `there are several: ${keys.join(', ')}`,
    fix: `Set services.${name}.release to one of ${keys.join(', ')}.`,
  });
}

function resolveService(
  config: Config,
  root: string,
  name: string,
  service: Service,
  release: ReleaseSpec,
): ServiceSpec {
  const image = service.image && resolveImage(config.name, root, name, service.image, service.sandbox);
  return {
    name,
    release: release.name,
    active: true,
    ports: service.ports ?? [],
    ...(image && { image }),
    ...(service.image && service.values && { imageValue: imageValue(root, name, service.values.image, release) }),
    ...(service.workload && { workload: service.workload }),
    ...(image && service.live && { live: resolveLive(root, name, image, service.live) }),
  };
}

const imageValue = (root: string, service: string, valuePath: string, release: ReleaseSpec) => ({
  path: valuePath,
  shape: checkValuePath(root, service, valuePath, release),
});

function checkPorts(services: readonly ServiceSpec[]): void {
  const taken = new Map<number, string>();
  for (const service of services) {
    for (const { local } of service.ports) {
      const other = taken.get(local);
      if (other) {
        throw usageFault({
          title: `Port ${local} is given twice`,
          why: `both ${other} and ${service.name} forward local port ${local}`,
          fix: `Give services.${service.name}.ports another local port.`,
        });
      }
      taken.set(local, service.name);
    }
  }
}
