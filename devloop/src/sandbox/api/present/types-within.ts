import { type FieldTypes, shapeOf } from '../../store/rules/types/field-types.ts';

/** The model names of a few kinds and of everything that they are made of, each once. */
export function typesWithin(types: FieldTypes, models: readonly string[]): string[] {
  const found = new Set<string>();
  // Every list has metadata, which the models' lists name but the kinds do not.
  const waiting = [...models, 'V1ListMeta'];
  for (let model = waiting.pop(); model !== undefined; model = waiting.pop()) {
    if (found.has(model)) continue;
    found.add(model);
    for (const { type } of types.get(model)?.values() ?? []) {
      const item = innermost(types, type);
      if (types.has(item)) waiting.push(item);
    }
  }
  return [...found].sort();
}

function innermost(types: FieldTypes, type: string): string {
  const { of, item } = shapeOf(types, type);
  return of === 'list' || of === 'map' ? innermost(types, item) : item;
}
