import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Files } from '../../engine/outside.ts';
import type { Clock } from '../../model/clock.ts';
import { ContentHasher } from './content-hash.ts';
import { contextFilter, ignoreFileOf } from './docker-ignore.ts';
import { isInside } from './is-inside.ts';
import { KnownContent } from './known-content.ts';
import { listFiles } from './list-files.ts';
import { watchFiles } from './watch-files.ts';

/** The tag's length: 48 bits tell the few hundred images of a project apart. */
const tagLength = 12;

/** The project's files on this machine. */
export function createFiles(clock: Clock): Files {
  const hasher = new ContentHasher();
  const content = new KnownContent(hasher);
  return {
    imageTag: async (image) => {
      const filter = contextFilter(image);
      const hash = createHash('sha256');
      hash.update(await hasher.tree(image.context, filter.includes, filter.prunes));
      hash.update(await hasher.file(image.dockerfile));
      const args = Object.entries(image.args).sort(([a], [b]) => a.localeCompare(b));
      const runner = image.runner === undefined ? [] : [image.runner];
      hash.update(JSON.stringify([image.target ?? null, args, ...runner]));
      return hash.digest('hex').slice(0, tagLength);
    },
    chartHash: async (release) => {
      const hash = createHash('sha256');
      hash.update(
        await hasher.tree(
          release.chart,
          () => true,
          (folder) => folder === '.git',
        ),
      );
      for (const file of release.values) hash.update(await hasher.file(file));
      return hash.digest('hex');
    },
    contextFiles: async (image) => {
      const { includes, prunes } = contextFilter(image);
      return (await listFiles(image.context, includes, prunes)).map((relative) => path.join(image.context, relative));
    },
    watch: (project, handlers, signal) => watchFiles(project, clock, content, handlers, signal),
    takeChanged: (changed) => content.take(changed),
    imageFiles: (image) => {
      const { includes } = contextFilter(image);
      const own = new Set([image.dockerfile, ignoreFileOf(image)]);
      return (file) =>
        own.has(file) ||
        (isInside(image.context, file) && includes(path.relative(image.context, file).split(path.sep).join('/')));
    },
  };
}
