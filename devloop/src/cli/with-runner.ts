import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sandboxLive } from '../live/sandbox-steps.ts';
import type { ProjectSpec, ServiceSpec } from '../model/project.ts';

/** The version of the runner of live updates: 12 hex digits of a hash of its files. @param folder absolute */
export async function runnerVersion(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort();
  const hash = createHash('sha256');
  for (const name of names) {
    const content = await readFile(path.join(folder, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 12);
}

/**
 * The project as it is on its cluster: a service with live updates has an image with the runner. In the sandbox, whose
 * containers have other paths, a service that cannot be updated live there has neither.
 * @param version of the runner
 */
export function withRunner(project: ProjectSpec, version: string, sandbox: boolean): ProjectSpec {
  const liveOf = (service: ServiceSpec) => (sandbox ? sandboxLive(service) : service.live);
  const services = project.services.map((service): ServiceSpec => {
    const { live: _live, ...rest } = service;
    const live = liveOf(service);
    return live && rest.image ? { ...rest, live, image: { ...rest.image, runner: version } } : rest;
  });
  return { ...project, services };
}
