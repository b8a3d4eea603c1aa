import { once } from 'node:events';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { faultOf } from '../fakes/fault-of.ts';
import type { TempFolder } from '../fakes/temp-folder.ts';
import { Containers, createLayer, initKind, nodeKind, runs, until } from './support.ts';

let layer: TempFolder;
beforeAll(() => {
  layer = createLayer();
});
afterAll(() => layer.remove());

/** Listens on the port that FILE names, and says so. */
const server = (host: string) => `
  const port = Number(require('node:fs').readFileSync('port', 'utf8'));
  console.log('starting');
  setTimeout(() => require('node:net').createServer().listen(port, '${host}', () => console.log('serving')), 200);
`;

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Resolves when the runner has ended a connection: with a reset, where it had something left to read. */
const ended = (stream: Duplex): Promise<void> =>
  new Promise((resolve) => {
    stream.on('error', () => {});
    stream.once('close', resolve);
  });

describe.each([nodeKind, initKind])('$name', (kind) => {
  let containers: Containers;
  beforeAll(() => {
    containers = new Containers(layer, kind);
  });
  afterEach(() => containers.end());
  const idle = { entrypoint: ['sh', '-c', 'echo "up $$"; while :; do sleep 0.05; done'] };

  describe('listening', () => {
    it.each(['127.0.0.1', '::1', '::'])('waits for a program on %s', async (host) => {
      const port = await freePort();
      const files = { 'app.cjs': server(host), port: String(port) };
      const container = containers.start({ entrypoint: ['node', 'app.cjs'], files });
      await container.printed('starting');
      const live = await container.connect();
      expect(await live.listening(await freePort(), 10)).toBe(false);
      expect(await live.listening(port, 10_000)).toBe(true);
      expect(container.output()).toContain('serving');
      expect((await Promise.all([live.restart(), live.listening(port, 10_000)]))[1]).toBe(true);
      await container.printed('serving', 2);
    });

    it('with a path waits for an answer of 200 to 399 to it', async () => {
      const port = await freePort();
      const app = `
        const since = Date.now();
        let asked = 0;
        require('node:http').createServer((request, response) => {
          asked += 1;
          const ready = request.url === '/ready?deep=1' && Date.now() - since > 300;
          response.writeHead(ready ? 200 : 503).end();
          if (ready) console.log('ready at last', asked > 1);
        }).listen(${port}, '127.0.0.1', () => console.log('serving'));
      `;
      const container = containers.start({ entrypoint: ['node', 'app.cjs'], files: { 'app.cjs': app } });
      await container.printed('serving');
      const live = await container.connect();
      expect(await live.listening(port, 50, '/other')).toBe(false);
      expect(await live.listening(port, 10_000, '/ready?deep=1')).toBe(true);
      await container.printed('ready at last true');
    });

    it('is over at once when a restart comes, and holds nothing up', async () => {
      const port = await freePort();
      const container = containers.start(idle);
      const live = await container.connect();
      let over = false;
      const listening = live.listening(port, 60_000).finally(() => {
        over = true;
      });
      await live.digests(['.']);
      expect(over).toBe(false);
      await live.restart();
      expect(await listening).toBe(false);
    });
  });

  it('gives the program its signals as a new program has them', async () => {
    for (const name of ['INT', 'QUIT'] as const) {
      const container = containers.start({ entrypoint: ['sh', '-c', 'echo up; exec sleep 100'] });
      await container.printed('up');
      await container.connect();
      container.child.kill(`SIG${name}`);
      expect(await container.exit).toBe(name === 'INT' ? 130 : 131);
    }
  });

  it('gives the program its whole environment, and keeps none of it for itself', async () => {
    const print = 'console.log(JSON.stringify(process.env)); setInterval(() => 0, 1000)';
    const preload = 'require("node:fs").appendFileSync(__dirname + "/loaded", process.argv[1] + "\\n");';
    const container = containers.start({
      entrypoint: ['node', 'app.cjs'],
      files: { 'app.cjs': print, 'preload.cjs': preload },
      env: {
        'some.dotted-name': 'a\nb=c',
        EMPTY: '',
        LETTER: 'é',
        ...(kind === initKind ? { NODE_OPTIONS: '--require ./preload.cjs' } : {}),
      },
    });
    await container.printed('}\n');
    const seen = JSON.parse(container.output()) as Record<string, string>;
    expect(seen).toMatchObject({ 'some.dotted-name': 'a\nb=c', EMPTY: '', LETTER: 'é' });
    expect(Object.keys(seen).filter((name) => /DEVLOOP_(ENTRYPOINT|CMD|IMAGE|TOKEN|INIT)/.test(name))).toEqual([]);
    if (kind === initKind) expect(existsSync(container.folder.path('loaded'))).toBe(true);
  });

  it('takes the next port when another runner has one', async () => {
    const [one, two] = [containers.start(idle), containers.start(idle)];
    const [first, second] = await Promise.all([one.connect(), two.connect()]);
    const where = async (live: typeof first) => {
      const lines: string[] = [];
      await live.run(['pwd'], (line) => lines.push(line));
      return lines[0];
    };
    expect(await where(first)).toBe(one.folder.root);
    expect(await where(second)).toBe(two.folder.root);
  });

  it('kills a command, with all that it started, when its connection ends', async () => {
    const container = containers.start(idle);
    const live = await container.connect();
    const pids: number[] = [];
    const command = live.run(['sh', '-c', 'sleep 100 & echo $!; echo $$; wait'], (line) => pids.push(Number(line)));
    command.catch(() => undefined);
    await until(() => pids.length === 2);
    live.close();
    await until(() => !pids.some(runs));
    expect((await container.connect()).mark).toBeUndefined();
  });

  it('leaves commands alone that run during a restart', async () => {
    const container = containers.start(idle);
    const [live, other] = [await container.connect(), await container.connect()];
    const command = live.run(['sh', '-c', 'sleep 0.4; sleep 0.1'], () => undefined);
    await live.digests([]);
    await other.restart();
    expect(await command).toBe(0);
  });

  it('does not wait for what a command has left running', async () => {
    const live = await containers.start(idle).connect();
    expect(await live.run(['sh', '-c', 'sleep 100 & exit 6'], () => undefined)).toBe(6);
  });

  it('answers a restart that fails, and ends', async () => {
    const program = layer.path(`program-${kind === initKind}`);
    symlinkSync('/bin/sh', program);
    const container = containers.start({ entrypoint: [program, '-c', 'echo up; while :; do sleep 0.05; done'] });
    await container.printed('up');
    const live = await container.connect();
    await live.apply([{ kind: 'delete', path: program }]);
    const fault = await faultOf(live.restart());
    expect(fault.problem.title).toBe('Cannot restart the program in pod pod-1');
    expect(fault.problem.why).toContain('ENOENT');
    expect(await container.exit).toBe(127);
    expect(container.output()).toContain(`devloop: cannot run ${program}`);
  });

  it.each(['no number', '1 unknown', '1 file 999 1 x', '1 file 644 9999999999 x', '1 ping \\', 'x'.repeat(70_000)])(
    'ends a connection that says %.20s, and serves others',
    async (line) => {
      const container = containers.start(idle);
      const live = await container.connect();
      const stream = await container.open();
      stream.resume();
      stream.write(`${line}\n`);
      await ended(stream);
      await live.restart();
    },
  );

  it('runs a program that was changed meanwhile', async () => {
    const container = containers.start({
      entrypoint: ['node', 'app.cjs'],
      files: { 'app.cjs': 'console.log("one"); setInterval(() => 0, 1e3)' },
    });
    await container.printed('one');
    const live = await container.connect();
    writeFileSync(container.folder.path('app.cjs'), 'console.log("two"); setInterval(() => 0, 1e3)');
    await live.restart();
    await container.printed('two');
  });
});

it('the Node runner ends a connection that does not say hello', async () => {
  const containers = new Containers(layer, nodeKind);
  try {
    const container = containers.start({ entrypoint: ['sh', '-c', 'while :; do sleep 0.05; done'] });
    await container.connect();
    const { remotePort } = (await container.open()) as net.Socket;
    await ended(net.connect(remotePort ?? 0, '127.0.0.1').resume());
  } finally {
    await containers.end();
  }
});

it('a Node runner that finds no port free leaves the program alone', async () => {
  const taken = `require('node:net').Server.prototype.listen = function () {
    process.nextTick(() => this.emit('error', Object.assign(new Error('all are taken'), { code: 'EADDRINUSE' })));
  };`;
  const containers = new Containers(layer, nodeKind);
  try {
    const container = containers.start({
      entrypoint: ['sh', '-c', 'trap "exit 4" TERM; echo up; while :; do sleep 0.05; done'],
      files: { 'taken.cjs': taken },
      env: { NODE_OPTIONS: '--require ./taken.cjs' },
    });
    await container.printed('devloop: this container takes no live updates: all are taken');
    await container.printed('up');
    container.child.kill('SIGTERM');
    expect(await container.exit).toBe(4);
  } finally {
    await containers.end();
  }
});
