import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../../fakes/ticks.ts';
import { type StreamsApi, startStreamsApi } from './support/api.ts';

const base = '/api/v1/namespaces/dev/pods/web-1';
let api: StreamsApi;
let server: Server;
let requests: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  api = await startStreamsApi();
  requests = [];
  answer = (_, response) => response.end('hello');
  server = createServer((incoming, response) => {
    requests.push(incoming);
    answer(incoming, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  api.node.ports.set(8080, (server.address() as AddressInfo).port);
  const [container] = api.pods.get('web-1')?.spec.containers ?? [];
  if (container) container.ports = [{ containerPort: 8080 }, { containerPort: 9090 }];
});
afterEach(async () => {
  await api.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const start = (path: string, method = 'GET', headers: Record<string, string> = {}) =>
  request(api.url + path, { method, headers });

async function ask(path: string, method = 'GET', headers: Record<string, string> = {}, body = '') {
  const sent = start(path, method, headers);
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const text = Buffer.concat(await response.toArray()).toString();
  return { status: response.statusCode, headers: response.headers, text };
}

describe('the proxy of a pod', () => {
  test('reaches the first port that a container names', async () => {
    expect(await ask(`${base}/proxy/`)).toMatchObject({ status: 200, text: 'hello' });
    expect(requests[0]?.url).toBe('/');
  });

  test('passes path and query on', async () => {
    await ask(`${base}:8080/proxy/a/b%20c/?x=1&y=%2F`);
    expect(requests[0]?.url).toBe('/a/b%20c/?x=1&y=%2F');
  });

  test('sends the headers of a proxy, and not the token', async () => {
    const headers = { authorization: 'Bearer secret', 'x-own': 'kept', 'x-forwarded-for': '10.0.0.1', te: 'trailers' };
    await ask(`${base}:8080/proxy/a`, 'GET', headers);
    expect(requests[0]?.headers).toMatchObject({
      'x-own': 'kept',
      'x-forwarded-for': '10.0.0.1, 127.0.0.1',
      'x-forwarded-uri': `${base}:8080/proxy/a`,
      host: `127.0.0.1:${api.port}`,
    });
    expect(requests[0]?.headers).not.toHaveProperty('authorization');
    expect(requests[0]?.headers).not.toHaveProperty('te');
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('passes %s with its body on', async (method) => {
    answer = (incoming, response) => incoming.pipe(response);
    expect(await ask(`${base}:8080/proxy/a`, method, { 'transfer-encoding': 'chunked' }, 'a body')).toMatchObject({
      status: 200,
      text: 'a body',
    });
    expect(requests[0]?.method).toBe(method);
  });

  test('gives status and headers of the answer back', async () => {
    answer = (_, response) => response.writeHead(418, { 'x-own': 'kept', 'content-type': 'text/x' }).end();
    const { status, headers } = await ask(`${base}:8080/proxy/a`);
    expect(status).toBe(418);
    expect(headers).toMatchObject({ 'x-own': 'kept', 'content-type': 'text/x' });
  });

  test('streams both ways at once', async () => {
    answer = (incoming, response) => {
      response.flushHeaders();
      incoming.on('data', (chunk) => response.write(`got ${String(chunk)}`));
      incoming.on('end', () => response.end());
    };
    const sent = start(`${base}:8080/proxy/a`, 'POST');
    sent.write('one');
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(String((await once(response, 'data'))[0])).toBe('got one');
    sent.write('two');
    expect(String((await once(response, 'data'))[0])).toBe('got two');
    sent.end();
    await once(response, 'end');
  });

  test('leads a redirect through itself', async () => {
    answer = (_, response) => response.writeHead(302, { location: '/login' }).end();
    const { headers } = await ask(`${base}:8080/proxy/a`);
    expect(headers.location).toBe(`${base}:8080/proxy/login`);
  });

  test('without a path leads to the one with a slash', async () => {
    const { status, headers } = await ask(`${base}:8080/proxy?x=1`);
    expect([status, headers.location]).toEqual([301, `${base}:8080/proxy/?x=1`]);
    expect(requests).toHaveLength(0);
  });

  test('says where nobody listens', async () => {
    const { status, text } = await ask(`${base}:4000/proxy/a`);
    expect(status).toBe(500);
    expect(JSON.parse(text)).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'error trying to reach service: dial tcp 10.244.0.5:4000: connect: connection refused',
      code: 500,
    });
  });

  test('says the same when the node knows a port where nobody listens', async () => {
    api.node.ports.set(4000, 1);
    const { text } = await ask(`${base}:4000/proxy/a`);
    expect(text).toContain('dial tcp 10.244.0.5:4000: connect: connection refused');
  });

  test('says that the answer never came', async () => {
    answer = (incoming) => incoming.socket.destroy();
    const { status, text } = await ask(`${base}:8080/proxy/a`);
    expect(status).toBe(500);
    expect(text).toContain('error trying to reach service: EOF');
  });

  test('breaks an answer off as the pod does', async () => {
    answer = (incoming, response) => {
      response.write('half', () => incoming.socket.destroy());
    };
    await expect(ask(`${base}:8080/proxy/a`)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('of a pod without an address is refused', async () => {
    delete api.pods.get('web-1')?.status?.podIP;
    const { status, text } = await ask(`${base}:8080/proxy/a`);
    expect([status, (JSON.parse(text) as { message: string }).message]).toEqual([400, 'address not allowed']);
  });

  test('lets go of the pod when the client goes', async () => {
    let closed = false;
    answer = (incoming, response) => {
      response.write('begun');
      incoming.socket.on('close', () => {
        closed = true;
      });
    };
    const sent = start(`${base}:8080/proxy/a`);
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.destroy();
    await until('the connection to the pod is closed', () => closed);
    await until('the stream is over', () => api.open() === 0);
  });
});
