import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveDiscovery } from './discovery/serve-discovery.ts';
import { sendJson, sendText } from './http/send.ts';
import { unknownPath } from './http/status.ts';
import type { Presentation } from './parts.ts';

/** What `kubectl version` and helm's `.Capabilities.KubeVersion` show. */
const version = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.0',
  gitCommit: 'sandbox',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go0',
  compiler: 'sandbox',
  platform: 'linux/amd64',
};

const healthPath = /^\/(healthz|livez|readyz)(\/.*)?$/;

/**
 * Serves what is about the API itself rather than its objects: health, version, discovery, OpenAPI.
 * @returns false when the path is none of these
 * @throws ApiError 404 for an OpenAPI document that there is not
 */
export async function serveGeneral(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  present: Presentation,
): Promise<boolean> {
  const { pathname } = url;
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (healthPath.test(pathname)) {
    sendText(response, 200, 'ok');
    return true;
  }
  if (pathname === '/version' || pathname === '/version/') {
    sendJson(response, { code: 200, body: version });
    return true;
  }
  if (pathname === '/openapi/v3' || pathname === '/openapi/v3/') {
    sendJson(response, { code: 200, body: present.openApiIndex() });
    return true;
  }
  const document = /^\/openapi\/v3\/(?:api|apis)\/(.+)$/.exec(pathname)?.[1];
  if (document !== undefined) {
    const found = await present.openApiDocument(document);
    if (!found) throw unknownPath();
    sendJson(response, { code: 200, body: found });
    return true;
  }
  return serveDiscovery(request, response, pathname);
}
