import { createHash } from 'node:crypto';
import type { Live, LiveChange, LiveContainer, LiveDigest } from '../outside.ts';
import type { OverlayChange } from './overlay.ts';

/** So many files are read and sent at once: their content is in memory meanwhile. */
const batchSize = 100;

/** Sends changes into a container: deletes first, as a file may stand where a folder has to be. */
export async function sendChanges(
  live: Pick<Live, 'read'>,
  container: Pick<LiveContainer, 'apply'>,
  changes: readonly OverlayChange[],
): Promise<void> {
  const load = (change: OverlayChange) => loadChange(live, change);
  const later: OverlayChange[] = [];
  for (let start = 0; start < changes.length; start += batchSize) {
    const batch = changes.slice(start, start + batchSize);
    const read = await Promise.all(batch.map(load));
    await container.apply(read.filter((change) => change?.kind === 'delete'));
    later.push(...batch.filter((_, index) => read[index] && read[index]?.kind !== 'delete'));
  }
  for (let start = 0; start < later.length; start += batchSize) {
    const read = await Promise.all(later.slice(start, start + batchSize).map(load));
    await container.apply(read.filter((change) => change !== undefined));
  }
}

/** Those files of a bundle that a container does not have as they are. */
export async function lackedBy(
  container: Pick<LiveContainer, 'digests'>,
  changes: readonly OverlayChange[],
): Promise<OverlayChange[]> {
  const digests = await container.digests(changes.map(({ target }) => target));
  return changes.filter(({ source }, index) => {
    const isBundled = source !== 'deleted' && 'content' in source;
    return !isBundled || !hasContent(digests[index], source.content);
  });
}

/** Is it a file with these bytes? */
export const hasContent = (digest: LiveDigest | undefined, content: Uint8Array): boolean =>
  digest?.kind === 'file' && digest.sha256 === createHash('sha256').update(content).digest('hex');

/** A change with its content, as it is on this machine now; undefined for a folder. */
export async function loadChange(
  { read }: Pick<Live, 'read'>,
  { target, source }: OverlayChange,
): Promise<LiveChange | undefined> {
  if (source === 'deleted') return { kind: 'delete', path: target };
  if ('file' in source) return read(source.file, target, source.from);
  return { kind: 'file', path: target, ...source };
}
