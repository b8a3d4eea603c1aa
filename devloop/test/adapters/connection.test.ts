import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type FakeApiServer, sendJson, startApiServer } from '../fakes/api-server.ts';
import { settle } from '../fakes/ticks.ts';

let server: FakeApiServer;
const { signal } = new AbortController();
beforeEach(async () => {
  server = await startApiServer();
});
afterEach(() => server.close());

it('is used for one request after the other', async () => {
  const sockets = new Set<Socket>();
  server.answer = (_, response, incoming) => {
    sockets.add(incoming.socket);
    sendJson(response, {});
  };
  for (let asked = 0; asked < 3; asked += 1) {
    await server.connection.ask('/probe', signal, 5000);
    // It is free again with the end of the answer, one turn later.
    await settle();
  }
  expect(sockets.size).toBe(1);
});

it('that the server closes as it is used again is made anew', async () => {
  let asked = 0;
  server.answer = (_, response, incoming) => {
    asked += 1;
    if (asked === 2) incoming.socket.destroy();
    else sendJson(response, { asked });
  };
  await server.connection.ask('/probe', signal, 5000);
  await settle();
  expect(await server.connection.ask('/probe', signal, 5000)).toEqual({ status: 200, body: '{"asked":3}' });
});

it('that the server closes on every request fails', async () => {
  server.answer = (_, __, incoming) => incoming.socket.destroy();
  await expect(server.connection.ask('/probe', signal, 5000)).rejects.toThrow('does not answer');
});

it('that is reset in the midst of an answer fails there, and nothing is asked again', async () => {
  let asked = 0;
  server.answer = (_, response, incoming) => {
    asked += 1;
    if (asked === 1) return sendJson(response, {});
    response.write('the first half');
    setImmediate(() => incoming.socket.resetAndDestroy());
  };
  await server.connection.ask('/probe', signal, 5000);
  await settle();
  await expect(server.connection.ask('/watch', signal, 5000)).rejects.toThrow(/aborted|ECONNRESET/);
  await settle();
  expect(asked).toBe(2);
});
