import type { PodCheck } from '../engine/update/verify-pods.ts';
import { sanitizeLine } from '../lib/sanitize.ts';

/** What was found in a pod, as lines for people; a path that differs has a line of its own. */
export function verifyLines(service: string, check: PodCheck): string[] {
  const name = `${service} ${check.pod}`;
  if ('problem' in check) {
    const { title, why, evidence = [] } = check.problem;
    return [`${name}: ${title}: ${why}`, ...evidence.map((line) => `  ${line}`)].map(sanitizeLine);
  }
  const { compared, differences } = check;
  if (compared === 0) return [`${name}: it runs its image, and nothing of it is synced`];
  const files = compared === 1 ? 'file' : 'files';
  if (differences.length === 0) return [`${name}: ${compared} ${files} ${isOrAre(compared)} as on this machine`];
  const count = differences.length;
  return [
    `${name}: ${count} of ${compared} ${files} ${isOrAre(count)} not as on this machine`,
    ...differences.map(({ path, how }) => sanitizeLine(`  ${path}: ${how}`)),
  ];
}

const isOrAre = (count: number): string => (count === 1 ? 'is' : 'are');
