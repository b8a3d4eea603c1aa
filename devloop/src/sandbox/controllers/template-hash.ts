import { createHash } from 'node:crypto';

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * A short name for what a template says: the same for equal templates, whatever the order of their fields. It looks as
 * Kubernetes' hashes do, but is not the same: those are of Go's memory.
 * https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/util/rand/rand.go (SafeEncodeString)
 * @param collisions how often the name was taken by something else
 */
export function templateHash(template: unknown, collisions = 0): string {
  const digest = createHash('sha256')
    .update(`${canonical(template)}${collisions || ''}`)
    .digest();
  const digits = String(digest.readUInt32BE(0));
  return Array.from(digits, (digit) => letters[digit.charCodeAt(0) % letters.length]).join('');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    field && typeof field === 'object' && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([one], [other]) => (one < other ? -1 : 1)))
      : field,
  );
}
