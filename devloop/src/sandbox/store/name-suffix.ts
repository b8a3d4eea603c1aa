import { randomUUID } from 'node:crypto';

/** The letters of generated names. https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/util/rand/rand.go */
const nameLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters, as Kubernetes puts them behind a name. */
export const nameSuffix = (): string => {
  const bytes = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
  return Array.from(bytes.subarray(0, 5), (byte) => nameLetters[byte % nameLetters.length]).join('');
};
