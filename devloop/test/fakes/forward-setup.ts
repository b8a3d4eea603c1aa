import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Forward, startForward } from '../../src/engine/forward.ts';
import { PodTraffic } from '../../src/engine/pod-traffic.ts';
import type { PodView } from '../../src/model/pod.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { podChanged, samplePod, sampleProject, started, startTime } from '../support/sample.ts';
import { createFakeKubernetes } from './kubernetes.ts';
import { createPodConnection, type PodConnection } from './pod-stream.ts';
import { createRecordedStore } from './store.ts';

export interface Client {
  readonly socket: Socket;
  /** What has come back so far. */
  readonly heard: () => string;
  readonly closed: () => boolean;
}

/** A forward on a free port of the loopback, with pods in memory. */
export async function setUpForward() {
  const kubernetes = createFakeKubernetes();
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  store.dispatch(started(sampleProject(['backend'])));
  const traffic = new PodTraffic(clock);
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const dials: { readonly pod: string; readonly connection: PodConnection }[] = [];
  kubernetes.onDial = async (pod) => {
    const connection = createPodConnection();
    dials.push({ pod, connection });
    return connection.near;
  };
  const forward = startForward(server, { local: port, remote: 8080 }, 'backend', kubernetes, clock, store, traffic);
  const clients: Socket[] = [];

  async function open(): Promise<Client> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    clients.push(socket);
    let text = '';
    let closed = false;
    socket.on('error', () => {});
    socket.on('close', () => {
      closed = true;
    });
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    await once(socket, 'connect');
    return { socket, heard: () => text, closed: () => closed };
  }

  return {
    kubernetes,
    clock,
    store,
    traffic,
    server,
    port,
    dials,
    forward,
    open,
    show: (pod: PodView = samplePod('backend')) => store.dispatch(podChanged(pod)),
    end: () => endForward(forward, clients),
  };
}

async function endForward(forward: Forward, clients: readonly Socket[]): Promise<void> {
  for (const client of clients) client.destroy();
  await forward.close();
}

/** How many connections the listener still has. */
export const openConnections = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))));
