import { mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../../model/clock.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import type { Service } from '../../store/objects.ts';
import type { EventRecorder } from '../node-access.ts';
import type { NetworkFile } from '../pod-hook/settings.ts';
import { isPodAddress } from './pod-addresses.ts';
import type { PodPorts } from './pod-ports.ts';
import { type Address, openProxy, type ProxyListener } from './proxy-listener.ts';
import { endpointsOf, isHeadless, routeOf } from './service-routes.ts';

/** What kube-proxy and the cluster's DNS are to a node. */
export interface ServiceProxy {
  /** The port on 127.0.0.1 that stands for a service's port. */
  readonly portOf: (namespace: string, name: string, port: number) => number | undefined;
  /** Resolves when the listeners of all services of this moment are open, and `network.json` says so. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** So many milliseconds of changes are one round: each writes a file of all services. */
const roundMs = 20;

interface Options {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly events: EventRecorder;
  readonly ports: PodPorts;
  /** Absolute; `network.json` goes there. */
  readonly folder: string;
}

/** Keeps a listener for each port of each service, for its node port too, and tells the hooks of them. */
export function startServiceProxy({ store, clock, events, ports, folder }: Options): ServiceProxy {
  /** By `namespace/name:port`, and `node:port:namespace/name` for node ports. A listener that could not be opened is undefined. */
  const listeners = new Map<string, ProxyListener | undefined>();
  let opening = Promise.resolve();
  const closing = new AbortController();
  let turn = 0;
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  const target = (namespace: string, name: string, number: number): Address | undefined => {
    const port = store.get('Service', namespace, name)?.spec.ports?.find((one) => one.port === number);
    const all = port ? endpointsOf(store.get('Endpoints', namespace, name), port) : [];
    turn += 1;
    // From the next one on, the first whose pod really listens.
    for (let step = 0; step < all.length; step += 1) {
      const found = all[(turn + step) % all.length];
      if (!found) continue;
      if (!isPodAddress(found.host)) return found;
      const real = ports.find(found.host, found.port, false);
      if (real !== undefined) return { host: '127.0.0.1', port: real };
    }
    return undefined;
  };

  function wanted(): Map<string, () => Promise<ProxyListener | undefined>> {
    const all = new Map<string, () => Promise<ProxyListener | undefined>>();
    for (const service of store.list('Service')) {
      const { name, namespace = '' } = service.metadata;
      for (const port of service.spec.ports ?? []) {
        if (port.protocol !== undefined && port.protocol !== 'TCP') continue;
        const next = () => target(namespace, name, port.port);
        if (!isHeadless(service)) all.set(`${namespace}/${name}:${port.port}`, () => openProxy(0, next));
        const { nodePort } = port;
        if (nodePort) all.set(`node:${nodePort}:${namespace}/${name}`, () => openNodePort(service, nodePort, next));
      }
    }
    return all;
  }

  const openNodePort = (service: Service, port: number, next: () => Address | undefined) =>
    openProxy(port, next).catch(() => {
      const message = `can't open node port ${port} on 127.0.0.1, skipping it: address already in use`;
      events.record(service, 'Warning', 'NodePortInUse', message, 'kube-proxy');
      return undefined;
    });

  async function open(): Promise<void> {
    const all = wanted();
    for (const [key, listener] of listeners) {
      if (all.has(key)) continue;
      listener?.close();
      listeners.delete(key);
    }
    for (const [key, openListener] of all) {
      if (listeners.has(key)) continue;
      const listener = await openListener();
      if (closing.signal.aborted) listener?.close();
      else listeners.set(key, listener);
    }
    if (!closing.signal.aborted) await write();
  }

  const portOf = (namespace: string, name: string, port: number) => listeners.get(`${namespace}/${name}:${port}`)?.port;

  async function write(): Promise<void> {
    const services = store.list('Service').map((service) => {
      const { name, namespace = '' } = service.metadata;
      const endpoints = store.get('Endpoints', namespace, name);
      return [`${namespace}/${name}`, routeOf(service, endpoints, (port) => portOf(namespace, name, port))] as const;
    });
    const file: NetworkFile = { services: Object.fromEntries(services) };
    const draft = path.join(folder, '.network.json');
    await writeFile(draft, JSON.stringify(file), { mode: 0o600 });
    await rename(draft, path.join(folder, 'network.json'));
  }

  let asked = false;
  const changed = () => {
    if (asked || closing.signal.aborted) return;
    asked = true;
    opening = opening
      .then(() => clock.sleep(roundMs, closing.signal))
      .then(() => {
        asked = false;
        return closing.signal.aborted ? undefined : open();
      });
  };
  const ends = [store.subscribe('Service', changed), store.subscribe('Endpoints', changed)];
  changed();
  return {
    portOf,
    settled: async () => {
      for (let seen: Promise<void> | undefined; seen !== opening; ) {
        seen = opening;
        await seen;
      }
    },
    close: async () => {
      closing.abort();
      for (const end of ends) end();
      for (const listener of listeners.values()) listener?.close();
      listeners.clear();
      await opening;
    },
  };
}
