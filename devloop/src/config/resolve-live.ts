import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ImageSpec, LiveSpec } from '../model/project.ts';
import type { LiveUpdate } from './define.ts';
import { requireInContext } from './in-context.ts';
import { missing } from './missing.ts';

/** What says which packages an image has. */
const packageFiles = ['package.json', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml'];

/**
 * How edits get into the running containers of a service.
 * @throws Fault (usage) when a file that it names is missing, or is not part of the image
 */
export function resolveLive(root: string, service: string, image: ImageSpec, live: LiveUpdate): LiveSpec {
  const fileOf = (name: string, what: string, field: string) => {
    const file = path.resolve(root, name);
    if (!existsSync(file)) throw missing(root, what, file, `services.${service}.live.${field}`);
    requireInContext(service, image.context, file, what, `live.${field}`);
    return file;
  };
  const { bundle, sync = [], run = [], restart = bundle !== undefined, rebuild = packageFiles } = live;
  return {
    ...(bundle && {
      bundle: {
        entry: fileOf(bundle.entry, `What is bundled for ${service}`, 'bundle.entry'),
        to: path.posix.normalize(bundle.to),
        external: bundle.external ?? [],
      },
    }),
    sync: sync.map(({ from, to, ignore = [] }, index) => ({
      from: fileOf(from, `What is synced for ${service}`, `sync[${index}].from`),
      to: containerPath(to),
      ignore,
    })),
    run,
    restart,
    rebuild: [...rebuild, ...dockerFiles(root, image)],
  };
}

/** Without a slash at the end, which would be in the way of what is joined to it. */
const containerPath = (to: string): string => path.posix.normalize(to).replace(/(?<=.)\/$/, '');

/** The files that the build itself reads, as patterns. Patterns cannot name what is outside of the project. */
function dockerFiles(root: string, { context, dockerfile }: ImageSpec): string[] {
  return [dockerfile, `${dockerfile}.dockerignore`, path.join(context, '.dockerignore')]
    .map((file) => path.relative(root, file).split(path.sep).join('/'))
    .filter((relative) => !relative.startsWith('../') && !path.isAbsolute(relative))
    .map((relative) => `/${relative.replace(/[\\*?[\]]/g, '\\$&')}`);
}
