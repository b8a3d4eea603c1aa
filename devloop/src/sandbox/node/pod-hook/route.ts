import fs from 'node:fs';
import path from 'node:path';
import type { HookSettings, NetworkFile, PortClaim, ServiceRoute } from './settings.ts';

/** A port on 127.0.0.1, `refused`, or undefined: the address is none of the sandbox's. */
export type Route = number | 'refused' | undefined;

const loopbackNames = new Set(['localhost', '127.0.0.1', '::1', '0.0.0.0', '::']);
const isPodAddress = (host: string) => /^10\.244\.\d+\.\d+$/.test(host);
const isClusterAddress = (host: string) => /^10\.96\.\d+\.\d+$/.test(host);

/**
 * Where connections of one pod go. The network file is read again when its time of change is another.
 * @param stays a port of the loopback that nobody in the pod listens on is refused, and not this machine's own
 */
export function createRouter(settings: HookSettings, stays: boolean): (host: string, port: number) => Route {
  const file = path.join(settings.network, 'network.json');
  let read = -1;
  let services: NetworkFile['services'] = {};
  let byAddress = new Map<string, ServiceRoute>();

  function refresh(): void {
    try {
      const { mtimeMs } = fs.statSync(file);
      if (mtimeMs === read) return;
      services = (JSON.parse(fs.readFileSync(file, 'utf8')) as NetworkFile).services;
      byAddress = new Map(Object.values(services).flatMap((all) => (all.clusterIP ? [[all.clusterIP, all]] : [])));
      read = mtimeMs;
    } catch {
      // Without the file there are no services; the program must not fail because of it.
    }
  }

  function ofPod(address: string, port: number, own: boolean): Route {
    try {
      const text = fs.readFileSync(path.join(settings.network, address, String(port)), 'utf8');
      const claim = JSON.parse(text) as PortClaim;
      return claim.port && (own || !claim.loopback) ? claim.port : 'refused';
    } catch {
      return own && !stays ? undefined : 'refused';
    }
  }

  function ofService(service: ServiceRoute, port: number): Route {
    if (service.clusterIP) return service.ports[port] || 'refused';
    const all = Object.values(service.addresses ?? {});
    const address = all[Math.floor(Math.random() * all.length)];
    return address ? ofPod(address, port, false) : 'refused';
  }

  return (host, port) => {
    const name = host.toLowerCase().replace(/\.$/, '');
    if (loopbackNames.has(name)) return ofPod(settings.address, port, true);
    if (name === settings.address || name === settings.podName) return ofPod(settings.address, port, false);
    if (isPodAddress(name)) return ofPod(name, port, false);
    refresh();
    if (isClusterAddress(name)) {
      const service = byAddress.get(name);
      return service ? ofService(service, port) : 'refused';
    }
    const { service, address } = lookUp(services, name, settings.namespace);
    if (address) return ofPod(address, port, false);
    return service && ofService(service, port);
  };
}

/** A service by NAME, NAME.NS, NAME.NS.svc or NAME.NS.svc.cluster.local; or one pod of a headless one: POD.NAME… */
function lookUp(
  services: NetworkFile['services'],
  name: string,
  namespace: string,
): { readonly service?: ServiceRoute; readonly address?: string } {
  const labels = name.replace(/\.svc(\.cluster\.local)?$/, '').split('.');
  const [first = '', second = namespace, third] = labels;
  if (labels.length <= 2) {
    const service = services[`${second}/${first}`];
    if (service) return { service };
  }
  if (labels.length === 2 || labels.length === 3) {
    const address = services[`${third ?? namespace}/${second}`]?.addresses?.[first];
    if (address) return { address };
  }
  return {};
}
