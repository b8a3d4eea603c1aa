import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isReady, startTestNode, type TestNode, textOf, web } from './support.ts';

let it: TestNode;
const server = (port: number, host = '', text = 'hello', status = 200) => ({
  command: [
    'node',
    '-e',
    `const s=require('node:http').createServer((q,r)=>{r.statusCode=${status};r.end('${text}')}).listen(${port}${host && `,'${host}'`},()=>console.log('up',JSON.stringify(s.address())));process.on('SIGTERM',()=>process.exit())`,
  ],
});
const readiness = (port: number) => ({
  readinessProbe: { httpGet: { port, path: '/ready' }, periodSeconds: 5, timeoutSeconds: 500 },
});
beforeAll(async () => {
  it = await startTestNode();
});
afterAll(() => it.close());

async function execText(pod: string, script: string): Promise<string> {
  const run = await it.node.exec(it.get(pod), {
    container: 'web',
    command: ['node', '-e', script],
    stdin: false,
    tty: true,
  });
  return textOf(run.stdout ?? []);
}
function expose(name: string, pod: string, port: number, clusterIP: string): void {
  it.store.create('Service', {
    metadata: { name, namespace: 'default' },
    spec: { clusterIP, ports: [{ port: 80, targetPort: port }] },
  });
  const ip = it.get(pod).status?.podIP ?? '';
  it.store.create('Endpoints', {
    metadata: { name, namespace: 'default' },
    subsets: [{ addresses: [{ ip }], ports: [{ port }] }],
  });
}

describe('listening', () => {
  test('two pods have the same port', async () => {
    it.run('one', { ...server(4000, '', 'one'), ...readiness(4000) });
    it.run('two', { ...server(4000, '0.0.0.0', 'two'), ...readiness(4000) });
    for (const name of ['one', 'two']) {
      const pod = await it.until(name, isReady);
      const address = it.node.addressOf(pod, 4000);
      expect(await (await fetch(`http://${address?.host}:${address?.port}`)).text()).toBe(name);
    }
    const log = await it.node.logs(it.get('two'), {
      container: 'web',
      follow: false,
      previous: false,
      timestamps: false,
    });
    expect(await textOf(log)).toBe('up {"address":"0.0.0.0","family":"IPv4","port":4000}\n');
  });

  test('one on the loopback is refused from outside, and dialled from inside', async () => {
    it.run('loop', { ...server(4000, '127.0.0.1'), ...readiness(4000) });
    const pod = await it.until('loop', ({ status }) => status?.phase === 'Running');
    const ip = pod.status?.podIP;
    await it.untilEvent(
      `loop Warning Unhealthy Readiness probe failed: Get "http://${ip}:4000/ready": dial tcp ${ip}:4000: connect: connection refused`,
    );
    const log = await it.node.logs(pod, { container: 'web', follow: true, previous: false, timestamps: false });
    for await (const chunk of log) {
      if (String(chunk).includes('up')) break;
    }
    expect(it.node.addressOf(pod, 4000)).toBeUndefined();
    const socket = await it.node.dial(pod, 4000);
    socket.end('GET / HTTP/1.0\r\n\r\n');
    expect(await textOf(socket)).toContain('hello');
    await expect(it.node.dial(pod, 4001)).rejects.toThrow(
      /^error forwarding port 4001 to pod [0-9a-f]{64}, uid : exit status 1: \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d socat\[\d+\] E connect\(5, AF=2 127\.0\.0\.1:4001, 16\): Connection refused$/,
    );
  });

  test('a status of 503 is not ready', async () => {
    it.run('bad', { ...server(4000, '', 'no', 503), ...readiness(4000) });
    await it.untilEvent('bad Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503');
    expect(web(it.get('bad'))?.ready).toBe(false);
  });

  test('a second listener of a pod gets EADDRINUSE', async () => {
    await it.until('one', isReady);
    const script = `require('node:net').createServer().on('error',(e)=>console.log(e.code,e.message)).listen(4000,'0.0.0.0')`;
    expect(await execText('one', script)).toBe('EADDRINUSE listen EADDRINUSE: address already in use 0.0.0.0:4000\n');
  });

  test('a closed port is free again, and cluster workers share one', async () => {
    const again = `const n=require('node:net');const s=n.createServer().listen(5001,()=>s.close(()=>n.createServer().listen(5001,function(){console.log('again',this.address().port);this.close()})))`;
    expect(await execText('one', again)).toBe('again 5001\n');
    const cluster = `const c=require('node:cluster'),h=require('node:http');if(c.isPrimary){let n=0;for(let i=0;i<2;i++)c.fork().on('listening',()=>{if(++n===2)fetch('http://localhost:5002').then(r=>r.text()).then(t=>{console.log(t);process.exit()})})}else h.createServer((q,r)=>r.end('worker')).listen(5002)`;
    const file = path.join(it.folder, 'cluster.cjs');
    await writeFile(file, cluster);
    expect(
      await execText('one', `require('node:child_process').spawn(process.execPath,['${file}'],{stdio:'inherit'})`),
    ).toBe('worker\n');
  });

  test('a program without the hook gets a port of its own in its env', async () => {
    const script = `exec node -e "require('node:http').createServer((q,r)=>r.end('sh')).listen(process.env.PORT)"`;
    it.run('shell', {
      command: ['sh', '-c', script],
      env: [{ name: 'PORT', value: '4000' }],
      ports: [{ containerPort: 4000 }],
      ...readiness(4000),
    });
    const pod = await it.until('shell', isReady);
    const address = it.node.addressOf(pod, 4000);
    expect(await (await fetch(`http://127.0.0.1:${address?.port}`)).text()).toBe('sh');
  });
});

describe('connecting', () => {
  beforeAll(async () => {
    await it.until('one', isReady);
    await it.until('two', isReady);
    expose('backend', 'two', 4000, '10.96.0.20');
    it.store.create('Service', {
      metadata: { name: 'empty', namespace: 'default' },
      spec: { clusterIP: '10.96.0.21', ports: [{ port: 80 }] },
    });
    // The file with the routes is written after the listeners are open: the next service comes in the same round.
    await new Promise<void>((resolve) => {
      const look = () => {
        execText(
          'one',
          `console.log(require('node:fs').readFileSync(JSON.parse(process.env.DEVLOOP_SANDBOX).network+'/network.json','utf8'))`,
        ).then((text) => (text.includes('10.96.0.21') ? resolve() : look()));
      };
      look();
    });
  });

  test.each([
    'http://backend',
    'http://backend.default',
    'http://backend.default.svc',
    'http://backend.default.svc.cluster.local:80',
    'http://10.96.0.20',
  ])('%s', async (url) => {
    expect(await execText('one', `fetch('${url}').then(r=>r.text()).then(console.log)`)).toBe('two\n');
  });

  test.each<[string, string]>([
    [
      'node:http with a keep-alive agent',
      `const h=require('node:http');h.get('http://backend',{agent:new h.Agent({keepAlive:true})},(r)=>r.on('data',(d)=>{console.log(String(d));process.exit()}))`,
    ],
    [
      'an ES module',
      `import('node:net').then(({connect})=>connect(80,'backend').end('GET / HTTP/1.0\\r\\n\\r\\n').on('data',(d)=>console.log(String(d).split('\\r\\n\\r\\n')[1])))`,
    ],
    [
      'a worker thread',
      `new (require('node:worker_threads').Worker)("fetch('http://backend').then(r=>r.text()).then(console.log)",{eval:true})`,
    ],
    [
      'a forked child',
      `require('node:child_process').spawn(process.execPath,['-e',"fetch('http://backend').then(r=>r.text()).then(console.log)"],{stdio:'inherit'})`,
    ],
  ])('%s', async (_name, script) => {
    expect(await execText('one', script)).toBe('two\n');
  });

  test('its own port by localhost, another pod by its address', async () => {
    const ip = it.get('two').status?.podIP;
    expect(await execText('one', `fetch('http://localhost:4000').then(r=>r.text()).then(console.log)`)).toBe('one\n');
    expect(await execText('one', `fetch('http://${ip}:4000').then(r=>r.text()).then(console.log)`)).toBe('two\n');
  });

  test('a service without endpoints, and a pod’s port where nobody listens, refuse', async () => {
    const script = (where: string) => `require('node:net').connect(${where}).on('error',(e)=>console.log(e.message))`;
    const ip = it.get('two').status?.podIP;
    expect(await execText('one', script(`80,'empty'`))).toBe('connect ECONNREFUSED empty:80\n');
    expect(await execText('one', script(`{port:9,host:'${ip}'}`))).toBe(`connect ECONNREFUSED ${ip}:9\n`);
  });
});
