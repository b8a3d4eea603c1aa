/** A path as seen from the project's root, where it is below that. */
export function shortPath(file: string, root: string): string {
  if (file === root) return '.';
  const isBelow = root !== '' && (file.startsWith(`${root}/`) || file.startsWith(`${root}\\`));
  return isBelow ? file.slice(root.length + 1) : file;
}
