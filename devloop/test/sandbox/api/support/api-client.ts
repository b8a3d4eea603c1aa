import { request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type ApiServer, startApiServer } from '../../../../src/sandbox/api/start-api-server.ts';
import { Faults } from '../../../../src/sandbox/faults.ts';
import { ObjectStore } from '../../../../src/sandbox/store/object-store.ts';
import type { KubeObject } from '../../../../src/sandbox/store/objects.ts';
import { createFakeClock, type FakeClock } from '../../../support/fake-clock.ts';
import { calmNode, echoStreams, lenientRules, plainPresentation } from './fake-parts.ts';

export const token = 'open-sesame';
export const start = Date.parse('2026-01-01T00:00:00Z');

export interface Answer {
  readonly code: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  /** The body as JSON. */
  readonly body: KubeObject & { items: KubeObject[]; [field: string]: unknown };
}

/** Lines of a watch, one after the other; undefined after the last. */
export interface WatchLines {
  readonly next: () => Promise<{ type: string; object: KubeObject & { [field: string]: unknown } } | undefined>;
  readonly leave: () => void;
}

export interface TestApi {
  readonly server: ApiServer;
  readonly store: ObjectStore;
  readonly clock: FakeClock;
  readonly faults: Faults;
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  readonly watch: (path: string, headers?: Record<string, string>) => Promise<WatchLines>;
}

/** A server over an empty store with the namespace `default`. */
export async function startTestApi(): Promise<TestApi> {
  const clock = createFakeClock(start);
  const store = new ObjectStore(clock);
  const faults = new Faults();
  store.create('Namespace', { metadata: { name: 'default' }, spec: { finalizers: ['kubernetes'] } });
  const server = await startApiServer({
    store,
    clock,
    token,
    rules: lenientRules,
    present: plainPresentation,
    streams: echoStreams,
    node: calmNode,
    faults,
  });
  const call: TestApi['call'] = async (method, path, body, headers) => {
    const response = await send(server.url, method, path, body, headers);
    const chunks: Buffer[] = [];
    for await (const chunk of response.stream as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const isJson = String(response.headers['content-type']).startsWith('application/json');
    return { code: response.code, headers: response.headers, text, body: isJson && text ? JSON.parse(text) : {} };
  };
  const watch: TestApi['watch'] = async (path, headers) => {
    const { stream } = await send(server.url, 'GET', path, undefined, headers);
    const lines = createInterface({ input: stream })[Symbol.asyncIterator]();
    // A cut connection is the end of the lines.
    stream.on('error', () => undefined);
    return {
      next: async () => {
        const { value, done } = await lines.next();
        return done ? undefined : JSON.parse(value);
      },
      leave: () => stream.destroy(),
    };
  };
  return { server, store, clock, faults, call, watch };
}

function send(
  base: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ code: number; headers: Answer['headers']; stream: Readable }> {
  return new Promise((resolve, reject) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const outgoing = request(`${base}${path}`, {
      method,
      agent: false,
      headers: {
        authorization: `Bearer ${token}`,
        'user-agent': 'tester/1.0 (linux)',
        ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...headers,
      },
    });
    outgoing.once('error', reject);
    outgoing.once('response', (response) =>
      resolve({ code: response.statusCode ?? 0, headers: response.headers, stream: response }),
    );
    outgoing.end(text);
  });
}

/** A ConfigMap as a client sends it. */
export const configMap = (name: string, fields: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...fields,
});
