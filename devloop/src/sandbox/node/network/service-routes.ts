import type { Endpoints, Service } from '../../store/objects.ts';
import type { ServiceRoute } from '../pod-hook/settings.ts';
import type { Address } from './proxy-listener.ts';

type ServicePort = NonNullable<Service['spec']['ports']>[number];

export const isHeadless = ({ spec }: Service): boolean => !spec.clusterIP || spec.clusterIP === 'None';

/** The ready endpoints of one port of a service: addresses and ports of pods, or of this machine. */
export function endpointsOf(endpoints: Endpoints | undefined, { name }: Pick<ServicePort, 'name'>): Address[] {
  return (endpoints?.subsets ?? []).flatMap(({ addresses, ports }) => {
    const port = ports?.find((one) => (one.name ?? '') === (name ?? ''));
    return port ? (addresses ?? []).map(({ ip }) => ({ host: ip, port: port.port })) : [];
  });
}

/**
 * What the hook is told of a service.
 * @param proxyPort the listener of a port, undefined while it is being opened
 */
export function routeOf(
  service: Service,
  endpoints: Endpoints | undefined,
  proxyPort: (port: number) => number | undefined,
): ServiceRoute {
  if (isHeadless(service)) {
    const ready = (endpoints?.subsets ?? []).flatMap(({ addresses }) => addresses ?? []);
    const addresses = Object.fromEntries(
      ready.map(({ ip, hostname, targetRef }) => [hostname ?? targetRef?.name ?? ip, ip]),
    );
    return { ports: {}, addresses };
  }
  const ports = (service.spec.ports ?? []).map((port) => [
    port.port,
    endpointsOf(endpoints, port).length > 0 ? (proxyPort(port.port) ?? 0) : 0,
  ]);
  return {
    ...(service.spec.clusterIP !== undefined && { clusterIP: service.spec.clusterIP }),
    ports: Object.fromEntries(ports),
  };
}
