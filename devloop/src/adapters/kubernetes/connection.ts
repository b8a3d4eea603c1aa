import { Agent, type IncomingMessage, request } from 'node:http';
import { type RequestOptions, type Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { KubeConfig } from '@kubernetes/client-node';
import WebSocket from 'ws';
import { environmentFault, type Fault, messageOf } from '../../model/errors.ts';
import { apiErrorOf } from './api-error.ts';
import { keepAlive } from './keep-alive.ts';
import { readKubeConfig } from './kubeconfig.ts';
import { readAll } from './read-all.ts';
import { switchProtocol } from './switch-protocol.ts';

const unreachable = (context: string, error: unknown): Fault =>
  environmentFault({
    title: `The cluster of context ${context} does not answer`,
    why: messageOf(error),
    fix: 'See that it runs: kubectl get nodes',
  });

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
      return switchProtocol(send(new URL(server + path), { ...options, method: 'POST', headers: all }), timeout);
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

const isOk = (response: IncomingMessage): boolean => response.statusCode !== undefined && response.statusCode < 300;

async function textOf(response: IncomingMessage): Promise<string> {
  if (!isOk(response)) throw await apiErrorOf(response);
  return readAll(response);
}
