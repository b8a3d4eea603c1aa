import type { ObjectRules, PodStreams, Presentation } from '../../../../src/sandbox/api/parts.ts';
import type { NodeAccess } from '../../../../src/sandbox/node/node-access.ts';
import type { KubeObject } from '../../../../src/sandbox/store/objects.ts';

type Fields = Record<string, unknown>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Fields = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

const manage = (object: KubeObject, manager: string, operation: string, subresource?: string): void => {
  object.metadata.managedFields = [{ manager, operation, ...(subresource !== undefined && { subresource }) }];
};

/** Rules that let everything through: every patch is a merge patch, and the last writer owns all. `bogus` is an unknown field. */
export const lenientRules: ObjectRules = {
  prepareCreate: (_kind, object) => object,
  prepareUpdate: (_kind, before, after, subresource) => {
    const { uid, creationTimestamp } = before.metadata;
    const metadata = { ...after.metadata, uid, creationTimestamp };
    if (subresource === 'status') return { ...before, status: after['status'] };
    return { ...after, metadata, ...(before['status'] !== undefined && { status: before['status'] }) };
  },
  patch: (_kind, current, _type, patch) => mergePatch(current, patch) as KubeObject,
  apply: (_kind, current, applied, { manager }) => {
    const result = structuredClone(mergePatch(current ?? {}, applied) as KubeObject);
    manage(result, manager, 'Apply');
    return result;
  },
  track: (_kind, _before, after, { manager, subresource }) => manage(after, manager, 'Update', subresource),
  unknownFields: (_kind, object) =>
    Promise.resolve(isRecord(object) && 'bogus' in object ? ['unknown field "bogus"'] : []),
};

/** Tables with the name only, and one OpenAPI document. */
export const plainPresentation: Presentation = {
  table: (_kind, objects) => ({
    columnDefinitions: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }],
    rows: objects.map(({ metadata }) => ({ cells: [metadata.name] })),
  }),
  openApiIndex: () => ({ paths: { 'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1?hash=1' } } }),
  openApiDocument: (groupVersion) =>
    Promise.resolve(groupVersion === 'apps/v1' ? { openapi: '3.0.0', info: { title: 'apps' } } : undefined),
};

/** Streams that answer with what they were asked for. */
export const echoStreams: PodStreams = {
  log: (_request, response, pod, url) => {
    response.end(`log of ${pod.metadata.name}${url.search}`);
    return Promise.resolve();
  },
  proxy: (request, response, pod, port, path) => {
    response.end(`${request.method} ${pod.metadata.name} ${port} ${path}`);
    return Promise.resolve();
  },
  exec: (request, socket, _head, pod, url) => {
    socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${request.method} exec ${pod.metadata.name}${url.search}`);
    return Promise.resolve();
  },
  attach: (socket) => {
    socket.end('HTTP/1.1 405 Method Not Allowed\r\n\r\n');
  },
  portForward: (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    return new Promise((resolve) => socket.once('close', () => resolve()));
  },
};

export const calmNode: Pick<NodeAccess, 'stats'> = { stats: () => Promise.resolve({ node: { nodeName: 'sandbox' } }) };
