import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { kubectlBinary, unsupported } from '../../../../helm/test/helm-binaries.ts';
import { until } from '../../fakes/ticks.ts';
import { type StreamsApi, startStreamsApi } from './support/api.ts';
import { listenIn, type Target } from './support/targets.ts';

const describeWithKubectl = unsupported ? describe.skip : describe;
const webSockets = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'true', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'true' };
const spdy = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' };

describeWithKubectl.each([
  ['1.32 over WebSocket', 3, webSockets],
  ['1.32 over SPDY', 3, spdy],
  ['1.35 over WebSocket', 4, webSockets],
  ['1.35 over SPDY', 4, spdy],
] as const)('kubectl %s', (_, beside, env) => {
  let api: StreamsApi;
  let binary: string;
  let folder: string;
  let children: ChildProcess[];
  let targets: Target[];
  beforeEach(async () => {
    api = await startStreamsApi();
    binary = await kubectlBinary(beside);
    folder = await mkdtemp(path.join(tmpdir(), 'streams-'));
    children = [];
    targets = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await api.close();
    for (const target of targets) await target.close();
    await rm(folder, { recursive: true });
  });

  function start(...args: string[]) {
    const child = spawn(binary, [...args, '--cache-dir', path.join(folder, 'cache')], {
      env: { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: api.kubeconfigFile, ...env },
      cwd: folder,
    });
    children.push(child);
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      said.out += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      said.err += String(chunk);
    });
    const exit = once(child, 'close').then(([code]) => code as number);
    return { child, said, exit };
  }

  async function run(args: readonly string[], input = '') {
    const { child, said, exit } = start(...args);
    child.stdin.end(input);
    return { code: await exit, ...said };
  }

  test('follows logs', async () => {
    const log = new PassThrough();
    api.node.log = () => log;
    const { said, exit } = start('logs', '-f', 'web-1');
    log.write('one\n');
    await until('the line is there', () => said.out === 'one\n');
    log.end('two\n');
    expect(await exit).toBe(0);
    expect(said.out).toBe('one\ntwo\n');
  });

  test('shows why there is no log', async () => {
    const { code, err } = await run(['logs', 'web-1', '-c', 'db']);
    expect([code, err]).toEqual([1, expect.stringContaining('container db is not valid for pod web-1')]);
    api.node.log = () => Readable.from(['old\n']);
    expect(await run(['logs', 'web-1', '--previous', '--tail=1'])).toMatchObject({ code: 0, out: 'old\n' });
    expect(api.node.logQueries[0]).toMatchObject({ previous: true, tailLines: 1 });
  });

  test('runs a program', async () => {
    const done = await run(['exec', 'web-1', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(done).toEqual({ code: 7, out: 'out\n', err: 'err\ncommand terminated with exit code 7\n' });
  });

  test('runs a program with input to its end', async () => {
    const done = await run(['exec', '-i', 'web-1', '--', 'sh', '-c', 'cat; echo end'], 'text ');
    expect(done).toMatchObject({ code: 0, out: 'text end\n' });
  });

  test('shows why a program does not run', async () => {
    const { code, err } = await run(['exec', 'web-1', '-c', 'db', '--', 'true']);
    expect([code, err]).toEqual([1, expect.stringContaining('container db is not valid for pod web-1')]);
  });

  test('copies files both ways', async () => {
    await writeFile(path.join(folder, 'here'), Buffer.alloc(3_000_000, 'x'));
    const there = path.join(folder, 'there');
    expect(await run(['cp', 'here', `web-1:${there}`])).toMatchObject({ code: 0 });
    expect(await readFile(there)).toHaveLength(3_000_000);
    expect(await run(['cp', `web-1:${there}`, 'back'])).toMatchObject({ code: 0 });
    expect(await readFile(path.join(folder, 'back'))).toHaveLength(3_000_000);
  });

  test('forwards a port, many times', async () => {
    targets.push(
      await listenIn(api.node, 8080, (socket) => {
        let text = '';
        socket.on('data', (chunk) => {
          text += String(chunk);
        });
        socket.on('end', () => socket.end(`all of ${text}`));
      }),
    );
    const { child, said } = start('port-forward', 'web-1', ':8080', '--address', '127.0.0.1');
    await until('it listens', () => said.out.includes('Forwarding from'));
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(said.out)?.[1]);
    const ask = async (text: string) => {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      socket.end(text);
      let answer = '';
      for await (const chunk of socket) answer += String(chunk);
      return answer;
    };
    const texts = Array.from({ length: 20 }, (_, index) => `number ${index}`);
    expect(await Promise.all(texts.map(ask))).toEqual(texts.map((text) => `all of ${text}`));
    expect(await ask('the last')).toBe('all of the last');
    expect(api.upgrades).toHaveLength(1);
    child.kill();
    await until('the stream is over', () => api.open() === 0);
  });

  test('shows that a port is refused', async () => {
    api.faults.refuseForwards = true;
    const { said } = start('port-forward', 'web-1', ':4000', '--address', '127.0.0.1');
    await until('it listens', () => said.out.includes('Forwarding from'));
    connect({ port: Number(/127\.0\.0\.1:(\d+)/.exec(said.out)?.[1]), host: '127.0.0.1' }).on('error', () => {});
    await until('it is refused', () => said.err.includes('connection refused'));
    expect(said.err).toContain('an error occurred forwarding');
  });
});
