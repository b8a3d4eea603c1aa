import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createKubernetes } from '../../src/adapters/kubernetes/client.ts';
import { createLedger } from '../../src/engine/ledger.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import type { PodView, ProbeSpec, WorkloadView } from '../../src/model/pod.ts';
import { type FakeApiServer, sendJson, sendPortHeaders, sendStatus, startApiServer } from '../fakes/api-server.ts';
import { until } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { samplePod } from '../support/sample.ts';

const never = new AbortController().signal;
let server: FakeApiServer;
beforeEach(async () => {
  server = await startApiServer();
});
afterEach(() => server.close());

const client = (clock = createFakeClock(0)) => createKubernetes(server.connection, clock);
const asked = () => server.requests.map(({ method, url }) => `${method} ${url.pathname}`);

describe('the log of a container', () => {
  const request = { namespace: 'dev', pod: 'web-1', container: 'web' };
  const linesOf = async (body: string, change: object = {}) => {
    server.answer = (_, response) => response.end(body);
    const lines: string[] = [];
    await client().logs(
      { ...request, ...change },
      (timestamp, text, at, isWhole) => lines.push(`${timestamp}|${text}|${at}${isWhole ? '' : '|…'}`),
      never,
    );
    return lines;
  };

  it('is read by lines, each with its time', async () => {
    const lines = await linesOf(
      '2026-01-31T14:03:21.100000000Z listening\n2026-01-31T14:03:21.200000000Z \n2026-01-31T14:03:22Z no newline',
    );
    const at = Date.parse('2026-01-31T14:03:21Z');
    expect(lines).toEqual([
      `2026-01-31T14:03:21.100000000Z|listening|${at + 100}`,
      `2026-01-31T14:03:21.200000000Z||${at + 200}`,
      `2026-01-31T14:03:22Z|no newline|${at + 1000}|…`,
    ]);
  });

  it('leaves out what the kubelet itself says', async () => {
    expect(await linesOf('unable to retrieve container logs for docker://1\n')).toEqual([]);
  });

  it('asks for what is wanted only', async () => {
    await linesOf('', { follow: true, previous: true, tail: 20, since: Date.parse('2026-01-31T14:03:21Z') });
    expect(server.requests[0]?.url.pathname).toBe('/api/v1/namespaces/dev/pods/web-1/log');
    expect(Object.fromEntries(server.requests[0]?.url.searchParams ?? [])).toEqual({
      container: 'web',
      timestamps: 'true',
      follow: 'true',
      previous: 'true',
      tailLines: '20',
      sinceTime: '2026-01-31T14:03:21.000Z',
    });
    server.requests.length = 0;
    await linesOf('');
    expect(Object.fromEntries(server.requests[0]?.url.searchParams ?? [])).toEqual({
      container: 'web',
      timestamps: 'true',
    });
  });

  it('that cannot be read fails with the reason', async () => {
    server.answer = (_, response) => sendStatus(response, 400, 'container "web" in pod "web-1" is waiting to start');
    await expect(client().logs(request, () => {}, never)).rejects.toThrow('is waiting to start');
  });

  it.each([400, 404])('of a previous run that is not kept any more (%i) has no lines', async (code) => {
    server.answer = (_, response) => sendStatus(response, code, 'previous terminated container "web" not found');
    await client().logs({ ...request, previous: true }, () => {}, never);
    expect(server.requests).toHaveLength(1);
  });

  it('ends with its signal', async () => {
    const controller = new AbortController();
    const lines: string[] = [];
    server.answer = (_, response) => response.write('2026-01-31T14:03:21Z one\n');
    const work = client().logs({ ...request, follow: true }, (_, text) => lines.push(text), controller.signal);
    await until('a line comes', () => lines.length === 1);
    controller.abort();
    await expect(work).rejects.toThrow();
  });
});

describe('the namespace', () => {
  it('that is there is left as it is', async () => {
    server.answer = (_, response) => sendJson(response, { metadata: { name: 'dev' } });
    expect(await client().ensureNamespace('dev', never)).toBe(false);
    expect(asked()).toEqual(['GET /api/v1/namespaces/dev']);
  });

  it('that is missing is made, and marked', async () => {
    server.answer = ({ method }, response) =>
      method === 'GET' ? sendStatus(response, 404, 'not found') : sendJson(response, {}, 201);
    expect(await client().ensureNamespace('dev', never)).toBe(true);
    expect(JSON.parse(server.requests[1]?.body ?? '')).toMatchObject({
      kind: 'Namespace',
      metadata: { name: 'dev', labels: { 'app.kubernetes.io/managed-by': 'devloop' } },
    });
  });

  it('that may not be read fails with the reason', async () => {
    server.answer = (_, response) => sendStatus(response, 403, 'namespaces "dev" is forbidden');
    await expect(client().ensureNamespace('dev', never)).rejects.toThrow('namespaces "dev" is forbidden');
  });

  it('of ours is deleted, and waited for', async () => {
    const clock = createFakeClock(0);
    let reads = 0;
    server.answer = ({ method }, response) => {
      if (method === 'DELETE') return sendJson(response, {});
      reads += 1;
      if (reads > 2) return sendStatus(response, 404, 'not found');
      return sendJson(response, { metadata: { labels: { 'app.kubernetes.io/managed-by': 'devloop' } } });
    };
    const work = client(clock).deleteNamespace('dev', never);
    await until('it waits', () => clock.pending() === 1);
    clock.advance(250);
    expect(await work).toBe('deleted');
    expect(asked().map((line) => line.split(' ')[0])).toEqual(['GET', 'DELETE', 'GET', 'GET']);
  });

  it('of another hand is kept', async () => {
    server.answer = (_, response) =>
      sendJson(response, { metadata: { labels: { 'app.kubernetes.io/managed-by': 'Helm' } } });
    expect(await client().deleteNamespace('dev', never)).toBe('foreign');
    expect(asked()).toEqual(['GET /api/v1/namespaces/dev']);
  });

  it('that is not there is absent', async () => {
    expect(await client().deleteNamespace('dev', never)).toBe('absent');
  });
});

describe('the objects of a manifest', () => {
  it('are told as present and missing', async () => {
    server.answer = ({ url }, response) => {
      if (url.pathname === '/api/v1')
        return sendJson(response, { resources: [{ name: 'services', kind: 'Service', namespaced: true }] });
      return url.pathname.endsWith('/services/web')
        ? sendJson(response, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } })
        : sendStatus(response, 404, 'not found');
    };
    const manifest =
      '---\n# a comment\n---\napiVersion: v1\nkind: Service\nmetadata: { name: web }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: gone, namespace: other }\n';
    expect(await client().findObjects(manifest, 'dev')).toEqual({
      present: ['Service web'],
      missing: ['Service gone'],
    });
    expect(asked()).toContain('GET /api/v1/namespaces/dev/services/web');
    expect(asked()).toContain('GET /api/v1/namespaces/other/services/gone');
  });
});

describe('a probe', () => {
  const pod: PodView = { ...samplePod('web'), name: 'web-1', namespace: 'dev' };
  const http: ProbeSpec = {
    kind: 'readiness',
    container: 'web',
    action: { type: 'http', scheme: 'http', path: '/healthz' },
    port: 8080,
    period: 1000,
    timeout: 5000,
    failureThreshold: 3,
    initialDelay: 0,
  };
  const tcp: ProbeSpec = { ...http, timeout: 5000, action: { type: 'tcp' } };
  const ask = (probe: ProbeSpec, via: 'address' | 'forward' = 'address') => client().probe(pod, probe, via, never);

  it("goes to the pod's own address", async () => {
    server.answer = (_, response) => response.end('ok');
    expect(await ask(http)).toEqual({ ok: true, code: 200, detail: 'ok' });
    expect(asked()).toEqual(['GET /api/v1/namespaces/dev/pods/http:web-1:8080/proxy/healthz']);
  });

  it.each([
    [204, true],
    [302, true],
    [399, true],
    [400, false],
    [503, false],
  ])('that is answered with %i is passed: %s', async (code, ok) => {
    server.answer = (_, response) => response.writeHead(code).end();
    expect(await ask(http)).toEqual({ ok, code });
  });

  it('that reaches nobody says why in few words', async () => {
    server.answer = (_, response) =>
      sendStatus(response, 503, 'error trying to reach service: dial tcp 172.17.0.5:8080: connect: connection refused');
    expect(await ask(http)).toEqual({ ok: false, detail: 'connection refused' });
  });

  it('that is not answered in time fails', async () => {
    server.answer = () => {};
    expect(await ask({ ...http, timeout: 30 })).toEqual({ ok: false, detail: 'no answer within 30 ms' });
  });

  it('of a TCP port passes when nobody refuses', async () => {
    server.accept = (socket) => sendPortHeaders(socket, 8080);
    expect(await ask(tcp)).toEqual({ ok: true });
  });

  it('of a TCP port fails with the refusal', async () => {
    server.accept = (socket) => {
      sendPortHeaders(socket, 8080);
      setTimeout(
        () =>
          socket.send(
            Buffer.concat([Buffer.from([1]), Buffer.from('dial tcp 127.0.0.1:8080: connect: connection refused')]),
          ),
        10,
      );
    };
    expect(await ask(tcp)).toEqual({ ok: false, detail: 'connection refused' });
  });

  it('may go the way of the forwards', async () => {
    server.accept = (socket) => {
      sendPortHeaders(socket, 8080);
      socket.on('message', (message: Buffer) => {
        const text = message.subarray(1).toString();
        const answer = text.startsWith('GET /healthz HTTP/1.1\r\n')
          ? 'HTTP/1.1 204 No Content\r\n\r\n'
          : 'HTTP/1.1 500 No\r\n\r\n';
        socket.send(Buffer.concat([Buffer.from([0]), Buffer.from(answer)]));
      });
    };
    expect(await ask(http, 'forward')).toEqual({ ok: true, code: 204 });
  });

  it('the way of the forwards fails without a pod', async () => {
    server.beforeUpgrade = (socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    expect((await ask(http, 'forward')).ok).toBe(false);
    expect(await ask(tcp, 'forward')).toEqual({ ok: false, detail: 'not an HTTP probe' });
  });
});

describe('a program in a container', () => {
  it('is started over a WebSocket', async () => {
    server.accept = (socket) => socket.send(Buffer.from('\u0001hello'));
    const stream = await client().exec('dev', 'web-1', 'web', ['sh', 'x y'], 1000);
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await until('it speaks', () => text === 'hello');
    stream.destroy();
    expect(server.requests[0]?.url.searchParams.getAll('command')).toEqual(['sh', 'x y']);
  });
});

describe('a restart of a workload', () => {
  const workload = { kind: 'StatefulSet', name: 'db' } as WorkloadView;
  const at = '2026-01-31T14:03:20.000Z';

  async function restart() {
    const events: LoopEvent[] = [];
    const ledger = createLedger(
      (event) => events.push(event),
      () => 0,
    );
    const log = { ledger, kubectl: ['kubectl', '--context', 'minikube'] };
    const kubernetes = createKubernetes(server.connection, createFakeClock(0), log);
    const failed = await kubernetes.restart('dev', workload, at, new AbortController().signal).catch(() => 'failed');
    const commands = events.flatMap((event) => (event.type === 'command.ended' ? [event.command] : []));
    return { failed, commands };
  }

  it('writes what kubectl would, and shows the kubectl line', async () => {
    server.answer = (_, response) => sendJson(response, {});
    const { commands } = await restart();
    const [request] = server.requests;
    expect([request?.method, request?.url.pathname]).toEqual(['PATCH', '/apis/apps/v1/namespaces/dev/statefulsets/db']);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } } },
    });
    const line = 'kubectl --context minikube --namespace dev rollout restart statefulset/db';
    expect(commands).toMatchObject([{ line, exitCode: 0 }]);
  });

  it('that is refused shows it', async () => {
    server.answer = (_, response) => sendStatus(response, 403, 'forbidden');
    expect(await restart()).toMatchObject({ failed: 'failed', commands: [{ exitCode: 1 }] });
  });
});

describe('the deletion of a pod', () => {
  it('asks for it', async () => {
    server.answer = (_, response) => sendJson(response, { kind: 'Pod' });
    await client().deletePod('dev', 'web-1', never);
    expect(asked()).toEqual(['DELETE /api/v1/namespaces/dev/pods/web-1']);
  });

  it('of one that is gone is no error', async () => {
    server.answer = (_, response) => sendStatus(response, 404, 'pods "web-1" not found');
    await expect(client().deletePod('dev', 'web-1', never)).resolves.toBeUndefined();
  });

  it('that is refused says why', async () => {
    server.answer = (_, response) => sendStatus(response, 403, 'pods "web-1" is forbidden');
    await expect(client().deletePod('dev', 'web-1', never)).rejects.toThrow('forbidden');
  });
});
