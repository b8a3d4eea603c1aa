import { notFound } from '../../store/api-error.ts';
import { kindOf } from '../../store/kinds.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import type { Pod } from '../../store/objects.ts';
import { unavailable } from '../http/status.ts';

/** The pod and port that a proxied request goes to. */
export interface ProxyTarget {
  readonly pod: Pod;
  readonly port: number | undefined;
}

/** `[SCHEME:]NAME[:PORT]`, as a proxy's URL names a pod or a service. */
function parseTarget(text: string): { readonly name: string; readonly port: string } {
  const [first = '', second, third] = text.split(':');
  if (third !== undefined) return { name: second ?? '', port: third };
  return { name: first, port: second ?? '' };
}

/** @throws ApiError 404 */
export function podTarget(store: ObjectStore, namespace: string, text: string): ProxyTarget {
  const { name, port } = parseTarget(text);
  const pod = store.get('Pod', namespace, name);
  if (!pod) throw notFound(kindOf('Pod'), name);
  return { pod, port: port === '' ? undefined : portOfPod(pod, port) };
}

/** A number, or the name of a container's port. */
function portOfPod(pod: Pod, port: string): number | undefined {
  if (/^\d+$/.test(port)) return Number(port);
  const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
  return ports.find(({ name }) => name === port)?.containerPort;
}

/**
 * A ready pod behind a service.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/registry/core/service/storage/storage.go (ResourceLocation)
 * @throws ApiError 404 without the service, 503 without an endpoint or the port
 */
export function serviceTarget(store: ObjectStore, namespace: string, text: string): ProxyTarget {
  const { name, port } = parseTarget(text);
  const service = store.get('Service', namespace, name);
  if (!service) throw notFound(kindOf('Service'), name);
  const byNumber = /^\d+$/.test(port);
  const asked = service.spec.ports?.find((own) => (byNumber ? own.port === Number(port) : own.name === port));
  if (byNumber && !asked) throw unavailable(`no service port ${port} found for service "${name}"`);
  const portName = byNumber ? (asked?.name ?? '') : port;
  const subsets = store.get('Endpoints', namespace, name)?.subsets ?? [];
  if (subsets.length === 0) throw unavailable(`no endpoints available for service "${name}"`);
  for (const { addresses = [], ports = [] } of subsets) {
    const found = ports.find((own) => portName === '' || own.name === portName);
    if (!found) continue;
    for (const { targetRef } of addresses) {
      const pod = targetRef?.name ? store.get('Pod', namespace, targetRef.name) : undefined;
      if (pod) return { pod, port: found.port };
    }
  }
  throw unavailable(`no endpoints available for service "${name}"`);
}
