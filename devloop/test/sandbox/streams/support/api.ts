import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import type { Connection } from '../../../../src/adapters/kubernetes/connection.ts';
import { createStreams } from '../../../../src/sandbox/api/streams/create-streams.ts';
import { Faults } from '../../../../src/sandbox/faults.ts';
import { ApiError } from '../../../../src/sandbox/store/api-error.ts';
import type { Pod } from '../../../../src/sandbox/store/objects.ts';
import { connectTo } from '../../../fakes/api-server.ts';
import { createTempFolder } from '../../../fakes/temp-folder.ts';
import { createFakeClock, type FakeClock } from '../../../support/fake-clock.ts';
import { createFakeNode, type FakeNode } from './fake-node.ts';

export const startTime = Date.parse('2026-01-02T03:04:05.678Z');

export interface StreamsApi {
  readonly url: string;
  readonly port: number;
  readonly node: FakeNode;
  readonly faults: Faults;
  readonly clock: FakeClock;
  readonly pods: Map<string, Pod>;
  readonly kubeConfig: KubeConfig;
  readonly kubeconfigFile: string;
  readonly connection: Connection;
  /** Open connections of the server. */
  readonly sockets: Set<Socket>;
  /** Promises of streams that have not settled. */
  readonly open: () => number;
  readonly upgrades: IncomingMessage[];
  readonly close: () => Promise<void>;
}

/** As much of an API server as kubectl needs to come to the streams of a pod. */
export async function startStreamsApi(): Promise<StreamsApi> {
  const node = createFakeNode();
  const faults = new Faults();
  const clock = createFakeClock(startTime);
  const streams = createStreams({ node, faults, clock });
  const pods = new Map([['web-1', createPod('web-1')]]);
  const sockets = new Set<Socket>();
  const upgrades: IncomingMessage[] = [];
  let open = 0;
  const track = (stream: Promise<void>) => {
    open += 1;
    return stream.finally(() => {
      open -= 1;
    });
  };
  const server = createServer((request, response) => void answer(request, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://api');
    const target = targetOf(url);
    const pod = target && pods.get(target.pod);
    try {
      if (!pod) sendDiscovery(url.pathname, response);
      else if (target.subresource === 'log') await track(streams.log(request, response, pod, url));
      else if (target.subresource === 'proxy')
        await track(streams.proxy(request, response, pod, target.port, `${target.rest}${url.search}`));
      else sendJson(response, 200, pod);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      sendJson(response, error.code, {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        ...error,
        message: error.message,
      });
    }
  }

  server.on('upgrade', (request, socket, head) => {
    upgrades.push(request);
    const url = new URL(request.url ?? '/', 'http://api');
    const target = targetOf(url);
    const pod = target && pods.get(target.pod);
    if (!pod) socket.destroy();
    else if (target.subresource === 'exec') void track(streams.exec(request, socket, head, pod, url));
    else if (target.subresource === 'portforward') void track(streams.portForward(request, socket, head, pod, url));
    else streams.attach(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const kubeConfig = new KubeConfig();
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'sandbox', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'sandbox', user: { token: 'secret-token' } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'sandbox', namespace: 'dev' } }],
    'current-context': 'sandbox',
  };
  kubeConfig.loadFromString(JSON.stringify(config));
  const folder = createTempFolder({ config: JSON.stringify(config) });

  return {
    url,
    port,
    node,
    faults,
    clock,
    pods,
    kubeConfig,
    kubeconfigFile: folder.path('config'),
    connection: connectTo(url),
    sockets,
    open: () => open,
    upgrades,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      node.end();
      folder.remove();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const pattern = /^\/api\/v1\/namespaces\/dev\/pods\/([^/:]+)(?::(\d+))?(?:\/([a-z]+)(\/.*)?)?$/;

function targetOf(url: URL) {
  const [, pod, port, subresource, rest = ''] = pattern.exec(url.pathname) ?? [];
  return pod === undefined ? undefined : { pod, port: port ? Number(port) : undefined, subresource, rest };
}

function sendDiscovery(path: string, response: ServerResponse): void {
  const resource = { name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get', 'list'] };
  const answers: Record<string, unknown> = {
    '/api': { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] },
    '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
    '/api/v1': { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'v1', resources: [resource] },
    '/version': { major: '1', minor: '35', gitVersion: 'v1.35.0' },
  };
  if (answers[path]) sendJson(response, 200, answers[path]);
  else sendJson(response, 404, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 });
}

function sendJson(response: ServerResponse, code: number, value: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

export function createPod(name: string, containers: readonly string[] = ['web'], init: readonly string[] = []): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'dev',
      uid: `uid-of-${name}`,
      resourceVersion: '1',
      creationTimestamp: '2026-01-02T03:04:05Z',
    },
    spec: {
      nodeName: 'sandbox',
      containers: containers.map((container) => ({ name: container, image: 'web' })),
      initContainers: init.map((container) => ({ name: container, image: 'web' })),
    },
    status: {
      phase: 'Running',
      podIP: '10.244.0.5',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: containers.map((container) => ({
        name: container,
        ready: true,
        restartCount: 0,
        image: 'web',
        imageID: '',
        state: { running: {} },
      })),
    },
  };
}
