import { type Kind, kindAt } from '../../store/kinds.ts';

/** What a URL under `/api/v1` or `/apis/GROUP/VERSION` names. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  /** `pods`; empty for the group version itself. */
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  /** What follows a subresource: the path to proxy, `/index.html`. Empty when nothing does. */
  readonly rest: string;
}

/** Subresources of a namespace itself, rather than kinds inside it. */
const ofNamespaces = new Set(['status', 'finalize']);

/** Undefined for a path of another form. */
export function parseResourcePath(pathname: string): ResourcePath | undefined {
  const match = /^\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))(?:\/(.*))?$/.exec(pathname);
  if (!match) return undefined;
  const [, core, group = '', version = '', below = ''] = match;
  const parts = below.split('/');
  const inside = parts[0] === 'namespaces' && parts.length > 2 && parts[2] !== '' && !ofNamespaces.has(parts[2] ?? '');
  const [plural = '', name, subresource, ...rest] = inside ? parts.slice(2) : parts;
  return {
    group: decode(group),
    version: core ?? version,
    plural,
    ...(inside && { namespace: decode(parts[1] ?? '') }),
    ...(name && { name: decode(name) }),
    ...(subresource && { subresource }),
    rest: rest.length > 0 ? `/${rest.join('/')}` : '',
  };
}

/** The kind at a path; undefined when none is served there, a namespace where there is none included. */
export function kindAtPath({ group, version, plural, namespace, name }: ResourcePath): Kind | undefined {
  const kind = kindAt(group, version, plural);
  if (!kind || (!kind.namespaced && namespace !== undefined)) return undefined;
  return kind.namespaced && namespace === undefined && name !== undefined ? undefined : kind;
}

/** A part of a path that is not well encoded stays as it is: nothing has such a name. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
