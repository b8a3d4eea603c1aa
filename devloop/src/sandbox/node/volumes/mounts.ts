/** A path of the container, and the path on this machine that stands for it. */
export interface Mount {
  readonly mountPath: string;
  readonly source: string;
}

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * There is no mount namespace: mount paths that occur in a text become the folders that stand for them. Only whole
 * paths count: `/data` is found in `--dir=/data/x` and `file:///data`, not in `/database` or `/srv/data`.
 */
export function createRewriter(mounts: readonly Mount[]): (text: string) => string {
  const sources = new Map(mounts.map(({ mountPath, source }) => [mountPath.replace(/(?<=.)\/+$/, ''), source]));
  sources.delete('/');
  // The longest first, so that a mount inside of another one is found.
  const paths = [...sources.keys()].sort((one, other) => other.length - one.length);
  if (paths.length === 0) return (text) => text;
  const pattern = new RegExp(
    `(?<=^|[^\\w./-]|[\\w]://)(?:${paths.map(quoted).join('|')})(?=$|[^\\w.-]|\\.(?:\\s|$))`,
    'g',
  );
  return (text) => text.replace(pattern, (found) => sources.get(found) ?? found);
}
