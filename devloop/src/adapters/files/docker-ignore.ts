import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import dockerignoreModule from '@balena/dockerignore';
import type { ImageSpec } from '../../model/project.ts';

// The package's types describe an ES module, but the package itself is its factory function.
const dockerignore = dockerignoreModule as unknown as typeof dockerignoreModule.default;

/** Which files of a build context Docker sends to the builder. Paths are relative to the context. */
export interface ContextFilter {
  readonly includes: (relative: string) => boolean;
  /** No file below this folder can be part of the context: a walk need not enter it. */
  readonly prunes: (folder: string) => boolean;
}

/** BuildKit takes `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` in the context's root. */
export function ignoreFileOf(image: ImageSpec): string {
  const own = `${image.dockerfile}.dockerignore`;
  return existsSync(own) ? own : path.join(image.context, '.dockerignore');
}

export function contextFilter(image: ImageSpec): ContextFilter {
  const file = ignoreFileOf(image);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const matcher = dockerignore({ ignorecase: false }).add(text);
  const exceptions = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('!'))
    .map((line) => path.posix.normalize(line.slice(1).trim()).replace(/^\//, ''));
  return {
    // devloop's own state changes while it works, and is never part of an image.
    includes: (relative) => !isState(relative) && !matcher.ignores(relative),
    prunes: (folder) =>
      isState(folder) || (matcher.ignores(folder) && !exceptions.some((exception) => mayMatchBelow(exception, folder))),
  };
}

const isState = (relative: string): boolean => relative === '.devloop' || relative.startsWith('.devloop/');

/** Could a pattern with `!` bring back something below the folder? Compared up to the pattern's first wildcard. */
function mayMatchBelow(pattern: string, folder: string): boolean {
  const fixed = pattern.split(/[*?[]/)[0] ?? '';
  if (fixed !== pattern) return fixed.startsWith(`${folder}/`) || `${folder}/`.startsWith(fixed);
  return pattern === folder || pattern.startsWith(`${folder}/`) || folder.startsWith(`${pattern}/`);
}
