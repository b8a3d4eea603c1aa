import path from 'node:path';
import ignore from 'ignore';
import type { LiveSpec, ServiceSpec, SyncSpec } from '../../model/project.ts';

/** A file that a sync step covers. */
export interface SyncedFile {
  readonly file: string;
  /** Its path in the container. */
  readonly target: string;
  /** What the step copies: the file itself, or a folder that it is in. */
  readonly from: string;
}

/** What the steps of a service make of changed files; all but the targets are paths of this machine. */
export interface Coverage {
  /** The first file that always needs an image. */
  readonly rebuild?: string;
  readonly synced: readonly SyncedFile[];
  /** Files that no sync step covers: a bundle may. */
  readonly rest: readonly string[];
}

/** @param files absolute */
export function coverageOf(service: ServiceSpec, live: LiveSpec, root: string, files: readonly string[]): Coverage {
  const always = matcher(root, live.rebuild);
  const own = service.image ? [service.image.dockerfile, `${service.image.dockerfile}.dockerignore`] : [];
  const rebuild = files.find((file) => own.includes(file) || always(file));
  const synced = live.sync.flatMap((step) => {
    const placeOf = placesOf(step);
    return files.flatMap((file) => {
      const target = placeOf(file);
      return target === undefined ? [] : [{ file, target, from: step.from }];
    });
  });
  const covered = new Set(synced.map(({ file }) => file));
  return {
    ...(rebuild !== undefined && { rebuild }),
    synced,
    rest: files.filter((file) => !covered.has(file)),
  };
}

/** Tells where in the container a sync step puts a file; undefined for one that it does not cover. */
function placesOf({ from, to, ignore: patterns }: SyncSpec): (file: string) => string | undefined {
  const ignores = matcher(from, patterns);
  return (file) => {
    if (file === from) return to;
    const relative = relativeTo(from, file);
    return relative === undefined || ignores(file) ? undefined : path.posix.join(to, relative);
  };
}

/** Tells whether a file matches one of the .gitignore patterns, which are relative to a folder. */
export function matcher(folder: string, patterns: readonly string[]): (file: string) => boolean {
  const rules = ignore().add(patterns);
  return (file) => {
    const relative = relativeTo(folder, file);
    return relative !== undefined && rules.ignores(relative);
  };
}

/** With forward slashes; undefined for what is not below the folder. */
function relativeTo(folder: string, file: string): string | undefined {
  const relative = path.relative(folder, file);
  if (relative === '' || relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) return;
  return relative.split(path.sep).join('/');
}
