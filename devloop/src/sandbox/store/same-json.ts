/**
 * True when two values are the same as JSON: the order of fields does not matter, and a field that is undefined is not
 * there. Unlike `isDeepStrictEqual` it does not look at prototypes: `structuredClone` makes objects of another realm
 * under Jest.
 */
export function sameJson(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => sameJson(item, other[index]));
  }
  const before = one as { readonly [field: string]: unknown };
  const after = other as { readonly [field: string]: unknown };
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].every((field) =>
    sameJson(before[field], after[field]),
  );
}
