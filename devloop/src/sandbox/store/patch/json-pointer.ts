import { get, isObject } from './json.ts';

/** The steps of a JSON pointer (RFC 6901), at least one, or undefined for what is none. */
export function pointerSteps(pointer: unknown): [string, ...string[]] | undefined {
  if (typeof pointer !== 'string' || !pointer.startsWith('/')) return undefined;
  const [first = '', ...rest] = pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return [first, ...rest];
}

/** What a value has at a step; undefined for nothing. */
export function child(value: unknown, step: string): unknown {
  if (Array.isArray(value)) {
    const index = listIndex(step, value.length);
    return index === undefined ? undefined : value[index];
  }
  return isObject(value) ? get(value, step) : undefined;
}

/**
 * The index that a step means in a list; negative ones count from the end, as the API server's library has it.
 * https://github.com/evanphx/json-patch/blob/v4.12.0/patch.go
 * @param length undefined for an index that there is no item at
 */
export function listIndex(step: string, length: number): number | undefined {
  if (!/^(?:-?[1-9]\d*|0)$/.test(step)) return undefined;
  const index = Number(step) < 0 ? Number(step) + length : Number(step);
  return index >= 0 && index < length ? index : undefined;
}
