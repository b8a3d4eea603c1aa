import path from 'node:path';
import type { BundleSpec, LiveSpec, ServiceSpec } from '../../model/project.ts';
import type { Live } from '../outside.ts';
import { coverageOf, type SyncedFile } from './coverage.ts';
import type { OverlayChange } from './overlay.ts';

/** What an edit changes in the containers, or why it takes an image. */
export type PreparedUpdate =
  | { readonly kind: 'changes'; readonly changes: readonly OverlayChange[] }
  | { readonly kind: 'refused'; readonly why: string };

/** What was last bundled of a service. */
export interface BundleMemory {
  /** What the last bundle was made of; undefined before the first, and after one that failed. */
  inputs?: ReadonlySet<string> | undefined;
  /** What the pods have, or are about to get, by path. */
  sent: ReadonlyMap<string, Uint8Array>;
  /** Where the container has the module that loads all packages. */
  packages?: string | undefined;
}

/**
 * Makes out what changed files mean for the containers.
 * @param files absolute
 * @param inImage the files that the image was built of; undefined when they are not known
 * @throws Fault (outside) with esbuild's own words
 */
export async function prepareUpdate(
  bring: Pick<Live, 'bundle' | 'read'>,
  service: ServiceSpec,
  live: LiveSpec,
  root: string,
  files: readonly string[],
  inImage: ReadonlySet<string> | undefined,
  memory: BundleMemory,
): Promise<PreparedUpdate> {
  const nameOf = (file: string) => path.relative(root, file).split(path.sep).join('/');
  const { rebuild, synced, rest } = coverageOf(service, live, root, files);
  if (rebuild !== undefined) return { kind: 'refused', why: `${nameOf(rebuild)} always needs a new image` };
  const before = memory.inputs;
  const bundled = live.bundle && (!before || rest.length > 0 || files.some((file) => before.has(file)));
  const made = live.bundle && bundled ? await makeBundle(bring, live.bundle, memory) : undefined;
  const left = rest.filter((file) => !before?.has(file) && !memory.inputs?.has(file));
  // What an editor makes and takes away again while it saves is in no image and never will be.
  const isGone = async (file: string) => !inImage?.has(file) && (await bring.read(file, ''))?.kind === 'delete';
  const gone = await Promise.all(left.map(isGone));
  const stray = left.find((_, index) => !gone[index]);
  if (stray !== undefined) return { kind: 'refused', why: `${nameOf(stray)} is in no step of its live updates` };
  const changes = await Promise.all(synced.map((one) => changeOf(bring, one)));
  if (!made) return { kind: 'changes', changes };
  changes.push(...bundleChanges(memory.sent, made));
  memory.sent = made;
  return { kind: 'changes', changes };
}

/** Makes a bundle, and remembers it. @returns its files by their paths in the container */
export async function makeBundle(
  bundler: Pick<Live, 'bundle'>,
  spec: BundleSpec,
  memory: BundleMemory,
): Promise<ReadonlyMap<string, Uint8Array>> {
  // Until it succeeds nobody knows which files it is made of.
  memory.inputs = undefined;
  const { files, inputs, packages } = await bundler.bundle(spec);
  memory.inputs = new Set(inputs);
  const folder = path.posix.dirname(spec.to);
  memory.packages = packages === undefined ? undefined : path.posix.join(folder, packages);
  return new Map(files.map(({ name, content }) => [path.posix.join(folder, name), content]));
}

function bundleChanges(sent: BundleMemory['sent'], made: BundleMemory['sent']): OverlayChange[] {
  const gone = [...sent.keys()].filter((target) => !made.has(target));
  const changed = [...made].filter(([target, content]) => !isSame(sent.get(target), content));
  return [...gone.map((target) => ({ target, source: 'deleted' as const })), ...changed.map(bundledFile)];
}

/** A file of a bundle as a change. */
export const bundledFile = ([target, content]: readonly [string, Uint8Array]): OverlayChange => ({
  target,
  source: { content, mode: 0o644 },
});

const isSame = (one: Uint8Array | undefined, other: Uint8Array): boolean =>
  one !== undefined && Buffer.compare(one, other) === 0;

/** A file whose folder is gone goes with the outermost folder that is: an image built anew would not have it either. */
async function changeOf({ read }: Pick<Live, 'read'>, { file, target, from }: SyncedFile): Promise<OverlayChange> {
  let gone = { file, target };
  if (file === from) return { target, source: { file, from } };
  for (
    let up = parentOf(gone);
    up.file !== from && (await read(up.file, up.target, from))?.kind === 'delete';
    up = parentOf(up)
  )
    gone = up;
  return { target: gone.target, source: { file: gone.file, from } };
}

const parentOf = ({ file, target }: { readonly file: string; readonly target: string }) => ({
  file: path.dirname(file),
  target: path.posix.dirname(target),
});
