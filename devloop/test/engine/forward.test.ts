import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnansweredError } from '../../src/model/errors.ts';
import { openConnections, setUpForward } from '../fakes/forward-setup.ts';
import { createPodConnection } from '../fakes/pod-stream.ts';
import { settle, until } from '../fakes/ticks.ts';
import { deployed, imageOf, samplePod, startTime } from '../support/sample.ts';

let given: Awaited<ReturnType<typeof setUpForward>>;
beforeEach(async () => {
  given = await setUpForward();
});
afterEach(() => given.end());
const notices = () => given.store.of('notice').map(({ text }) => text);

describe('a connection', () => {
  it('goes to the pod that answers, and back', async () => {
    const { dials, show, open } = given;
    show();
    const client = await open();
    client.socket.write('ping');
    await until('the pod hears', () => dials[0]?.connection.heard() === 'ping');
    dials[0]?.connection.far.write('pong');
    await until('the client hears', () => client.heard() === 'pong');
    expect(dials.map(({ pod }) => pod)).toEqual(['backend-7d9f-0']);
  });

  it('is held, with what it sends, until a pod answers', async () => {
    const { dials, show, open } = given;
    const client = await open();
    client.socket.write('early ');
    await settle(20);
    expect(dials).toEqual([]);
    show(samplePod('backend', 0, { ready: false }));
    await settle();
    expect(dials).toEqual([]);
    show();
    await until('the pod is dialled', () => dials.length === 1);
    client.socket.write('late');
    await until('the pod hears all', () => dials[0]?.connection.heard() === 'early late');
    expect(client.closed()).toBe(false);
  });

  it('goes to the newest pod each time', async () => {
    const { dials, show, open } = given;
    show();
    await open();
    await until('the first is dialled', () => dials.length === 1);
    show(samplePod('backend', 1));
    await open();
    await until('the second is dialled', () => dials.length === 2);
    expect(dials.map(({ pod }) => pod)).toEqual(['backend-7d9f-0', 'backend-7d9f-1']);
  });

  it('ends when the pod closes it', async () => {
    const { dials, show, open } = given;
    show();
    const client = await open();
    await until('the pod is dialled', () => dials.length === 1);
    dials[0]?.connection.far.write('bye');
    dials[0]?.connection.far.destroy();
    await until('the client sees the end', () => client.socket.readableEnded);
    expect(client.heard()).toBe('bye');
  });

  it('ends for the pod when the client goes', async () => {
    const { server, dials, show, open } = given;
    show();
    const client = await open();
    await until('the pod is dialled', () => dials.length === 1);
    client.socket.resetAndDestroy();
    await until('the pod sees the end', () => dials[0]?.connection.near.destroyed === true);
    expect(await openConnections(server)).toBe(0);
  });

  it('breaks when the pod breaks it within an answer', async () => {
    const { dials, show, open } = given;
    show();
    const client = await open();
    await until('the pod is dialled', () => dials.length === 1);
    dials[0]?.connection.far.write('half an ans');
    await until('the client hears it', () => client.heard() !== '');
    dials[0]?.connection.near.destroy(new Error('lost'));
    await until('the client is closed', () => client.socket.readableEnded || client.closed());
    await settle(20);
    expect(dials).toHaveLength(1);
  });
});

describe('a pod that refuses', () => {
  it('before its first byte is dialled again, and hears all from the beginning', async () => {
    const { clock, dials, show, open } = given;
    show();
    const client = await open();
    client.socket.write('GET / ');
    await until('the pod is dialled', () => dials.length === 1);
    await until('the pod hears', () => dials[0]?.connection.heard() === 'GET / ');
    dials[0]?.connection.near.destroy(new Error('connection refused'));
    await settle();
    client.socket.write('HTTP/1.1');
    clock.advance(50);
    await until('the pod is dialled again', () => dials.length === 2);
    await until('the pod hears all', () => dials[1]?.connection.heard() === 'GET / HTTP/1.1');
    dials[1]?.connection.far.write('200');
    await until('the client hears', () => client.heard() === '200');
    expect(dials).toHaveLength(2);
  });

  it('gives the connection to the next pod', async () => {
    const { clock, dials, show, open } = given;
    show();
    const client = await open();
    client.socket.write('x');
    await until('the pod is dialled', () => dials.length === 1);
    dials[0]?.connection.near.destroy(new Error('gone'));
    await settle();
    show(samplePod('backend', 1));
    clock.advance(50);
    await until('the next is dialled', () => dials.length === 2);
    expect(dials[1]?.pod).toBe('backend-7d9f-1');
  });

  it('may be one that cannot be dialled at all', async () => {
    const { kubernetes, clock, dials, show, open } = given;
    const { onDial } = kubernetes;
    let failures = 0;
    kubernetes.onDial = async () => {
      failures += 1;
      throw new Error('404');
    };
    show();
    const client = await open();
    client.socket.write('x');
    for (let times = 1; times <= 3; times += 1) {
      await until('the dial fails', () => failures === times && clock.pending() === 2);
      if (times === 3) kubernetes.onDial = onDial;
      clock.advance(50 * 2 ** (times - 1));
    }
    await until('the pod hears', () => dials[0]?.connection.heard() === 'x');
    expect(failures).toBe(3);
  });

  it('after more bytes than are kept breaks the connection', async () => {
    const { dials, show, open } = given;
    show();
    const client = await open();
    client.socket.write(Buffer.alloc(600_000, 'x'));
    await until('the pod hears much', () => (dials[0]?.connection.heard().length ?? 0) > 400_000);
    dials[0]?.connection.near.destroy(new Error('gone'));
    await until('the client is closed', () => client.closed() || client.socket.readableEnded);
    expect(dials).toHaveLength(1);
  });
});

describe('a pod that goes on refusing', () => {
  const shown = () => given.store.of('forward.changed').map(({ forward }) => [forward.status, forward.why]);
  /** Lets pauses pass until the condition holds. */
  const passing = (what: string, holds: () => boolean) =>
    until(what, () => {
      given.clock.advance(50);
      return holds();
    });

  it('is shown with the reason, checked without a client, and shown as ready when it takes a connection', async () => {
    const { kubernetes, clock, dials, show, open } = given;
    const { onDial } = kubernetes;
    let refused = 0;
    kubernetes.onDial = async () => {
      refused += 1;
      throw new Error('dial tcp4 127.0.0.1:8080: connect: connection refused');
    };
    show();
    const client = await open();
    await passing('it is shown', () => shown().at(-1)?.[1] !== undefined);
    expect(shown().at(-1)).toEqual(['held', 'nothing listens on port 8080 of backend-7d9f-0']);
    client.socket.resetAndDestroy();
    const before = refused;
    await passing('it is checked', () => refused >= before + 3);
    kubernetes.onDial = onDial;
    await passing('it is ready', () => shown().at(-1)?.[0] === 'ready');
    await passing('the check is over', () => dials[0]?.connection.near.destroyed === true && clock.pending() === 0);
    expect(dials).toHaveLength(1);
    expect(shown().map(([status]) => status)).toEqual(['held', 'ready', 'held', 'ready']);
  });

  it('is the reason that a client is told when its time is over', async () => {
    const { kubernetes, show, open } = given;
    kubernetes.onDial = async () => {
      throw new Error('connection refused');
    };
    show();
    const client = await open();
    client.socket.write('GET / HTTP/1.1\r\n\r\n');
    await passing('it is told', () => client.heard() !== '');
    expect(client.heard()).toMatch(/503.*nothing listens on port 8080 of backend-7d9f-0 within 30 s/s);
  });

  it('is not what is shown once there is another', async () => {
    const { kubernetes, clock, show, open } = given;
    const { onDial } = kubernetes;
    kubernetes.onDial = async (pod, port) => {
      if (pod === 'backend-7d9f-0') throw new Error('502');
      return onDial(pod, port);
    };
    show();
    const client = await open();
    await passing('it is shown', () => shown().at(-1)?.[1] === 'backend-7d9f-0 cannot be reached: 502');
    show(samplePod('backend', 1));
    expect(shown().at(-1)).toEqual(['ready', undefined]);
    await passing('the other takes the client', () => given.dials.length === 1);
    await passing('nobody is checked any more', () => clock.pending() === 0);
    expect(client.closed()).toBe(false);
  });
});

describe('a client', () => {
  it('that goes while it waits is forgotten', async () => {
    const { server, clock, dials, show, open } = given;
    const client = await open();
    await until('it is held', () => clock.pending() === 1);
    client.socket.resetAndDestroy();
    await until('it is gone', () => clock.pending() === 0);
    show();
    await settle(20);
    expect(dials).toEqual([]);
    expect(await openConnections(server)).toBe(0);
  });

  it('that goes while the pod is dialled leaves no stream', async () => {
    const { kubernetes, server, show, open } = given;
    const connection = createPodConnection();
    let answer = () => {};
    kubernetes.onDial = () =>
      new Promise((resolve) => {
        answer = () => resolve(connection.near);
      });
    show();
    const client = await open();
    client.socket.resetAndDestroy();
    await settle(20);
    for (let open = 1; open > 0; ) open = await openConnections(server);
    answer();
    await until('the stream is closed', () => connection.near.destroyed);
    expect(connection.near.destroyed).toBe(true);
  });

  it('is let go after 30 s without a pod', async () => {
    const { clock, open, port } = given;
    const client = await open();
    await until('it is held', () => clock.pending() === 1);
    clock.advance(29_999);
    await settle(20);
    expect(client.closed() || client.socket.readableEnded).toBe(false);
    clock.advance(1);
    await until('it is let go', () => client.closed());
    clock.advance(1000);
    expect(notices()).toEqual([
      `http://localhost:${port}: a connection was ended: no pod of backend answered within 30 s`,
    ]);
    expect(clock.pending()).toBe(0);
  });

  it.each([
    ['GET /a HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1\.1 503 .*devloop: no pod of backend answered within 30 s\n$/s],
    ['POST / HTTP/1.0\n\n', /^HTTP\/1\.1 503 /],
    ['PRI * HTTP/2.0\r\n\r\n', /^$/],
    ['*1\r\n$4\r\nPING\r\n', /^$/],
  ])('that has sent %j is let go in its own words', async (text, answer) => {
    const { clock, open } = given;
    const client = await open();
    client.socket.write(text);
    await until('it is held', () => clock.pending() === 1);
    await settle(20);
    clock.advance(30_000);
    await until('it is let go', () => client.closed() || client.socket.readableEnded);
    expect(client.heard()).toMatch(answer);
  });

  it('is one of 256 that wait; the next are ended at once', async () => {
    const { clock, dials, show, open, port } = given;
    const all = [];
    for (let count = 0; count < 256; count += 1) all.push(await open());
    await until('they are held', () => clock.pending() === 256);
    const over = [1, 2, 3].map(() => connect({ port, host: '127.0.0.1' }).on('error', () => {}));
    await until('they are ended', () => over.every(({ closed }) => closed));
    clock.advance(1000);
    expect(notices()).toEqual([
      `http://localhost:${port}: 3 connections were ended: 256 connections wait for a pod of backend already`,
    ]);
    expect(all.some(({ closed }) => closed())).toBe(false);
    show();
    await until('those that were held get through', () => dials.length === 256);
    const next = await open();
    await until('and so does the next', () => dials.length === 257);
    expect(next.closed()).toBe(false);
  });

  it('that does not end its side is cut off half a minute after the pod has closed', async () => {
    const { server, clock, dials, show, open } = given;
    show();
    const client = await open();
    await until('the pod is dialled', () => dials.length === 1);
    dials[0]?.connection.far.end('all');
    dials[0]?.connection.far.destroy();
    await until('the client has it all', () => client.socket.readableEnded && clock.pending() === 1);
    clock.advance(29_999);
    await settle(20);
    expect(await openConnections(server)).toBe(1);
    clock.advance(1);
    for (let left = 1; left > 0; ) left = await openConnections(server);
    expect([client.heard(), clock.pending()]).toEqual(['all', 0]);
  });

  it('that has said all gets its answer, however long that takes', async () => {
    const { clock, dials, show, open } = given;
    show();
    const client = await open();
    client.socket.end('question');
    await until('the pod hears', () => dials[0]?.connection.heard() === 'question');
    await until('the pod hears the end', () => dials[0]?.connection.near.writableFinished === true);
    clock.advance(60_000);
    dials[0]?.connection.far.write('answer');
    await until('the client hears', () => client.heard() === 'answer');
    expect(dials[0]?.connection.near.destroyed).toBe(false);
    dials[0]?.connection.far.destroy();
    await until('the client sees the end', () => client.closed());
    expect(clock.pending()).toBe(0);
  });
});

describe('closing', () => {
  it('ends every connection and the listener', async () => {
    const { forward, port, clock, dials, show, open } = given;
    const held = await open();
    await until('it is held', () => clock.pending() === 1);
    show();
    const running = await open();
    await until('both are dialled', () => dials.length === 2);
    await forward.close();
    await until('both are closed', () =>
      [held, running].every(({ socket, closed }) => closed() || socket.readableEnded),
    );
    await until('the pods see the end', () => dials.every(({ connection }) => connection.near.destroyed));
    expect(clock.pending()).toBe(0);
    const again = connect({ port, host: '127.0.0.1' });
    const refused = await new Promise<string | undefined>((resolve) =>
      again.on('error', (error: NodeJS.ErrnoException) => resolve(error.code)),
    );
    expect(refused).toBe('ECONNREFUSED');
  });

  it('says nothing any more', async () => {
    const { forward, store, show } = given;
    await forward.close();
    const before = store.of('forward.changed').length;
    show();
    expect(store.of('forward.changed')).toHaveLength(before);
  });
});

describe('what is shown of it', () => {
  it('changes when its pod does, and only then', () => {
    const { store, show, port } = given;
    show();
    show(samplePod('backend', 0, { phase: 'Running' }));
    show(samplePod('backend', 1));
    for (const event of deployed({ backend: imageOf('backend', 1) }, 'x')) store.dispatch(event);
    store.dispatch({ type: 'pod.removed', uid: 'backend-7d9f-0', name: 'backend-7d9f-0', service: 'backend' });
    store.dispatch({ type: 'pod.removed', uid: 'backend-7d9f-1', name: 'backend-7d9f-1', service: 'backend' });
    expect(store.of('forward.changed').map(({ forward }) => forward)).toEqual([
      { service: 'backend', local: port, remote: 8080, status: 'held' },
      { service: 'backend', local: port, remote: 8080, status: 'ready', pod: 'backend-7d9f-0' },
      { service: 'backend', local: port, remote: 8080, status: 'ready', pod: 'backend-7d9f-1' },
      { service: 'backend', local: port, remote: 8080, status: 'held' },
    ]);
    expect(store.of('forward.changed')[0]?.at).toBe(startTime);
  });
});

describe('a program that is started anew while a connection waits for its answer', () => {
  const restart = (status: 'restarting' | 'current' | 'connecting', edit: number) => {
    const pod = samplePod('backend');
    given.store.dispatch({
      type: 'pod.update',
      service: 'backend',
      uid: pod.uid,
      pod: pod.name,
      update: { status, edit },
    });
  };

  async function ask(text: string, restarted = () => restart('restarting', 0)) {
    const { dials, show, open, clock } = given;
    show();
    const client = await open();
    client.socket.write(text);
    await until('the pod hears', () => dials[0]?.connection.heard() === text);
    restarted();
    dials[0]?.connection.near.destroy();
    await settle(20);
    clock.advance(100);
    restart('current', 1);
    return client;
  }

  it('is asked again when that is safe', async () => {
    const client = await ask('GET / HTTP/1.1\r\n\r\n');
    await until('the pod is dialled again', () => given.dials.length === 2);
    await until('the pod hears', () => given.dials[1]?.connection.heard() === 'GET / HTTP/1.1\r\n\r\n');
    given.dials[1]?.connection.far.write('HTTP/1.1 200 OK');
    await until('the client hears', () => client.heard() === 'HTTP/1.1 200 OK');
  });

  it('is not asked again when it ended by itself: the question may be what ends it', async () => {
    restart('current', 3);
    const client = await ask('GET /exit HTTP/1.1\r\n\r\n', () => restart('connecting', 0));
    await until('the client is told', () => client.socket.readableEnded);
    expect(given.dials).toHaveLength(1);
  });

  it('is not asked again for what it may have done', async () => {
    const client = await ask('POST / HTTP/1.1\r\n\r\n');
    await until('the client is told', () => client.socket.readableEnded);
    expect(given.dials).toHaveLength(1);
  });
});

describe('a way that breaks while a connection waits for its answer', () => {
  async function ask(text: string) {
    const { dials, show, open, clock } = given;
    show();
    const client = await open();
    client.socket.write(text);
    await until('the pod hears', () => dials[0]?.connection.heard() === text);
    dials[0]?.connection.near.destroy(new UnansweredError('the connection was closed'));
    await settle(20);
    clock.advance(100);
    return client;
  }

  it('is gone again when that is safe', async () => {
    const client = await ask('GET / HTTP/1.1\r\n\r\n');
    await until('the pod is dialled again', () => given.dials.length === 2);
    await until('the pod hears', () => given.dials[1]?.connection.heard() === 'GET / HTTP/1.1\r\n\r\n');
    given.dials[1]?.connection.far.write('HTTP/1.1 200 OK');
    await until('the client hears', () => client.heard() === 'HTTP/1.1 200 OK');
  });

  it('ends the connection when the pod may have done what it was asked', async () => {
    const client = await ask('POST / HTTP/1.1\r\n\r\n');
    await until('the client is told', () => client.socket.readableEnded);
    expect(given.dials).toHaveLength(1);
  });
});
