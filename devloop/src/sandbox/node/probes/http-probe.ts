import http from 'node:http';
import https from 'node:https';
import type { Address } from '../network/proxy-listener.ts';
import { failed, type ProbeResult, passed } from './probe-result.ts';

export interface HttpTarget {
  readonly scheme: 'http' | 'https';
  /** As the spec means it; what messages and the `Host` header say. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where a host and port really are; undefined: refused. */
export type Resolve = (host: string, port: number) => Address | undefined;

/** Redirects that are followed, as Go's client does. */
const mostRedirects = 10;

/**
 * Asks by HTTP; 200 to 399 passes, and so does a redirect to another host.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/probe/http/http.go
 * @param timeout milliseconds
 */
export async function probeHttp(target: HttpTarget, timeout: number, resolve: Resolve): Promise<ProbeResult> {
  const signal = AbortSignal.timeout(timeout);
  let current = target;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const url = `${current.scheme}://${current.host}:${current.port}${current.path}`;
    try {
      const { status, location } = await ask(current, resolve, signal);
      if (status < 300 || status >= 400 || location === undefined) {
        return status >= 200 && status < 400 ? passed : failed(`HTTP probe failed with statuscode: ${status}`);
      }
      const next = new URL(location, url);
      if (next.hostname !== current.host) return passed;
      const scheme = next.protocol === 'https:' ? 'https' : 'http';
      const port = Number(next.port || (scheme === 'https' ? 443 : 80));
      current = { ...current, scheme, port, path: `${next.pathname}${next.search}` };
    } catch (error) {
      return failed(`Get "${url}": ${signal.aborted ? timeoutText : goError(error, current)}`);
    }
  }
  return failed(`Get "${target.path}": stopped after ${mostRedirects} redirects`);
}

const timeoutText = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';

function ask(
  { scheme, host, port, path, headers }: HttpTarget,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly location: string | undefined }> {
  const address = resolve(host, port);
  if (!address) return Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const options = {
    ...address,
    path,
    agent: false,
    signal,
    rejectUnauthorized: false,
    headers: {
      ...(!names.has('host') && { Host: `${host}:${port}` }),
      ...(!names.has('user-agent') && { 'User-Agent': 'kube-probe/1.35' }),
      ...(!names.has('accept') && { Accept: '*/*' }),
      ...headers,
      Connection: 'close',
    },
  };
  return new Promise((done, reject) => {
    const request = (scheme === 'https' ? https : http).get(options, (response) => {
      response.on('error', () => {});
      done({ status: response.statusCode ?? 0, location: response.headers.location });
      // The rest of the answer says nothing about health.
      response.destroy();
    });
    request.on('error', reject);
  });
}

/** An error of Node in the words of Go's client. */
function goError(error: unknown, { host, port }: HttpTarget): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return `dial tcp ${host}:${port}: connect: connection refused`;
  if (code === 'ECONNRESET') return message === 'socket hang up' ? 'EOF' : 'read: connection reset by peer';
  return message;
}
