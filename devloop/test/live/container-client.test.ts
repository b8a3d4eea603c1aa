import { duplexPair } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { encodeLine } from '../../src/lib/shell-words.ts';
import { connectContainer, dialContainer } from '../../src/live/connect-container.ts';
import { ProtocolReader } from '../../src/live/protocol/reader.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const { signal } = new AbortController();

function setUp() {
  const clock = createFakeClock(0);
  const [stream, far] = duplexPair();
  far.on('error', () => undefined);
  const target = { pod: 'web-1', image: 'web:1', clock };
  const reader = new ProtocolReader(far);
  const say = (...words: (string | number)[]) => far.write(encodeLine(words));
  return { clock, stream, far, target, reader, say };
}

/** A client whose first ping is not answered yet; `next` is the next request but pings. */
async function connected(runner: 'node' | 'shell') {
  const all = setUp();
  const { stream, target, reader, say } = all;
  all.say('hello', 1, runner, 'mark 1');
  const live = await connectContainer(stream, target, signal);
  expect(await reader.line()).toEqual(['hello', '1', 'web:1', '']);
  const next = async () => {
    for (;;) {
      const [id = '', kind, ...words] = (await reader.line()) ?? [];
      if (kind !== 'ping') return { id, kind, words };
      say(id, 'ok', 0);
    }
  };
  return { ...all, live, next };
}

/** Lets what is under way in both directions arrive. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await setImmediate();
};

describe('the client of a container', () => {
  it('reads the mark, and leaves no timer', async () => {
    const { live, clock } = await connected('node');
    expect(live.mark).toBe('mark 1');
    live.close();
    await live.closed;
    expect(clock.pending()).toBe(0);
  });

  it('gives up when nobody says hello', async () => {
    const { clock, stream, target } = setUp();
    const fault = faultOf(connectContainer(stream, target, signal));
    await settle();
    clock.advance(5000);
    expect((await fault).problem).toEqual({
      title: 'Pod web-1 takes no live updates',
      why: 'its runner did not answer: no answer in 5 seconds',
    });
    expect(stream.destroyed).toBe(true);
    expect(clock.pending()).toBe(0);
  });

  it('gives up when it is told to', async () => {
    const { stream, target } = setUp();
    const controller = new AbortController();
    const work = connectContainer(stream, target, controller.signal);
    controller.abort(new Error('no longer'));
    await expect(work).rejects.toThrow('no longer');
    expect(stream.destroyed).toBe(true);
  });

  it.each([
    [['hello', 2, 'node', ''], 'outside', 'the answer is not that of a runner'],
    [['HTTP/1.1', 400], 'outside', 'the answer is not that of a runner'],
    [['refused', 'version'], 'outside', 'its runner is of another version of devloop'],
    [['refused', 'image'], 'outside', 'the runner that answers is not that of web:1'],
    [['refused', 'folder'], 'usage', 'the root file system is read-only'],
  ])('tells what is wrong after %j', async (words, kind, why) => {
    const { stream, target, say } = setUp();
    say(...words);
    const fault = await faultOf(connectContainer(stream, target, signal));
    expect(fault.kind).toBe(kind);
    expect(fault.problem.why).toContain(why);
  });

  it('keeps a connection that answers, and ends one that does not', async () => {
    const { live, clock, reader, say, stream } = await connected('node');
    for (let beat = 0; beat < 5; beat++) {
      const [id = '', kind] = (await reader.line()) ?? [];
      expect(kind).toBe('ping');
      say(id, 'ok', 0);
      await settle();
      clock.advance(10_000);
      await settle();
      expect(stream.destroyed).toBe(false);
    }
    const asked = faultOf(live.restart());
    clock.advance(10_000);
    await live.closed;
    expect((await asked).problem).toEqual({
      title: 'The connection to pod web-1 broke',
      why: 'nothing was heard for 10 seconds',
    });
    expect(clock.pending()).toBe(0);
  });

  it('waits for a shell as long as its command runs', async () => {
    const { live, clock, next, say, stream } = await connected('shell');
    const running = live.run(['long'], () => undefined);
    const { id } = await next();
    for (let beat = 0; beat < 6; beat++) {
      clock.advance(10_000);
      await settle();
    }
    expect(stream.destroyed).toBe(false);
    say(id, 'ok', 60_000, 0);
    expect(await running).toBe(0);
  });

  it('holds later requests back while a command runs, but no ping', async () => {
    const { live, clock, next, say, reader } = await connected('node');
    const running = live.run(['x', 'a b'], () => undefined);
    const applied = live.apply([{ kind: 'delete', path: 'a' }]);
    const first = await next();
    expect(first).toMatchObject({ kind: 'run', words: ['x', 'a b'] });
    await settle();
    clock.advance(10_000);
    const [ping = '', kind] = (await reader.line()) ?? [];
    expect(kind).toBe('ping');
    say(ping, 'ok', 0);
    say(first.id, 'line', 'out');
    say(first.id, 'ok', 1, 3);
    expect(await running).toBe(3);
    const second = await next();
    expect(second).toMatchObject({ kind: 'delete', words: ['a'] });
    say(second.id, 'ok', 1);
    await applied;
  });

  it.each([
    ['EACCES', 'permission denied', /In the Dockerfile, give \/app to the container's user/],
    ['EROFS', 'read-only file system', /readOnlyRootFilesystem to false, or mount an emptyDir at \/app/],
    ['ENOSPC', 'no space left', /Make room/],
    ['EIO', 'input/output error', undefined],
  ])('says of %s what to change', async (code, message, fix) => {
    const { live, next, say } = await connected('node');
    const fault = faultOf(live.apply([{ kind: 'delete', path: '/app/server.js' }]));
    const { id } = await next();
    say(id, 'no', code, message);
    const { kind, problem } = await fault;
    expect(kind).toBe('usage');
    expect(problem.title).toBe('Cannot write /app/server.js in pod web-1');
    expect(problem.why).toBe(`${code}: ${message}`);
    if (fix) expect(problem.fix).toMatch(fix);
    else expect(problem.fix).toBeUndefined();
  });

  it('rejects all that is under way when the connection breaks', async () => {
    const { live, next, far } = await connected('node');
    const work = [live.run(['x'], () => undefined), live.digests(['a']), live.setMark('m')].map((each) =>
      faultOf(each),
    );
    await next();
    far.destroy();
    await live.closed;
    for (const fault of await Promise.all(work)) expect(fault.problem.title).toBe('The connection to pod web-1 broke');
    expect(live.mark).toBe('mark 1');
  });

  it('takes an answer that nobody asked for as the end', async () => {
    const { live, say } = await connected('node');
    say(999, 'ok', 0);
    await live.closed;
    expect((await faultOf(live.restart())).problem.why).toBe('the runner answered what nobody asked');
  });

  it('refuses what does not fit into a line, and goes on', async () => {
    const { live, next, say } = await connected('node');
    await expect(live.setMark('x'.repeat(70_000))).rejects.toThrow('65536 are the most');
    const marked = live.setMark('short');
    const { id } = await next();
    say(id, 'ok', 0);
    await marked;
    expect(live.mark).toBe('short');
  });
});

describe('the search for a container', () => {
  /** Ports with what answers there; nobody at the others. */
  const search = (answers: Readonly<Record<number, (string | number)[]>>) => {
    const clock = createFakeClock(0);
    const dialled: number[] = [];
    const dial = async (port: number) => {
      dialled.push(port);
      const words = answers[port];
      if (!words) throw new Error(`nobody on ${port}`);
      const [stream, far] = duplexPair();
      far.on('error', () => undefined).resume();
      far.write(encodeLine(words));
      return stream;
    };
    return { dialled, found: dialContainer(dial, { pod: 'web-1', image: 'web:1', clock }, signal), clock };
  };

  it('goes on behind another container, and stops at its own', async () => {
    const { dialled, found } = search({ 49211: ['refused', 'image'], 49213: ['hello', 1, 'node', ''] });
    const live = await found;
    expect(dialled).toEqual([49_210, 49_211, 49_212, 49_213]);
    live.close();
  });

  it('says what it found last that matters', async () => {
    const { dialled, found } = search({ 49211: ['refused', 'image'], 49212: ['refused', 'token'] });
    expect((await faultOf(found)).problem.why).toBe('its runner was started by another devloop');
    expect(dialled).toHaveLength(10);
    expect((await faultOf(search({}).found)).problem).toEqual({
      title: 'Pod web-1 takes no live updates',
      why: 'nobody on 49210',
    });
  });
});
