import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LocalImage } from './local-image.ts';

/** So many built artifacts of a service are kept, besides those that pods run. */
const keptPerService = 4;
/** Written last: a folder without it is a build that did not finish. */
export const manifestName = 'image.json';

/** `devloop.local/tasks/backend:4f0c` → `tasks/backend/4f0c`; undefined for what devloop did not build. */
function placeOf(reference: string): string | undefined {
  return /^devloop\.local\/([a-z0-9-]+\/[a-z0-9-]+):([a-z0-9]+)$/.exec(reference)?.slice(1).join('/');
}

/** Where the artifacts of the sandbox's images are on disk: one folder for each reference. */
export class ImageFolder {
  readonly #root: string;

  /** @param root absolute */
  constructor(root: string) {
    this.#root = root;
  }

  /** The folder in which an image is built. @throws Error for a reference that is not devloop's */
  pathOf(reference: string): string {
    const place = placeOf(reference);
    if (!place) throw new Error(`${reference} is no image of devloop's`);
    return path.join(this.#root, place);
  }

  /** An image whose build has finished. */
  find(reference: string): LocalImage | undefined {
    const place = placeOf(reference);
    const manifest = place && path.join(this.#root, place, manifestName);
    if (!manifest || !existsSync(manifest)) return undefined;
    try {
      const image = JSON.parse(readFileSync(manifest, 'utf8')) as LocalImage;
      return image.reference === reference ? image : undefined;
    } catch {
      // Damaged on the disk: it is built anew.
      return undefined;
    }
  }

  /** Makes a built image known. */
  async finish(image: LocalImage): Promise<void> {
    const manifest = path.join(this.pathOf(image.reference), manifestName);
    await writeFile(`${manifest}.new`, JSON.stringify(image), { mode: 0o600 });
    await rename(`${manifest}.new`, manifest);
  }

  /** Removes old artifacts of the service that an image belongs to. @param inUse references that pods run */
  async prune(reference: string, inUse: ReadonlySet<string>): Promise<void> {
    const service = path.dirname(this.pathOf(reference));
    const repository = reference.slice(0, reference.lastIndexOf(':'));
    const old = readdirSync(service)
      .map((tag) => ({ tag, at: statSync(path.join(service, tag)).mtimeMs }))
      .sort((one, other) => other.at - one.at)
      .slice(keptPerService)
      .filter(({ tag }) => !inUse.has(`${repository}:${tag}`));
    await Promise.all(old.map(({ tag }) => rm(path.join(service, tag), { recursive: true, force: true })));
  }
}
