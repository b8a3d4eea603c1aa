import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { NodeAccess } from '../../node/node-access.ts';
import { ApiError, badRequest } from '../../store/api-error.ts';
import type { Pod } from '../../store/objects.ts';
import { failure } from '../http/status.ts';

/** Of one connection only: they are not passed on. RFC 9110, 7.6.1 */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/**
 * Passes a request on to a port of a pod, and its answer back.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/apimachinery/pkg/util/proxy/transport.go
 * The links of an HTML page are left as they are.
 * @param port default: the first that a container names, else 80
 * @param path what is behind `/proxy` in the path of the request; it may have a query of its own
 * @throws ApiError 400 for a pod that has no address yet
 */
export async function proxy(
  node: NodeAccess,
  incoming: IncomingMessage,
  response: ServerResponse,
  pod: Pod,
  port: number | undefined,
  path: string,
): Promise<void> {
  const ip = pod.status?.podIP;
  if (!ip) throw badRequest('address not allowed');
  const url = new URL(incoming.url ?? '/', 'http://sandbox');
  const [asked = '', query = url.search.slice(1)] = path.split('?', 2);
  const slash = url.pathname.endsWith('/');
  if (!slash && (asked === '' || asked === '/') && (incoming.method === 'GET' || incoming.method === 'HEAD')) {
    response.writeHead(301, { location: `${url.pathname}/${url.search}` }).end();
    return;
  }
  const inner = slash && !asked.endsWith('/') ? `${asked}/` : asked;
  const to = port ?? pod.spec.containers.find(({ ports = [] }) => ports.length > 0)?.ports?.[0]?.containerPort ?? 80;
  const address = node.addressOf(pod, to);
  if (!address) {
    refuse(response, `dial tcp ${ip}:${to}: connect: connection refused`);
    return;
  }
  const outgoing = request({
    ...address,
    method: incoming.method,
    path: `${inner.startsWith('/') ? '' : '/'}${inner}${query === '' ? '' : `?${query}`}`,
    headers: headersFor(incoming, url),
    agent: false,
  });
  const prefix = url.pathname.slice(0, url.pathname.length - inner.length).replace(/\/$/, '');
  await exchange(incoming, outgoing, response, prefix, `${ip}:${to}`);
}

/** The token is for the API server alone. */
function headersFor(incoming: IncomingMessage, url: URL): IncomingHttpHeaders {
  const headers = passedOn(incoming.headers);
  delete headers.authorization;
  delete headers.expect;
  const { remoteAddress } = incoming.socket;
  const before = headers['x-forwarded-for'];
  if (remoteAddress) headers['x-forwarded-for'] = before ? `${before}, ${remoteAddress}` : remoteAddress;
  headers['x-forwarded-uri'] = url.pathname;
  // Node frames the body of a DELETE only when it is told to.
  if (incoming.headers['transfer-encoding']) headers['transfer-encoding'] = 'chunked';
  return headers;
}

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return Object.fromEntries(Object.entries(headers).filter(([name]) => ![...hopByHop, ...named].includes(name)));
}

async function exchange(
  incoming: IncomingMessage,
  outgoing: ClientRequest,
  response: ServerResponse,
  prefix: string,
  to: string,
): Promise<void> {
  response.on('close', () => outgoing.destroy());
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
  });
  pipeline(incoming, outgoing).catch(() => {});
  try {
    const answer = await answered;
    const headers = passedOn(answer.headers);
    // A redirect within the pod goes through the proxy.
    if (headers.location?.startsWith('/') && !headers.location.startsWith(prefix))
      headers.location = prefix + headers.location;
    response.writeHead(answer.statusCode ?? 502, headers);
    response.flushHeaders();
    await pipeline(answer, response);
  } catch (error) {
    if (response.headersSent || response.destroyed) response.destroy();
    else refuse(response, reasonOf(error as NodeJS.ErrnoException, to));
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException, to: string): string {
  if (code === 'ECONNREFUSED') return `dial tcp ${to}: connect: connection refused`;
  return code === 'ECONNRESET' ? 'EOF' : message;
}

/** 500 without a reason, as Kubernetes 1.20 has it. */
function refuse(response: ServerResponse, why: string): void {
  const error = new ApiError(500, '', `error trying to reach service: ${why}`);
  response.writeHead(500, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(failure(error))}\n`);
}
