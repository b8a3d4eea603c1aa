import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { GET as health } from '../app/health/route.ts';
import { GET as ready } from '../app/ready/route.ts';
import { addTask, BackendError, listTasks, removeTask } from '../lib/backend.ts';
import { readSettings } from '../lib/settings.ts';

let server: Server;
let answer: { status: number; body?: object; delayMs?: number };
let asked: { method: string | undefined; url: string | undefined; key: unknown; body: string }[];

const bodyOf = async (request: IncomingMessage) => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    asked.push({ method, url, key: headers['x-api-key'], body: await bodyOf(request) });
    await new Promise((resolve) => setTimeout(resolve, answer.delayMs ?? 0));
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.body && JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.BACKEND_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  process.env.API_KEY = 'key-for-tests';
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
  jest.restoreAllMocks();
});

test('settings have a default URL and lose a trailing slash', () => {
  expect(readSettings({ NODE_ENV: 'test' })).toEqual({ backendUrl: 'http://localhost:4000', apiKey: '' });
  expect(readSettings({ NODE_ENV: 'test', BACKEND_URL: 'http://b:1//', API_KEY: 'k' })).toEqual({
    backendUrl: 'http://b:1',
    apiKey: 'k',
  });
});

describe('a call', () => {
  test('sends the key and the body', async () => {
    answer = { status: 201, body: { id: '1', title: 'Read' } };
    expect(await addTask('Read')).toEqual({ id: '1', title: 'Read' });
    expect(asked).toEqual([{ method: 'POST', url: '/api/tasks', key: 'key-for-tests', body: '{"title":"Read"}' }]);
  });

  test('keeps an odd id within its path segment, and takes 204 for done', async () => {
    answer = { status: 204 };
    expect(await removeTask('../info')).toBeUndefined();
    expect(asked[0]?.url).toBe('/api/tasks/..%2Finfo');
  });

  test.each([
    [400, { message: 'title is required' }, 'refuses that: title is required'],
    [401, {}, 'both must be given the same API_KEY'],
    [404, {}, 'no longer exists'],
    [500, {}, 'failed with status 500'],
  ])('%i becomes a message for people', async (status, body, message) => {
    answer = { status, body };
    await expect(listTasks()).rejects.toThrow(BackendError);
    await expect(listTasks()).rejects.toThrow(message);
  });

  test('to a backend that is down says so, and logs the cause', async () => {
    const logged = jest.spyOn(console, 'error').mockImplementation(() => {});
    await new Promise((resolve) => server.close(resolve));
    await expect(listTasks()).rejects.toThrow('does not answer');
    expect(logged).toHaveBeenCalledWith(expect.stringContaining('ECONNREFUSED'));
  });
});

describe('the probes', () => {
  test('health does not ask the backend', async () => {
    expect((await health()).status).toBe(200);
    expect(asked).toEqual([]);
  });

  test('ready when the backend is', async () => {
    answer = { status: 200, body: { status: 'ready' } };
    expect((await ready()).status).toBe(200);
    expect(asked).toMatchObject([{ url: '/ready' }]);
  });

  test.each([
    ['says it is not', { status: 503, body: { reason: 'draining' } }, 'draining'],
    ['takes longer than a second', { status: 200, delayMs: 1500 }, 'timeout'],
  ])('not ready when the backend %s', async (_case, given, reason) => {
    answer = given;
    const response = await ready();
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: 'unavailable', reason: expect.stringContaining(reason) });
  });
});
