import path from 'node:path';
import { type LiveSpec, recipeBundle, type ServiceSpec, type SyncSpec } from '../model/project.ts';

/**
 * The live updates of a service in the sandbox, where a container starts in a copy of what its recipe makes: targets are
 * relative to that. Undefined when a step has no place there, so that each edit makes a new image.
 */
export function sandboxLive({ live, image }: ServiceSpec): LiveSpec | undefined {
  const recipe = image?.recipe;
  if (!live || !recipe) return undefined;
  // What runs there is the recipe's bundle: without one of the same entry, what is sent would change nothing.
  if (live.bundle?.entry !== recipe.bundle) return undefined;
  const sync = live.sync.map((step) => inFolder(recipe.folder, step));
  if (!sync.every((step) => step !== undefined)) return undefined;
  const { bundle: _bundle, ...rest } = live;
  return { ...rest, ...(recipe.bundle !== undefined && { bundle: recipeBundle(recipe.bundle) }), sync };
}

/** A step whose files are in the recipe's folder, and so in the copy. */
function inFolder(folder: string | undefined, { from, ignore }: SyncSpec): SyncSpec | undefined {
  if (folder === undefined) return undefined;
  const relative = path.relative(folder, from);
  if (relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) return undefined;
  // In the copy this is a link to the project's own packages.
  return { from, to: relative.split(path.sep).join('/') || '.', ignore: [...ignore, 'node_modules'] };
}
