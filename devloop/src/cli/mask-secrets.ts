import { isMap, isSeq, parseAllDocuments } from 'yaml';

const mask = '********';

/** Manifests with the values of every Secret masked; all else is kept as it is written. */
export function maskSecrets(manifests: string): string {
  return parseAllDocuments(manifests)
    .map((document) => {
      maskObject(document.contents);
      return document.toString({ directives: true });
    })
    .join('');
}

function maskObject(object: unknown): void {
  if (!isMap(object)) return;
  // A List carries whole objects.
  const items = object.get('items');
  if (isSeq(items)) for (const item of items.items) maskObject(item);
  if (object.get('kind') !== 'Secret') return;
  for (const field of ['data', 'stringData']) {
    const values = object.get(field);
    if (isMap(values)) for (const { key } of values.items) values.set(key, mask);
  }
}
