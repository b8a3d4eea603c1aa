/** Where two values differ. */
export interface Difference {
  /** Keys, list positions and, in texts of several lines, line numbers from 1, joined by dots. */
  readonly path: string;
  /** Undefined where it has nothing. */
  readonly real: unknown;
  readonly sandbox: unknown;
}

/** The places at which two JSON values differ, in order; none when they are equal. */
export function differences(real: unknown, sandbox: unknown, path = ''): Difference[] {
  if (Object.is(real, sandbox)) return [];
  const [one, other] = [entries(real), entries(sandbox)];
  if (!one || !other || Array.isArray(real) !== Array.isArray(sandbox)) return [{ path, real, sandbox }];
  const keys = new Set([...one.keys(), ...other.keys()]);
  return [...keys].flatMap((key) => differences(one.get(key), other.get(key), path === '' ? key : `${path}.${key}`));
}

/** What a value consists of; undefined where it is one thing. */
function entries(value: unknown): Map<string, unknown> | undefined {
  if (typeof value === 'string' && value.includes('\n'))
    return new Map(value.split('\n').map((line, index) => [`${index + 1}`, line]));
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map(Object.entries(value));
}
