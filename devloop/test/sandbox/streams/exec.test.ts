import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Exec, type V1Status } from '@kubernetes/client-node';
import { until } from '../../fakes/ticks.ts';
import { createPod, type StreamsApi, startStreamsApi } from './support/api.ts';
import {
  type ExecTestClient,
  execOverSpdy,
  execOverWebSocket,
  execPath,
  refusedUpgrade,
  upgradeToSpdy,
} from './support/exec-clients.ts';

let api: StreamsApi;
beforeEach(async () => {
  api = await startStreamsApi();
});
afterEach(() => api.close());

type Open = (api: StreamsApi, path: string, protocol: string) => Promise<ExecTestClient>;
const clients: [string, string, Open][] = [
  ['a WebSocket, v5', 'v5.channel.k8s.io', execOverWebSocket],
  ['a WebSocket, v4', 'v4.channel.k8s.io', execOverWebSocket],
  ['SPDY, v5', 'v5.channel.k8s.io', execOverSpdy],
  ['SPDY, v4', 'v4.channel.k8s.io', execOverSpdy],
];
const success = { metadata: {}, status: 'Success' };

describe.each(clients)('exec over %s', (name, protocol, open) => {
  const halfCloses = name !== 'a WebSocket, v4';
  const exec = (script: string, flags?: string) => open(api, execPath(['sh', '-c', script], flags), protocol);
  const over = ({ heard }: ExecTestClient) => until('the connection is closed', () => heard.closed);

  test('brings both outputs and the end', async () => {
    const client = await exec('echo out; echo err >&2');
    await over(client);
    expect(client.heard).toMatchObject({ stdout: 'out\n', stderr: 'err\n' });
    expect(JSON.parse(client.heard.status)).toEqual(success);
    await until('the stream is over', () => api.open() === 0 && api.sockets.size === 0);
  });

  test('says the exit code', async () => {
    const client = await exec('exit 3');
    await over(client);
    expect(JSON.parse(client.heard.status)).toEqual({
      metadata: {},
      status: 'Failure',
      message: 'command terminated with non-zero exit code: Error executing in Docker Container: 3',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    });
  });

  test('passes words on as they are', async () => {
    const client = await open(api, execPath(['printf', '%s|', 'a b', '$HOME', '']), protocol);
    await over(client);
    expect(client.heard.stdout).toBe('a b|$HOME||');
  });

  test('brings standard input to the program, and answers while it is open', async () => {
    const client = await exec('while read line; do echo "got $line"; done');
    client.writeStdin('one\n');
    await until('there is an answer', () => client.heard.stdout === 'got one\n');
    client.writeStdin('two\n');
    await until('there is another', () => client.heard.stdout.endsWith('got two\n'));
  });

  if (halfCloses)
    test('ends standard input alone', async () => {
      const client = await exec('cat; echo end');
      client.writeStdin('text ');
      client.endStdin();
      await over(client);
      expect(client.heard.stdout).toBe('text end\n');
    });

  test('kills the program when the client goes', async () => {
    const client = await exec('echo ready; sleep 1000');
    await until('it runs', () => client.heard.stdout === 'ready\n');
    client.drop();
    await until('it is killed', () => api.node.processes[0]?.signalCode === 'SIGKILL');
    await until('the stream is over', () => api.open() === 0);
  });

  test('carries 20 MB without loss', async () => {
    const client = await exec('head -c 20000000 /dev/zero');
    await over(client);
    expect(client.heard.stdoutSize).toBe(20_000_000);
    expect(JSON.parse(client.heard.status)).toEqual(success);
  });

  test('leaves out what was not asked for', async () => {
    const client = await exec('cat; echo out; echo err >&2', 'stdout=true');
    await over(client);
    expect(client.heard).toMatchObject({ stdout: 'out\n', stderr: '' });
    expect(api.node.execs[0]).toMatchObject({ stdin: false, tty: false, container: 'web' });
  });

  test('with a terminal has no stderr of its own, and passes sizes over', async () => {
    const client = await exec('read line; echo "$line"', 'stdin=true&stdout=true&stderr=true&tty=true');
    client.writeStdin('hello\n');
    await over(client);
    expect(client.heard.stdout).toBe('hello\n');
    expect(api.node.execs[0]).toMatchObject({ stdin: true, tty: true });
  });

  test('outlives input that the program does not read', async () => {
    const client = await exec('exec 0<&-; echo closed; sleep 0.05; exit 4');
    client.writeStdin(Buffer.alloc(500_000));
    client.writeStdin(Buffer.alloc(500_000));
    await over(client);
    expect(client.heard.status).toContain('"ExitCode"');
  });
});

describe('an exec request', () => {
  const webSocket = { upgrade: 'websocket', 'sec-websocket-protocol': 'v4.channel.k8s.io' };

  test.each([
    ['an unknown container', '&container=db', 400, 'container db is not valid for pod web-1'],
    ['no stream', '', 400, 'you must specify at least 1 of stdin, stdout, stderr'],
  ])('with %s is refused', async (_, query, status, message) => {
    const flags = query === '' ? 'stdout=false' : `stdout=1${query}`;
    const refused = await refusedUpgrade(api, execPath(['true'], flags), webSocket);
    expect(refused.status).toBe(status);
    expect(refused.body).toContain(message);
    expect(api.node.execs).toHaveLength(0);
  });

  test('to a container that does not run has the kubelet answer in plain text', async () => {
    api.pods.set('web-1', createPod('web-1', ['stopped']));
    const refused = await refusedUpgrade(api, execPath(['true']), webSocket);
    expect(refused).toMatchObject({ status: 500, body: 'container not found ("stopped")' });
  });

  test('whose program does not start says so', async () => {
    const refused = await refusedUpgrade(api, execPath(['no-such-program']), webSocket);
    expect(refused).toMatchObject({ status: 500, body: expect.stringContaining('spawn no-such-program ENOENT') });
  });

  test("serves client-node's Exec, with input to its end", async () => {
    const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const ended = new Promise<V1Status>((resolve) => {
      const command = ['sh', '-c', 'cat; echo err >&2; exit 5'];
      void new Exec(api.kubeConfig).exec('dev', 'web-1', 'web', command, output, errors, input, false, resolve);
    });
    input.end('from client-node');
    expect((await ended).details?.causes).toEqual([{ reason: 'ExitCode', message: '5' }]);
    expect([String(output.read()), String(errors.read())]).toEqual(['from client-node', 'err\n']);
  });

  test('to a pod without a node is refused', async () => {
    delete api.pods.get('web-1')?.spec.nodeName;
    const { status, body } = await refusedUpgrade(api, execPath(['true']), webSocket);
    expect([status, JSON.parse(body)]).toEqual([
      400,
      expect.objectContaining({ kind: 'Status', message: 'pod web-1 does not have a host assigned' }),
    ]);
  });

  test('with an unknown WebSocket protocol is refused', async () => {
    const refused = await refusedUpgrade(api, execPath(['true']), { ...webSocket, 'sec-websocket-protocol': 'x, y' });
    expect(refused).toMatchObject({
      status: 403,
      body: 'requested protocol(s) are not supported: [x y]; supports [v5.channel.k8s.io v4.channel.k8s.io]',
    });
  });

  test('with an unknown SPDY protocol is refused, with those that are known', async () => {
    const headers = { upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'x' };
    const refused = await refusedUpgrade(api, execPath(['true']), headers);
    expect(refused).toMatchObject({
      status: 403,
      headers: { 'x-accepted-stream-protocol-versions': 'v5.channel.k8s.io, v4.channel.k8s.io' },
      body: 'unable to upgrade: unable to negotiate protocol: client supports [x], server accepts [v5.channel.k8s.io v4.channel.k8s.io]',
    });
  });

  test('without a SPDY protocol is refused', async () => {
    const refused = await refusedUpgrade(api, execPath(['true']), { upgrade: 'SPDY/3.1' });
    expect(refused).toMatchObject({ status: 400, body: 'unable to upgrade: X-Stream-Protocol-Version is required' });
  });

  test('for another protocol is refused', async () => {
    const refused = await refusedUpgrade(api, execPath(['true']), { upgrade: 'h2c' });
    expect(refused.body).toContain('"message":"Upgrade request required"');
  });

  test('with a broken WebSocket key kills what it had started', async () => {
    const headers = { ...webSocket, 'sec-websocket-key': 'x' };
    expect(await refusedUpgrade(api, execPath(['sleep', '1000']), headers)).toMatchObject({ status: 400 });
    await until('it is killed', () => api.node.processes[0]?.signalCode === 'SIGKILL');
  });

  test('whose SPDY streams do not come is given up after 30 s', async () => {
    const socket = await upgradeToSpdy(api, execPath(['sleep', '1000']), 'v4.channel.k8s.io');
    socket.resume();
    await until('it waits', () => api.clock.pending() === 1);
    api.clock.advance(30_000);
    await until('it is killed', () => api.node.processes[0]?.signalCode === 'SIGKILL');
    socket.destroy();
    await until('the stream is over', () => api.open() === 0 && api.clock.pending() === 0);
  });

  test('to attach is not allowed', async () => {
    const path = '/api/v1/namespaces/dev/pods/web-1/attach?stdout=true';
    const { status, body } = await refusedUpgrade(api, path, webSocket);
    expect([status, JSON.parse(body)]).toEqual([405, expect.objectContaining({ reason: 'MethodNotAllowed' })]);
  });
});
