/**
 * Like `remember`, for what is made of more than its key: the answer stays the same while the key and each of the parts
 * are the same objects as the last time.
 */
export function rememberParts<Key extends object, Part, Value>(
  make: (key: Key, parts: readonly Part[]) => Value,
): (key: Key, parts: readonly Part[]) => Value {
  const known = new WeakMap<Key, { readonly parts: readonly Part[]; readonly value: Value }>();
  return (key, parts) => {
    const found = known.get(key);
    if (found && parts.length === found.parts.length && parts.every((part, index) => part === found.parts[index]))
      return found.value;
    const value = make(key, parts);
    known.set(key, { parts, value });
    return value;
  };
}
