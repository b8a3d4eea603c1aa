import path from 'node:path';
import type { ProjectSpec } from '../../model/project.ts';
import { contextFilter, ignoreFileOf } from './docker-ignore.ts';
import { isEditorFile } from './editor-files.ts';
import { createGitIgnore } from './git-ignore.ts';
import { isInside } from './is-inside.ts';

export interface WatchScope {
  /** The outermost folders and files to watch, absolute. */
  readonly roots: readonly string[];
  /** Does a file count? */
  readonly wants: (file: string) => boolean;
  /** Need a folder not be entered? @param isFolder whether it is known to be one */
  readonly prunes: (folder: string, isFolder: boolean) => boolean;
}

/** The folders to watch and which files in them count. */
export function createWatchScope(project: ProjectSpec): WatchScope {
  const ignoredByGit = createGitIgnore(project.root);
  const contexts = project.services.flatMap(({ image }) =>
    image ? [{ root: image.context, filter: contextFilter(image) }] : [],
  );
  const charts = project.releases.map((release) => release.chart);
  const single = new Set([
    ...project.configInputs,
    ...project.releases.flatMap((release) => release.values),
    ...project.services.flatMap(({ image }) => (image ? [image.dockerfile, ignoreFileOf(image)] : [])),
  ]);
  const inChart = (file: string) => charts.some((chart) => isInside(chart, file));
  return {
    roots: outermost([...contexts.map(({ root }) => root), ...charts, ...single]),
    wants: (file) =>
      single.has(file) ||
      (!isEditorFile(file) &&
        !ignoredByGit(file) &&
        (inChart(file) ||
          contexts.some(({ root, filter }) => isInside(root, file) && filter.includes(relativeTo(root, file))))),
    prunes: (folder, isFolder) => {
      if ([...single, ...charts].some((file) => isInside(folder, file))) return false;
      if (ignoredByGit(folder, isFolder)) return true;
      return !(
        inChart(folder) ||
        contexts.some(
          ({ root, filter }) =>
            isInside(folder, root) || (isInside(root, folder) && !filter.prunes(relativeTo(root, folder))),
        )
      );
    },
  };
}

const relativeTo = (root: string, file: string): string => path.relative(root, file).split(path.sep).join('/');

const outermost = (files: readonly string[]): string[] =>
  [...new Set(files)].filter((file) => !files.some((other) => other !== file && isInside(other, file)));
