import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../src/adapters/kubernetes/objects.ts';
import { reflect } from '../../src/adapters/kubernetes/reflect.ts';
import type { WatchLimits } from '../../src/adapters/kubernetes/watch-objects.ts';
import { type FakeApiServer, sendJson, sendStatus, startApiServer } from '../fakes/api-server.ts';
import { settle, until } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const path = '/api/v1/namespaces/dev/pods';
const podOf = (name: string, version: number): KubeObject => ({
  metadata: { uid: name, name, resourceVersion: String(version) },
});

let server: FakeApiServer;
let controller: AbortController;
/** What the API server has, and the watches that it answers. */
let objects: KubeObject[];
let version: number;
let watches: { readonly from: string; readonly response: ServerResponse }[];
let lists: number;

beforeEach(async () => {
  server = await startApiServer();
  controller = new AbortController();
  [objects, version, watches, lists] = [[podOf('a', 1), podOf('b', 2)], 10, [], 0];
  server.answer = ({ url }, response) => {
    if (url.searchParams.get('watch') === 'true') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      watches.push({ from: url.searchParams.get('resourceVersion') ?? '', response });
      return;
    }
    lists += 1;
    sendJson(response, { metadata: { resourceVersion: String(version) }, items: objects });
  };
});
afterEach(async () => {
  controller.abort();
  await server.close();
});

function setUp(limits: WatchLimits = {}) {
  const clock = createFakeClock(0);
  const told: string[] = [];
  const nameOf = (object: KubeObject) => `${object.metadata?.name}@${object.metadata?.resourceVersion}`;
  const handlers = {
    changed: (object: KubeObject) => told.push(nameOf(object)),
    removed: (object: KubeObject) => told.push(`-${object.metadata?.name}`),
    lost: () => told.push('lost'),
    connected: () => told.push('connected'),
  };
  const done = reflect(server.connection, clock, path, handlers, controller.signal, limits);
  const tell = (type: string, object: unknown) =>
    watches.at(-1)?.response.write(`${JSON.stringify({ type, object })}\n`);
  const take = () => told.splice(0);
  /** Lets pauses pass until so many watches have been asked for. */
  const untilWatch = (count: number) =>
    until(`watch ${count}`, () => {
      clock.advance(50);
      return watches.length >= count;
    });
  return { clock, told, done, tell, take, untilWatch };
}

describe('a reflected kind', () => {
  it('is listed, then watched from there', async () => {
    const { done, take, untilWatch } = setUp();
    await done;
    await untilWatch(1);
    expect(take()).toEqual(['a@1', 'b@2']);
    expect(watches[0]?.from).toBe('10');
    expect(server.requests.map(({ url }) => url.pathname)).toEqual([path, path]);
    expect(server.requests[1]?.url.searchParams.get('allowWatchBookmarks')).toBe('true');
  });

  it('is told each change once', async () => {
    const { tell, told, take, untilWatch } = setUp();
    await untilWatch(1);
    take();
    tell('ADDED', podOf('c', 11));
    tell('MODIFIED', podOf('a', 12));
    tell('MODIFIED', podOf('a', 12));
    tell('DELETED', podOf('b', 13));
    await until('all are told', () => told.includes('-b'));
    expect(take()).toEqual(['c@11', 'a@12', '-b']);
  });

  it('goes on from the last version when the server ends the watch', async () => {
    const { tell, told, take, untilWatch } = setUp();
    await untilWatch(1);
    tell('MODIFIED', podOf('a', 12));
    await until('it is told', () => told.includes('a@12'));
    watches[0]?.response.end();
    await untilWatch(2);
    expect([watches[1]?.from, lists]).toEqual(['12', 1]);
    expect(take()).toEqual(['a@1', 'b@2', 'a@12']);
  });

  it('goes on from a bookmark, which is no change', async () => {
    const { tell, take, untilWatch } = setUp();
    await untilWatch(1);
    tell('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: '50' } });
    watches[0]?.response.end();
    await untilWatch(2);
    expect(watches[1]?.from).toBe('50');
    expect(take()).toEqual(['a@1', 'b@2']);
  });

  it('lists again after 410, and tells what has gone meanwhile', async () => {
    const { tell, take, untilWatch } = setUp();
    await untilWatch(1);
    take();
    [objects, version] = [[podOf('a', 1), podOf('c', 30)], 40];
    tell('ERROR', {
      kind: 'Status',
      status: 'Failure',
      reason: 'Expired',
      code: 410,
      message: 'too old resource version: 10 (35)',
    });
    await untilWatch(2);
    expect(take()).toEqual(['-b', 'c@30']);
    expect([watches[1]?.from, lists]).toEqual(['40', 2]);
  });

  it('lists again when the watch itself is answered with 410', async () => {
    const { answer } = server;
    let refused = false;
    server.answer = (request, response, incoming) => {
      if (refused || request.url.searchParams.get('watch') !== 'true') return answer(request, response, incoming);
      refused = true;
      sendStatus(response, 410, 'Gone');
    };
    const { take, untilWatch } = setUp();
    await untilWatch(1);
    expect(lists).toBe(2);
    expect(take()).toEqual(['a@1', 'b@2']);
  });
});

describe('a connection that breaks', () => {
  it('is told, and taken up again without a gap', async () => {
    const { told, take, untilWatch } = setUp();
    await untilWatch(1);
    take();
    objects = [podOf('a', 1), podOf('b', 20)];
    server.cut();
    await until('it is told', () => told.includes('lost'));
    await untilWatch(2);
    watches[1]?.response.write(`${JSON.stringify({ type: 'MODIFIED', object: podOf('b', 20) })}\n`);
    await until('it goes on', () => told.includes('b@20'));
    expect(take()).toEqual(['lost', 'connected', 'b@20']);
  });

  it('is told as mended only once the server answers again', async () => {
    const { clock, told, untilWatch } = setUp();
    await untilWatch(1);
    const { answer } = server;
    server.answer = (_, response) => response.destroy();
    server.cut();
    for (let times = 1; times <= 4; times += 1) {
      await until('it is lost', () => told.filter((word) => word === 'lost').length >= times && clock.pending() > 0);
      clock.advance(5000);
    }
    expect(told).not.toContain('connected');
    server.answer = answer;
    await until('it is mended', () => {
      clock.advance(5000);
      return told.includes('connected');
    });
    expect(told.filter((word) => word === 'connected')).toHaveLength(1);
  });

  it('is tried less and less often', async () => {
    server.answer = (_, response) => response.destroy();
    const { clock, told } = setUp();
    const pauses: number[] = [];
    for (let times = 1; times <= 7; times += 1) {
      await until('it is lost', () => told.length === times && clock.pending() === 1);
      const before = clock.now();
      while (clock.pending() === 1) clock.advance(250);
      pauses.push(clock.now() - before);
      await settle();
    }
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  });

  it.each([
    ['as long as the server asks for', '7', 7000],
    ['a minute, however long it asks for', '86400', 60_000],
    ['no shorter than without', '0', 250],
    ['as without, for a date', 'Fri, 31 Dec 1999 23:59:59 GMT', 250],
  ])('is left alone %s', async (_, header, pause) => {
    const { answer } = server;
    server.answer = (_, response) => {
      response.writeHead(429, { 'retry-after': header });
      response.end();
    };
    const { clock, done } = setUp();
    await until('it is refused', () => server.requests.length === 1 && clock.pending() === 1);
    clock.advance(pause - 1);
    await settle(20);
    expect(server.requests).toHaveLength(1);
    server.answer = answer;
    clock.advance(1);
    await done;
    expect(server.requests.length).toBeGreaterThan(1);
  });

  it('is left alone for as long as a server asks for that refuses the watch only', async () => {
    const { answer } = server;
    let refused = 0;
    server.answer = (request, response, incoming) => {
      if (refused > 0 || request.url.searchParams.get('watch') !== 'true') return answer(request, response, incoming);
      refused += 1;
      response.writeHead(503, { 'retry-after': '3' });
      response.end();
    };
    const { clock } = setUp();
    await until('it is refused', () => clock.pending() === 1);
    clock.advance(2999);
    await settle(20);
    expect(watches).toHaveLength(0);
    clock.advance(1);
    await until('it is asked again', () => watches.length === 1);
    expect(lists).toBe(1);
  });

  it('before the first list is tried until it works', async () => {
    const { answer } = server;
    server.answer = (_, response) => sendStatus(response, 503, 'the API server is starting');
    const { clock, told, done, take } = setUp();
    await until('it is lost', () => told.includes('lost') && clock.pending() === 1);
    server.answer = answer;
    clock.advance(250);
    await done;
    expect(take()).toEqual(['lost', 'a@1', 'b@2', 'connected']);
  });
});

describe('a connection that says nothing', () => {
  it('is replaced without a word when the server takes the next', async () => {
    const { take, untilWatch } = setUp({ silentMs: 30 });
    await untilWatch(3);
    expect([take(), lists]).toEqual([['a@1', 'b@2'], 1]);
  });

  it('is told as lost when the server does not take the next, and mended when it does', async () => {
    const { told, clock, untilWatch } = setUp({ silentMs: 30, openMs: 60 });
    await untilWatch(1);
    const { answer } = server;
    server.answer = () => {};
    await until('it is lost', () => told.includes('lost'));
    server.answer = answer;
    await until('it is mended', () => {
      clock.advance(250);
      return told.includes('connected');
    });
    expect(told.filter((word) => word === 'connected')).toHaveLength(1);
  });
});

describe('a list that is refused', () => {
  it('ends with the reason', async () => {
    server.answer = (_, response) =>
      sendStatus(response, 403, 'pods is forbidden: User "dev" cannot list resource "pods"');
    const { done } = setUp();
    await expect(done).rejects.toThrow(/pods is forbidden/);
  });

  it('later on is lost only, and comes back', async () => {
    const { clock, told, untilWatch } = setUp();
    await untilWatch(1);
    const { answer } = server;
    let refusals = 0;
    server.answer = (_, response) => {
      refusals += 1;
      sendStatus(response, 403, 'not yet');
    };
    server.cut();
    await until('it is refused', () => {
      clock.advance(250);
      return refusals === 2;
    });
    server.answer = answer;
    await untilWatch(2);
    await until('it is mended', () => told.at(-1) === 'connected');
    expect(told.filter((word) => word === 'lost').length).toBeGreaterThanOrEqual(2);
  });
});

describe('the end', () => {
  it('closes the watch, and leaves no timer', async () => {
    const { clock, untilWatch } = setUp();
    await untilWatch(1);
    let closed = false;
    watches[0]?.response.on('close', () => {
      closed = true;
    });
    controller.abort();
    await until('the watch is closed', () => closed);
    await settle();
    expect([watches.length, clock.pending()]).toEqual([1, 0]);
  });

  it('before the first answer resolves', async () => {
    server.answer = () => {};
    const { done, told } = setUp();
    await until('it is asked', () => server.requests.length === 1);
    controller.abort();
    await done;
    expect(told).toEqual([]);
  });
});
