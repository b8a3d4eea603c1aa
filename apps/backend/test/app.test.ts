import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createApp } from '../src/app.ts';
import type { Config } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { openStore, type Task, type TaskStore } from '../src/store.ts';

const config: Config = {
  host: '127.0.0.1',
  port: 0,
  databasePath: ':memory:',
  apiKey: 'key-for-tests',
  logLevel: 'info',
  shutdownTimeoutMs: 2000,
  appMessage: 'hello',
};
const key = { 'x-api-key': config.apiKey };

let store: TaskStore;
let app: ReturnType<typeof createApp>;
let lines: string[];

beforeEach(() => {
  lines = [];
  store = openStore(config.databasePath);
  app = createApp(
    config,
    store,
    createLog(config.logLevel, (line) => lines.push(line)),
  );
});

afterEach(async () => {
  await app.server.stop();
});

const call = (method: string, url: string, payload?: object | string, headers: Record<string, string> = key) =>
  app.server.inject({ method, url, headers, ...(payload !== undefined && { payload }) });

const addTask = async (title: string) => (await call('POST', '/api/tasks', { title })).result as unknown as Task;

describe('tasks', () => {
  test('a new task is trimmed, stored and found under its Location', async () => {
    const added = await call('POST', '/api/tasks', { title: '  Water the plants ' });
    expect(added.statusCode).toBe(201);
    const task = JSON.parse(added.payload) as Task;
    expect(task).toMatchObject({ title: 'Water the plants', done: false, createdAt: task.updatedAt });
    expect(new Date(task.createdAt).toISOString()).toBe(task.createdAt);

    expect(added.headers.location).toMatch(new RegExp(`/api/tasks/${task.id}$`));
    expect(JSON.parse((await call('GET', `/api/tasks/${task.id}`)).payload)).toEqual(task);
    expect(JSON.parse((await call('GET', '/api/tasks')).payload)).toEqual([task]);
  });

  test('a change touches only what was sent', async () => {
    const task = await addTask('Read');
    const done = await call('PATCH', `/api/tasks/${task.id}`, { done: true });
    expect(done.statusCode).toBe(200);
    expect(done.result).toMatchObject({ id: task.id, title: 'Read', done: true, createdAt: task.createdAt });
    const renamed = await call('PATCH', `/api/tasks/${task.id}`, { title: 'Read more' });
    expect(renamed.result).toMatchObject({ title: 'Read more', done: true });
  });

  test('a deleted task is gone', async () => {
    const task = await addTask('Forget');
    expect((await call('DELETE', `/api/tasks/${task.id}`)).statusCode).toBe(204);
    expect((await call('DELETE', `/api/tasks/${task.id}`)).statusCode).toBe(404);
  });

  test.each([
    ['GET', undefined],
    ['PATCH', { done: true }],
    ['DELETE', undefined],
  ])('%s of an unknown task is 404', async (method, payload) => {
    const answer = await call(method, '/api/tasks/none', payload);
    expect(answer.statusCode).toBe(404);
    expect(answer.result).toMatchObject({ message: 'There is no task none' });
  });

  test.each([
    ['no title', {}, 'title is required'],
    ['a blank title', { title: '   ' }, 'title is not allowed to be empty'],
    ['a long title', { title: 'x'.repeat(201) }, 'title length must be less than or equal to 200'],
    ['an unknown field', { title: 'x', colour: 'red' }, 'colour is not allowed'],
    ['a text as done', { title: 'x', done: 'true' }, 'done must be a boolean'],
  ])('%s is refused with 400', async (_case, payload, message) => {
    const answer = await call('POST', '/api/tasks', payload);
    expect(answer.statusCode).toBe(400);
    expect((answer.result as unknown as { message: string }).message).toContain(message);
    expect(store.list()).toEqual([]);
  });

  test('an empty change is refused', async () => {
    const task = await addTask('Stay');
    expect((await call('PATCH', `/api/tasks/${task.id}`, {})).statusCode).toBe(400);
  });

  test('a body that is no JSON, of another type, or too large is refused', async () => {
    const json = { ...key, 'content-type': 'application/json' };
    expect((await call('POST', '/api/tasks', '{"title":', json)).statusCode).toBe(400);
    expect((await call('POST', '/api/tasks', 'a=b', { ...key, 'content-type': 'text/plain' })).statusCode).toBe(415);
    expect((await call('POST', '/api/tasks', { title: 'x'.repeat(20_000) })).statusCode).toBe(413);
  });
});

describe('the API key', () => {
  test.each([
    ['missing', {}, 'Missing API key'],
    ['wrong', { 'x-api-key': 'not-the-key' }, 'Wrong API key'],
  ])('%s: 401', async (_case, headers: Record<string, string>, message) => {
    const answer = await call('GET', '/api/tasks', undefined, headers);
    expect(answer.statusCode).toBe(401);
    expect((answer.result as unknown as { message: string }).message).toContain(message);
  });

  test.each(['/health', '/ready', '/api/info'])('%s needs none', async (url) => {
    expect((await call('GET', url, undefined, {})).statusCode).toBe(200);
  });
});

describe('status', () => {
  test('info shows the message of the settings', async () => {
    expect((await call('GET', '/api/info')).result).toMatchObject({ version: '0.1.0', message: 'hello' });
  });

  test('ready says why not when the database is closed; health stays ok', async () => {
    store.close();
    const ready = await call('GET', '/ready');
    expect(ready.statusCode).toBe(503);
    expect((ready.result as unknown as { reason: string }).reason).toContain('the database does not answer');
    expect((await call('GET', '/health')).statusCode).toBe(200);
  });

  test('ready says that it drains', async () => {
    await app.drain();
    const ready = await call('GET', '/ready');
    expect(ready.statusCode).toBe(503);
    expect(ready.result).toMatchObject({ reason: expect.stringContaining('draining') });
  });
});

describe('the log', () => {
  const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  // hapi tells of a response after inject has returned.
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

  test('has one line per request with the id that was sent, and never the key', async () => {
    const answer = await call('GET', '/api/tasks', undefined, { ...key, 'x-request-id': 'abc-1' });
    await settle();
    expect(answer.headers['x-request-id']).toBe('abc-1');
    expect(logged()).toEqual([
      {
        time: expect.any(String),
        level: 'info',
        msg: 'request',
        method: 'GET',
        path: '/api/tasks',
        status: 200,
        durationMs: expect.any(Number),
        requestId: 'abc-1',
      },
    ]);
    expect(lines.join('')).not.toContain(config.apiKey);
  });

  test('leaves out probes that succeed and keeps those that fail', async () => {
    await call('GET', '/health');
    await call('GET', '/ready');
    store.close();
    await call('GET', '/ready');
    await settle();
    expect(logged()).toMatchObject([{ level: 'error', path: '/ready', status: 503 }]);
  });

  test('tells what broke a handler', async () => {
    store.close();
    expect((await call('GET', '/api/tasks')).statusCode).toBe(500);
    await settle();
    expect(logged()).toContainEqual(
      expect.objectContaining({ msg: 'a request handler failed', error: expect.stringContaining('Error') }),
    );
  });
});
