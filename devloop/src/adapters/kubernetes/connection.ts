import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { type RequestOptions, type Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { KubeConfig } from '@kubernetes/client-node';
import WebSocket from 'ws';
import { environmentFault, Fault, messageOf } from '../../model/errors.ts';

/** An answer of the API server that is not 2xx. */
export class ApiError extends Fault {
  readonly status: number;

  /** @param retryAfter milliseconds */
  constructor(status: number, body: string, retryAfter?: number) {
    const problem = {
      title: 'The API server refused a request',
      why: messageFrom(body) ?? kubeletWords(body) ?? `it answered ${status}`,
      fix: 'See what you may do there: kubectl auth can-i --list',
    };
    super('environment', problem, retryAfter);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** Reads the rest of an answer that is not 2xx. */
export async function apiErrorOf(response: IncomingMessage): Promise<ApiError> {
  return new ApiError(response.statusCode ?? 0, await readAll(response), retryAfterIn(response));
}

/** Whatever the server says, it is asked again after so long. */
const longestRetryAfter = 60_000;

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after; Kubernetes gives seconds, never a date. */
function retryAfterIn({ headers }: IncomingMessage): number | undefined {
  const seconds = /^\d+$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : undefined;
  return seconds === undefined ? undefined : Math.min(seconds * 1000, longestRetryAfter);
}

/** What a kubelet answers through the API server is a line of text: `container not found ("web")`. */
const kubeletWords = (body: string): string | undefined => /^[^<{\n]{1,300}$/.exec(body.trim())?.[0];

const unreachable = (context: string, error: unknown): Fault =>
  environmentFault({
    title: `The cluster of context ${context} does not answer`,
    why: messageOf(error),
    fix: 'See that it runs: kubectl get nodes',
  });

/** The `message` of a Kubernetes Status object, where the body is one. */
export function messageFrom(body: string): string | undefined {
  try {
    const value = JSON.parse(body) as { kind?: string; message?: string };
    return value.kind === 'Status' ? value.message : undefined;
  } catch {
    return undefined;
  }
}

/** The framing of port-forward and exec: each message begins with the number of its channel. */
const channelProtocol = 'v4.channel.k8s.io';

/** Milliseconds for a whole answer that does not stream. */
const answerMs = 15_000;
/** A kept connection that nobody has used for so long is closed: a rollout would else leave as many as it asked at once. Milliseconds. */
const idleMs = 10_000;

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The API server of one context, over client-node's credentials. */
export interface Connection {
  readonly kubeConfig: KubeConfig;
  /** @throws ApiError for an answer that is not 2xx; the error of the socket when there is none */
  readonly json: <T>(method: string, path: string, body?: unknown, signal?: AbortSignal) => Promise<T>;
  /** Any answer, whatever its status. @param timeout milliseconds */
  readonly ask: (path: string, signal: AbortSignal, timeout: number) => Promise<Answer>;
  /** An answer's body as it comes. @throws ApiError */
  readonly stream: (path: string, signal: AbortSignal) => Promise<IncomingMessage>;
  /** A WebSocket that is still connecting. */
  readonly webSocket: (path: string) => Promise<WebSocket>;
  /**
   * The socket of a POST that switches to another protocol.
   * @param headers `upgrade` names the protocol
   * @param timeout milliseconds until it has switched
   * @throws ApiError when the server answers instead of switching; the error of the socket
   */
  readonly upgrade: (path: string, headers: Readonly<Record<string, string>>, timeout: number) => Promise<Duplex>;
}

/**
 * kubeconfig, from where kubectl takes it. A file that is not there is one without contexts, as for kubectl.
 * @param file a file to take instead
 * @throws Fault (environment) when it cannot be read
 */
export function readKubeConfig(file?: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  try {
    if (file === undefined) kubeConfig.loadFromDefault();
    else kubeConfig.loadFromFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new KubeConfig();
    throw environmentFault({
      title: 'kubeconfig cannot be read',
      why: messageOf(error),
      fix: 'See `kubectl config view`.',
    });
  }
  return isMadeUp(kubeConfig) ? new KubeConfig() : kubeConfig;
}

/** Where there is no kubeconfig, client-node makes up a cluster at localhost:8080, as kubectl once did. */
const isMadeUp = (kubeConfig: KubeConfig): boolean =>
  kubeConfig.getCurrentContext() === 'loaded-context' &&
  kubeConfig.getCurrentCluster()?.server === 'http://localhost:8080';

/**
 * @param context the context to speak to, whatever the current one is
 * @param file the kubeconfig that has it; default: where kubectl takes it from
 * @throws Fault (environment) when kubeconfig has no such context
 */
export function connect(context: string, file?: string): Connection {
  const kubeConfig = readKubeConfig(file);
  if (!kubeConfig.getContextObject(context)) {
    throw environmentFault({
      title: `There is no context ${context}`,
      why: 'kubeconfig does not have it',
      fix: 'For Minikube: minikube update-context. Else see `kubectl config get-contexts`.',
    });
  }
  kubeConfig.setCurrentContext(context);
  const server = kubeConfig.getCurrentCluster()?.server ?? '';

  async function open(
    method: string,
    path: string,
    body: string | undefined,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const options: RequestOptions = {};
    await kubeConfig.applyToHTTPSOptions(options);
    // A probe each second would else be a TLS handshake each second. client-node makes one agent, without this.
    if (options.agent instanceof Agent) {
      Object.assign(options.agent, { keepAlive: true });
      // Any agent has `options`; the types have it of one only.
      (options.agent as SecureAgent).options.timeout = idleMs;
    }
    const send = server.startsWith('https:') ? secureRequest : request;
    // A PATCH is always a strategic merge: it names what it changes, and lists are merged by their keys.
    const type = method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json';
    const headers = { accept: 'application/json', ...(body !== undefined && { 'content-type': type }) };
    return new Promise((resolve, reject) => {
      const sent = send(new URL(server + path), {
        ...options,
        method,
        headers: { ...options.headers, ...headers },
        ...(signal && { signal }),
      });
      sent.on('socket', keepAlive);
      sent.once('response', (response) => {
        // From now on its reader hears of errors: a socket tells its request of them as well.
        sent.off('error', onError).on('error', () => {});
        resolve(response);
      });
      // What was aborted fails with the reason for that: a TimeoutError, or what the caller gave.
      const onError = (error: NodeJS.ErrnoException) => {
        if (signal?.aborted) return reject(signal.reason);
        // The server closed a kept connection just when it was used again: https://nodejs.org/api/http.html#requestreusedsocket
        if (method === 'GET' && sent.reusedSocket && error.code === 'ECONNRESET')
          return resolve(open(method, path, body, signal));
        reject(unreachable(context, error));
      };
      sent.on('error', onError);
      sent.end(body);
    });
  }

  return {
    kubeConfig,
    webSocket: async (path) => {
      const options: WebSocket.ClientOptions = {};
      await kubeConfig.applyToHTTPSOptions(options);
      return new WebSocket(server.replace(/^http/, 'ws') + path, channelProtocol, options);
    },
    upgrade: async (path, headers, timeout) => {
      const options: RequestOptions = {};
      await kubeConfig.applyToHTTPSOptions(options);
      const all = { ...options.headers, ...headers, connection: 'Upgrade' };
      const send = server.startsWith('https:') ? secureRequest : request;
      return switched(send(new URL(server + path), { ...options, method: 'POST', headers: all }), timeout);
    },
    json: async <T>(method: string, path: string, body?: unknown, signal?: AbortSignal) => {
      const limit = AbortSignal.timeout(answerMs);
      const either = signal ? AbortSignal.any([signal, limit]) : limit;
      try {
        const response = await open(method, path, body === undefined ? undefined : JSON.stringify(body), either);
        return JSON.parse(await textOf(response)) as T;
      } catch (error) {
        throw limit.aborted ? unreachable(context, new Error(`no answer within ${answerMs / 1000} s`)) : error;
      }
    },
    ask: async (path, signal, timeout) => {
      const response = await open('GET', path, undefined, AbortSignal.any([signal, AbortSignal.timeout(timeout)]));
      return { status: response.statusCode ?? 0, body: await readAll(response) };
    },
    stream: async (path, signal) => {
      const response = await open('GET', path, undefined, signal);
      if (!isOk(response)) throw await apiErrorOf(response);
      return response;
    },
  };
}

/** Milliseconds of silence after which the kernel asks the other machine whether it is there; ten more seconds, and it is not. */
const keepAliveMs = 10_000;
/** A log that says nothing and a machine that has gone look the same otherwise. */
const keepAlive = (socket: Socket): unknown => socket.setKeepAlive(true, keepAliveMs);

function switched(sent: ClientRequest, timeout: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeout} ms`)), timeout);
    sent.on('socket', keepAlive);
    sent.on('close', () => clearTimeout(timer));
    sent.on('error', reject);
    sent.on('upgrade', (_, socket: Socket, head) => {
      clearTimeout(timer);
      socket.setNoDelay(true);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    sent.on('response', (response) => {
      apiErrorOf(response).then(reject, reject);
    });
    sent.end();
  });
}

const isOk = (response: IncomingMessage): boolean => response.statusCode !== undefined && response.statusCode < 300;

async function textOf(response: IncomingMessage): Promise<string> {
  if (!isOk(response)) throw await apiErrorOf(response);
  return readAll(response);
}

/** The whole body as text. */
async function readAll(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}
