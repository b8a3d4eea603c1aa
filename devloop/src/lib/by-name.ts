/**
 * A record whose keys come from outside. It has no other keys: `constructor` is a name that Kubernetes takes, and that
 * every plain object has.
 * @param rest entries that are added to those of the first record, or take their place
 */
export const byName = <T>(
  entries: Readonly<Record<string, T>> = {},
  rest: Readonly<Record<string, T>> = {},
): Record<string, T> => Object.assign(Object.create(null), entries, rest);
