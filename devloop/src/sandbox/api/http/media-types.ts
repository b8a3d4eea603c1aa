import { ApiError } from '../../store/api-error.ts';

/** In which shape a client wants objects. The encoding is always JSON. */
export type Shape = 'object' | 'table' | 'metadata';

interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const json = new Set(['application/json', 'application/*', '*/*']);
const tables = new Set(['Table']);
const partials = new Set(['PartialObjectMetadata', 'PartialObjectMetadataList']);

export function parseMediaType(text: string): MediaType {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = rest.map((part): [string, string] => {
    const [name = '', value = ''] = part.split('=');
    return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
  });
  return { type: type.toLowerCase(), parameters: new Map(parameters) };
}

/** The media types of an Accept header, the most wanted first; anything when there is none. */
export function acceptedTypes(header: string | undefined): MediaType[] {
  const types = (header || '*/*').split(',').map(parseMediaType);
  const quality = ({ parameters }: MediaType) => Number(parameters.get('q') ?? 1);
  return types.filter((type) => quality(type) > 0).sort((one, other) => quality(other) - quality(one));
}

/**
 * The first shape of an Accept header that there is.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 * @throws ApiError 406
 */
export function acceptedShape(header: string | undefined): Shape {
  for (const { type, parameters } of acceptedTypes(header)) {
    if (!json.has(type)) continue;
    const as = parameters.get('as');
    if (as === undefined) return 'object';
    if (parameters.get('g') !== 'meta.k8s.io') continue;
    if (tables.has(as)) return 'table';
    if (partials.has(as)) return 'metadata';
  }
  throw new ApiError(406, 'NotAcceptable', '406: Not Acceptable');
}
