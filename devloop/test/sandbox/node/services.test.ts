import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isReady, startTestNode, type TestNode, textOf } from './support.ts';

let it: TestNode;
/** Answers with what it was sent, once the other side has ended. */
const echo = `require('node:net').createServer({allowHalfOpen:true},(s)=>{let t='';s.on('data',(d)=>{t+=d;if(t==='stop')s.end('stopped')});s.on('end',()=>s.end('got '+t));s.on('error',(e)=>console.log(e.code))}).listen(4000)`;
const readinessProbe = { tcpSocket: { port: 4000 }, periodSeconds: 5, timeoutSeconds: 500 };
let nodePort: number;

beforeAll(async () => {
  it = await startTestNode();
  nodePort = await freeNodePort();
  it.run('echo', { command: ['node', '-e', echo], readinessProbe });
  const pod = await it.until('echo', isReady);
  it.store.create('Endpoints', {
    metadata: { name: 'echo', namespace: 'default' },
    subsets: [{ addresses: [{ ip: pod.status?.podIP ?? '' }], ports: [{ port: 4000 }] }],
  });
  it.store.create('Service', {
    metadata: { name: 'echo', namespace: 'default' },
    spec: { type: 'NodePort', clusterIP: '10.96.0.30', ports: [{ port: 80, targetPort: 4000, nodePort }] },
  });
  // The listener comes with the next round.
  while ((await talk(nodePort, '', 'end').catch(() => undefined)) === undefined);
});
afterAll(() => it.close());

/** A free port of those for nodes: none that the system gives to connections, which could meet themselves there. */
async function freeNodePort(): Promise<number> {
  for (;;) {
    const port = 30_000 + Math.floor(Math.random() * 2768);
    const server = net.createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** Sends a text and gives what comes back; with `end` the sending side is closed before. */
async function talk(port: number, text: string, how: 'end' | 'write'): Promise<string> {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  if (how === 'end') socket.end(text);
  else socket.write(text);
  const answer = await textOf(socket);
  socket.end();
  return answer;
}

describe('a node port', () => {
  test('passes a half close on from the client', async () => {
    expect(await talk(nodePort, 'hello', 'end')).toBe('got hello');
  });

  test('passes a half close on from the pod', async () => {
    expect(await talk(nodePort, 'stop', 'write')).toBe('stopped');
  });

  test('passes much on', async () => {
    const text = 'x'.repeat(3_000_000);
    expect((await talk(nodePort, text, 'end')).length).toBe(text.length + 4);
  });

  test('that is taken is told', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    it.store.create('Service', {
      metadata: { name: 'taken', namespace: 'default' },
      spec: { clusterIP: '10.96.0.31', ports: [{ port: 80, nodePort: port }] },
    });
    await it.untilEvent(
      `taken Warning NodePortInUse can't open node port ${port} on 127.0.0.1, skipping it: address already in use`,
    );
    server.close();
  });

  test('closes with its service', async () => {
    it.store.remove('Service', 'default', 'echo');
    const isOpen = () =>
      talk(nodePort, '', 'end').then(
        () => true,
        () => false,
      );
    while (await isOpen());
    // Until the next round those that come in are reset.
    expect(await isOpen()).toBe(false);
  });
});

describe('a listener on any port', () => {
  const say = (listen: string) =>
    `const s=require('node:net').createServer((c)=>c.end('any'));s.${listen};s.on('listening',()=>console.log(JSON.stringify(s.address())));`;

  test.each(['listen(0)', 'listen()', 'listen({port:0})', 'listen(undefined,()=>{})', 'listen(()=>{})'])(
    '%s is on the loopback only, and the pod’s port of its number',
    async (call) => {
      const run = await it.node.exec(it.get('echo'), {
        container: 'web',
        command: ['node', '-e', say(call)],
        stdin: false,
        tty: false,
      });
      const [line] = (await once(run.stdout ?? process.stdin, 'data')) as [Buffer];
      const { address, port } = JSON.parse(String(line)) as net.AddressInfo;
      expect(address).toBe('::');
      expect(it.node.addressOf(it.get('echo'), port)).toEqual({ host: '127.0.0.1', port });
      expect(await talk(port, '', 'end')).toBe('any');
      // Nobody listens on the other addresses of this machine.
      const other = net.connect({ port, host: '127.0.0.2' });
      const [error] = (await once(other, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('ECONNREFUSED');
      run.kill();
      await run.exit;
    },
  );
});
