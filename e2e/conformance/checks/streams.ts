import net from 'node:net';
import { group } from '../check.ts';
import type { Client } from '../client/client.ts';
import { forwarded } from '../client/forward.ts';
import { container, forever, node, pod, service, web, whenItAnswers } from '../objects.ts';
import { ready, waiting } from '../pods.ts';

const up = (c: Client) => ready(c, pod('one', [container(forever, { env: [{ name: 'WORD', value: 'of the pod' }] })]));

/** Answers with what it was sent once the other side has ended; a line `stop` ends from this side. */
const echo = {
  name: 'main',
  image: node,
  command: [
    'node',
    '-e',
    "require('net').createServer({ allowHalfOpen: true }, (s) => { let t = ''; s.on('data', (d) => { t += d; if (t === 'stop') s.end('stopped') }); s.on('end', () => s.end('got ' + t)); s.on('error', () => {}) }).listen(8080)",
  ],
  readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
};

/** Sends a text, ends the sending side when asked to, and gives all that comes back. */
function talk(port: number, text: string, { end }: { readonly end: boolean }): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () =>
      end ? socket.end(text) : socket.write(text),
    );
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk;
    });
    socket.setTimeout(20_000, () => socket.destroy(new Error('silence')));
    socket.on('error', (error) => {
      answer += `[${error.message}]`;
    });
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(answer));
  });
}

const get = (port: number) =>
  fetch(`http://127.0.0.1:${port}/`)
    .then((answer) => answer.text())
    .catch(() => 'refused');

/** exec and port-forward. */
export const streams = group('streams', {
  'exec: output': async (c) => {
    await up(c);
    return c.kubectl('exec', 'one', '--', 'sh', '-c', 'echo out; echo err >&2; echo "$WORD"');
  },

  'exec: exit code': async (c) => {
    await up(c);
    return [await c.kubectl('exec', 'one', '--', 'sh', '-c', 'exit 3'), await c.kubectl('exec', 'one', '--', 'true')];
  },

  'exec: standard input': async (c) => {
    await up(c);
    return c.kubectlWith('hello\nworld', 'exec', '-i', 'one', '--', 'sh', '-c', 'cat; echo; echo done');
  },

  'exec: much output': async (c) => {
    await up(c);
    const { code, stdout } = await c.kubectl(
      'exec',
      'one',
      '--',
      'sh',
      '-c',
      'i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done',
    );
    return [code, stdout.length, stdout.slice(-11)];
  },

  'exec: much input': async (c) => {
    await up(c);
    return c.kubectlWith('0123456789'.repeat(30_000), 'exec', '-i', 'one', '--', 'sh', '-c', 'wc -c | tr -d " "');
  },

  'exec: a program that is not there': async (c) => {
    await up(c);
    const { code, stdout } = await c.kubectl('exec', 'one', '--', '/no/such/program');
    return [code, stdout.slice(0, 24)];
  },

  'exec: where nothing is': async (c) => {
    await up(c);
    return [await c.kubectl('exec', 'none', '--', 'true'), await c.kubectl('exec', 'one', '-c', 'none', '--', 'true')];
  },

  'exec: in a container that does not run': async (c) => {
    await waiting(
      c,
      pod('one', [container('true', { image: 'devloop-none:1', imagePullPolicy: 'Never' })]),
      'ErrImageNeverPull',
    );
    const { code, stdout } = await c.kubectl('exec', 'one', '--', 'true');
    return [code, stdout];
  },

  'exec: by plain HTTP': async (c) => {
    await up(c);
    const { status, body } = await c.ask('POST', `${c.path('pods', 'one')}/exec?command=true&stdout=true`);
    return [status, body];
  },

  'port-forward: an answer': async (c) => {
    await ready(c, pod('one', [web('hello', whenItAnswers)]));
    return forwarded(c, 'pod/one', 8080, async (port) => [await get(port), await get(port)]);
  },

  'port-forward: many at once': async (c) => {
    await ready(c, pod('one', [web('hello', whenItAnswers)]));
    return forwarded(c, 'pod/one', 8080, (port) => Promise.all(Array.from({ length: 8 }, () => get(port))));
  },

  'port-forward: to a Service': async (c) => {
    await c.create('services', service('web', 'one'));
    await ready(c, pod('one', [web('hello', whenItAnswers)]));
    return forwarded(c, 'service/web', 80, get);
  },

  'port-forward: nobody listens': async (c) => {
    await up(c);
    return forwarded(c, 'pod/one', 8081, get);
  },

  'port-forward: half a close from here': async (c) => {
    await ready(c, pod('one', [echo]));
    return forwarded(c, 'pod/one', 8080, (port) => talk(port, 'hello', { end: true }));
  },

  'port-forward: a close from there': async (c) => {
    await ready(c, pod('one', [echo]));
    return forwarded(c, 'pod/one', 8080, (port) => talk(port, 'stop', { end: false }));
  },

  'port-forward: much data': async (c) => {
    await ready(c, pod('one', [echo]));
    return forwarded(c, 'pod/one', 8080, async (port) => (await talk(port, 'x'.repeat(500_000), { end: true })).length);
  },

  'port-forward: where nothing is': async (c) => [await c.kubectl('port-forward', 'pod/none', ':80')],
});
