import { BlockList } from 'node:net';
import type { ObjectStore } from '../../object-store.ts';
import type { Service } from '../../objects.ts';
import type { FieldErrors } from '../validation/field-errors.ts';

/** What Services are given. */
export interface ServiceRanges {
  /** An IPv4 range; its first address is that of `default/kubernetes`. */
  readonly clusterIPs: string;
  /** First and last, both given out. */
  readonly nodePorts: readonly [number, number];
}

export const defaultRanges: ServiceRanges = { clusterIPs: '10.96.0.0/16', nodePorts: [30_000, 32_767] };

/** The addresses from which cluster IPs are given out; those before are left to who asks for them (the API, DNS). */
const firstGiven = 11;

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const addressOf = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

/**
 * Gives Services their cluster IPs and node ports. What is taken is read from the store each time, so that a deleted
 * Service gives back what it had; the next one starts behind the last that was given, so that it is not reused at once.
 */
export function createServiceAddresses(store: ObjectStore, ranges: ServiceRanges) {
  const [base = '', bits = ''] = ranges.clusterIPs.split('/');
  const range = new BlockList();
  range.addSubnet(base, Number(bits));
  const size = 2 ** (32 - Number(bits));
  const [firstPort, lastPort] = ranges.nodePorts;
  let lastAddress = firstGiven - 1;
  let lastNodePort = firstPort - 1;

  const others = (own: Service): Service[] =>
    store.list('Service').filter(({ metadata }) => metadata.uid !== own.metadata.uid);

  function freeAddress(taken: ReadonlySet<string>): string {
    for (let tries = 0; tries < size; tries++) {
      lastAddress = lastAddress + 1 < size - 1 ? lastAddress + 1 : firstGiven;
      const address = addressOf(numberOf(base) + lastAddress);
      if (!taken.has(address)) return address;
    }
    return '';
  }

  function freePort(taken: ReadonlySet<number>): number {
    for (let tries = firstPort; tries <= lastPort; tries++) {
      lastNodePort = lastNodePort < lastPort ? lastNodePort + 1 : firstPort;
      if (!taken.has(lastNodePort)) return lastNodePort;
    }
    return 0;
  }

  function giveClusterIP(service: Service, errors: FieldErrors): void {
    const { spec } = service;
    spec.clusterIP ||= spec.clusterIPs?.[0] ?? '';
    if (spec.clusterIP !== 'None') {
      const taken = new Set(others(service).map((other) => other.spec.clusterIP ?? ''));
      const asked = spec.clusterIP;
      if (!asked) {
        spec.clusterIP = freeAddress(taken);
        if (!spec.clusterIP) errors.invalid('spec.clusterIPs', [], 'failed to allocate a serviceIP: range is full');
      } else if (!range.check(asked))
        errors.invalid(
          'spec.clusterIPs',
          [asked],
          `failed to allocated ip:${asked} with error:provided IP is not in the valid range. The range of valid IPs is ${ranges.clusterIPs}`,
        );
      else if (taken.has(asked))
        errors.invalid(
          'spec.clusterIPs',
          [asked],
          `failed to allocated ip:${asked} with error:provided IP is already allocated`,
        );
    }
    spec.clusterIPs = [spec.clusterIP];
  }

  function giveNodePorts(service: Service, errors: FieldErrors): void {
    const ports = service.spec.ports ?? [];
    const taken = new Set(
      others(service).flatMap(({ spec }) => (spec.ports ?? []).map(({ nodePort }) => nodePort ?? 0)),
    );
    const own = new Set<string>();
    for (const [index, port] of ports.entries()) {
      if (!port.nodePort) continue;
      const field = `spec.ports[${index}].nodePort`;
      const key = `${port.nodePort}/${port.protocol}`;
      if (port.nodePort < firstPort || port.nodePort > lastPort)
        errors.invalid(
          field,
          port.nodePort,
          `provided port is not in the valid range. The range of valid ports is ${firstPort}-${lastPort}`,
        );
      else if (own.has(key)) errors.duplicate(field, port.nodePort);
      else if (taken.has(port.nodePort)) errors.invalid(field, port.nodePort, 'provided port is already allocated');
      own.add(key);
    }
    for (const port of ports) {
      const used = new Set([...taken, ...ports.map(({ nodePort }) => nodePort ?? 0)]);
      if (!port.nodePort) port.nodePort = freePort(used);
    }
  }

  /** Changes the Service; what it asks for and cannot have becomes an error. */
  return function giveAddresses(service: Service, errors: FieldErrors): void {
    const { type } = service.spec;
    if (type === 'ExternalName') return;
    giveClusterIP(service, errors);
    if (type === 'NodePort' || type === 'LoadBalancer') giveNodePorts(service, errors);
  };
}

/** What a Service has stays its own when the new text does not name it, and goes when its type has no use for it. */
export function keepAddresses(before: Service, after: Service): void {
  const { spec } = after;
  if (spec.type === 'ExternalName') {
    if (spec.clusterIP === before.spec.clusterIP) delete spec.clusterIP;
    delete spec.clusterIPs;
  } else if (before.spec.type !== 'ExternalName' && !spec.clusterIP && before.spec.clusterIP) {
    spec.clusterIP = before.spec.clusterIP;
  }
  const outside = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  for (const port of spec.ports ?? []) {
    const old = before.spec.ports?.find(
      (one) => one.port === port.port && (one.protocol ?? 'TCP') === (port.protocol ?? 'TCP'),
    );
    if (!old?.nodePort) continue;
    if (outside) port.nodePort ||= old.nodePort;
    else if (port.nodePort === old.nodePort) delete port.nodePort;
  }
  if (!outside) delete spec.externalTrafficPolicy;
}
