import type { Container, Probe } from '../../store/objects.ts';
import type { HttpTarget } from './http-probe.ts';

/** The number of a port that the spec gives as a number or by its name. @throws Error in the kubelet's words */
export function portNumber(port: unknown, { ports }: Pick<Container, 'ports'>): number {
  const text = String(port);
  const found = /^\d+$/.test(text) ? Number(text) : ports?.find(({ name }) => name === text)?.containerPort;
  if (found === undefined) throw new Error(`couldn't find port: ${text}`);
  return found;
}

/** What an `httpGet` of a probe or hook asks for. @param podIP where it has no host of its own */
export function httpTarget(get: NonNullable<Probe['httpGet']>, container: Container, podIP: string): HttpTarget {
  const path = get.path ?? '/';
  return {
    scheme: get.scheme?.toUpperCase() === 'HTTPS' ? 'https' : 'http',
    host: get.host || podIP,
    port: portNumber(get.port, container),
    path: path.startsWith('/') ? path : `/${path}`,
    headers: Object.fromEntries((get.httpHeaders ?? []).map(({ name, value }) => [name, value ?? ''])),
  };
}
