import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { acceptedTypes } from '../http/media-types.ts';
import { sendJson } from '../http/send.ts';
import { type AggregatedVersion, aggregatedDiscovery } from './aggregated.ts';
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from './discovery.ts';

/** Serves `/api`, `/apis` and what is directly below; false for any other path. */
export function serveDiscovery(request: IncomingMessage, response: ServerResponse, pathname: string): boolean {
  const [root, first, second, ...rest] = pathname.split('/').filter((part) => part !== '');
  if (rest.length > 0 || (root !== 'api' && root !== 'apis')) return false;
  if (root === 'api' && second !== undefined) return false;
  if (first === undefined) {
    serveRoot(request, response, root === 'api');
    return true;
  }
  const found = root === 'api' ? apiResourceList('', first) : second ? apiResourceList(first, second) : apiGroup(first);
  if (!found) return false;
  sendJson(response, { code: 200, body: found });
  return true;
}

/** One answer with everything for clients that ask for it; they keep it by its ETag. */
function serveRoot(request: IncomingMessage, response: ServerResponse, core: boolean): void {
  response.setHeader('vary', 'Accept');
  const version = aggregatedVersion(request.headers.accept);
  if (version === undefined) {
    sendJson(response, { code: 200, body: core ? apiVersions(request.headers.host ?? '') : apiGroupList() });
    return;
  }
  const body = aggregatedDiscovery(core, version);
  const etag = `"${createHash('sha512').update(JSON.stringify(body)).digest('hex').toUpperCase()}"`;
  response.setHeader('etag', etag);
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return;
  }
  const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  sendJson(response, { code: 200, body }, type);
}

/** Undefined for a client that wants, or knows, the old discovery only. */
function aggregatedVersion(accept: string | undefined): AggregatedVersion | undefined {
  for (const { type, parameters } of acceptedTypes(accept)) {
    if (type !== 'application/json' && type !== '*/*') continue;
    if (parameters.get('as') !== 'APIGroupDiscoveryList') return undefined;
    const version = parameters.get('v');
    if (version === 'v2' || version === 'v2beta1') return version;
  }
  return undefined;
}
