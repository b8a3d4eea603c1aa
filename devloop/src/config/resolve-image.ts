import { existsSync } from 'node:fs';
import path from 'node:path';
import { bundleName, type ImageSpec, type RecipeSpec } from '../model/project.ts';
import type { Image, Recipe } from './define.ts';
import { requireInContext } from './in-context.ts';
import { missing } from './missing.ts';

/**
 * How a service's image is built, here and in the sandbox.
 * @throws Fault (usage) when a file that it names is missing
 */
export function resolveImage(project: string, root: string, service: string, image: Image, recipe?: Recipe): ImageSpec {
  const context = path.resolve(root, image.context);
  if (!existsSync(context))
    throw missing(root, `The build context of ${service}`, context, `services.${service}.image.context`);
  const dockerfile = image.dockerfile ? path.resolve(root, image.dockerfile) : path.join(context, 'Dockerfile');
  if (!existsSync(dockerfile)) {
    throw missing(root, `The Dockerfile of ${service}`, dockerfile, `services.${service}.image.dockerfile`);
  }
  return {
    context,
    dockerfile,
    args: image.args ?? {},
    // A host that no public registry has: a node that lacks the image can never fetch a stranger's under its name.
    repository: `devloop.local/${project}/${service}`,
    ...(image.target && { target: image.target }),
    ...(recipe && { recipe: resolveRecipe(root, service, context, recipe) }),
  };
}

function resolveRecipe(root: string, service: string, context: string, recipe: Recipe): RecipeSpec {
  const { bundle, build, start, env } = recipe;
  const entry = bundle === undefined ? undefined : path.resolve(root, bundle);
  if (entry !== undefined && !existsSync(entry))
    throw missing(root, `What the sandbox bundles for ${service}`, entry, `services.${service}.sandbox.bundle`);
  const folder = recipe.folder === undefined ? context : path.resolve(root, recipe.folder);
  if (!existsSync(folder))
    throw missing(root, `The sandbox's folder of ${service}`, folder, `services.${service}.sandbox.folder`);
  requireInContext(service, context, folder, `The sandbox's folder of ${service}`, 'sandbox.folder');
  const files = recipe.folder !== undefined || build !== undefined || entry === undefined;
  return {
    start: start ?? ['node', '--enable-source-maps', bundleName(entry ?? '')],
    ...(entry !== undefined && { bundle: entry }),
    ...(build && { build }),
    ...(env && { env }),
    ...(files && { folder }),
  };
}
