import { usageFault } from '../model/errors.ts';
import type { DeployedImage } from '../model/events.ts';
import { imageReference } from '../model/operation.ts';
import type { Session } from './session.ts';

/** The image that each service's present content has. */
export function currentImages({ project, outside }: Pick<Session, 'project' | 'outside'>): Promise<DeployedImage[]> {
  const built = project.services.flatMap(({ name, image }) => (image ? [{ name, image }] : []));
  return Promise.all(
    built.map(async ({ name, image }) => ({
      service: name,
      repository: image.repository,
      tag: await outside.files.imageTag(image),
      edit: 0,
    })),
  );
}

/** @throws Fault (usage) that names the services whose present content has no image */
export async function checkBuilt(
  { outside }: Session,
  images: readonly DeployedImage[],
  signal: AbortSignal,
): Promise<void> {
  const has = await Promise.all(images.map((image) => outside.docker.hasImage(imageReference(image), signal)));
  const missing = images.filter((_, index) => !has[index]).map((image) => image.service);
  if (missing.length === 0) return;
  throw usageFault({
    title: `No image of ${missing.join(' and ')}`,
    why: 'its present content has not been built',
    fix: `Build it first: devloop build ${missing.join(' ')}`,
  });
}
