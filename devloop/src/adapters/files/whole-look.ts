import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { KnownContent } from './known-content.ts';
import type { WatchScope } from './watch-scope.ts';

/** What a look through all that is watched has found. */
export interface WholeLook {
  /** Files whose content is not what was last handed on; also those that are gone. */
  readonly changed: readonly string[];
  readonly folders: ReadonlyMap<string, Stats>;
}

/** Looks through all that is watched, by content: a stat of each file, and a read of those whose stat has changed. */
export async function lookAtAll(scope: WatchScope, content: KnownContent): Promise<WholeLook> {
  const folders = new Map<string, Stats>();
  const files = new Set<string>();
  const rest = [...scope.roots];
  for (let entry = rest.pop(); entry !== undefined; entry = rest.pop()) {
    const stats = await lstat(entry).catch(() => undefined);
    if (!stats?.isDirectory()) {
      if (scope.wants(entry)) files.add(entry);
      continue;
    }
    folders.set(entry, stats);
    for (const found of await readdir(entry, { withFileTypes: true }).catch(() => [])) {
      const file = path.join(entry, found.name);
      if (found.isDirectory()) {
        if (!scope.prunes(file, true)) rest.push(file);
      } else if (scope.wants(file)) files.add(file);
    }
  }
  for (const file of content.files()) if (scope.wants(file)) files.add(file);
  return { changed: await content.differing([...files]), folders };
}
