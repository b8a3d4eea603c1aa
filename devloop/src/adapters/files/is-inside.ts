import path from 'node:path';

/** Is the file the folder itself or below it? Both are absolute and normal. */
export function isInside(folder: string, file: string): boolean {
  // Asked several times for each file event, and `path.relative` takes ten times as long.
  if (path.sep === '/') return file === folder || file.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
  const relative = path.relative(folder, file);
  return relative === '' || !(relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative));
}
