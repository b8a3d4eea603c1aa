import { badRequest, notFound } from '../../store/api-error.ts';
import type { NamedExchange } from '../exchange.ts';
import { sendJson } from '../http/send.ts';
import { unknownPath } from '../http/status.ts';
import { podTarget, serviceTarget } from './proxy-target.ts';

/** Subresources whose answer is no object. */
export type Streamed = 'log' | 'proxy';

/** Serves `pods/NAME/log` and the `proxy` of pods, services and the node. @throws ApiError 404, 503 */
export async function serveStreamed(exchange: NamedExchange, subresource: Streamed): Promise<void> {
  const { parts, kind, request, response, url, namespace, name, path } = exchange;
  const { store, streams } = parts;
  if (subresource === 'log') {
    const pod = store.get('Pod', namespace, name);
    if (!pod) throw notFound(kind, name);
    await streams.log(request, response, pod, url);
    return;
  }
  if (kind.kind === 'Node') {
    await serveNode(exchange);
    return;
  }
  const find = kind.kind === 'Service' ? serviceTarget : podTarget;
  const { pod, port } = find(store, namespace, name);
  await streams.proxy(request, response, pod, port, path.rest);
}

/** The node's own server, of which there is the one path that the dashboard reads. */
async function serveNode({ parts, kind, response, name, path }: NamedExchange): Promise<void> {
  if (!parts.store.get('Node', '', name)) throw notFound(kind, name);
  if (path.rest !== '/stats/summary') throw unknownPath();
  sendJson(response, { code: 200, body: await parts.node.stats() });
}

/** What exec and port-forward answer to a request that does not upgrade. */
export const upgradeRequired = () => badRequest('Upgrade request required');
