import type { EndpointSlice, Pod, Service } from '../../store/objects.ts';
import type { ControllerContext } from '../context.ts';
import { controllerReference } from '../owners.ts';
import { isReady, isTerminating } from '../pods.ts';
import { labelsOf, podsOf, portsAt, type ResolvedPort, targetOf } from './service-pods.ts';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

/** The API's recommended limit. */
const endpointsPerSlice = 100;

/**
 * Writes a service's EndpointSlices: pods that share their ports together, at most 100 in one. A service without any
 * has one that is empty.
 * https://github.com/kubernetes/endpointslice/blob/v0.35.0/reconciler.go
 */
export function writeEndpointSlices(context: ControllerContext, service: Service): void {
  const { store } = context;
  const { namespace = '', name } = service.metadata;
  const known = store.controlledBy('EndpointSlice', namespace, service.metadata.uid);
  const wanted = wantedSlices(context, service);
  const labels = {
    ...labelsOf(service),
    'kubernetes.io/service-name': name,
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
  };
  wanted.forEach(({ ports, endpoints }, index) => {
    const slice = known[index];
    if (slice) {
      store.update('EndpointSlice', namespace, slice.metadata.name, (copy) => {
        copy.metadata.labels = labels;
        copy.endpoints = endpoints;
        copy.ports = ports;
      });
      return;
    }
    store.create('EndpointSlice', {
      metadata: { generateName: `${name}-`, namespace, labels, ownerReferences: [controllerReference(service)] },
      addressType: 'IPv4',
      endpoints,
      ports,
    });
  });
  for (const { metadata } of known.slice(wanted.length)) store.remove('EndpointSlice', namespace, metadata.name);
}

interface Wanted {
  readonly ports: (Omit<ResolvedPort, 'name'> & { name: string })[];
  readonly endpoints: Endpoint[];
}

function wantedSlices(context: ControllerContext, service: Service): Wanted[] {
  const groups = new Map<string, Wanted>();
  for (const pod of podsOf(context, service)) {
    const ports = portsAt(service, pod).map((port) => ({ ...port, name: port.name ?? '' }));
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    groups.set(key, group);
    group.endpoints.push(endpointOf(pod, service));
  }
  if (groups.size === 0) return [{ ports: [], endpoints: [] }];
  return [...groups.values()].flatMap(({ ports, endpoints }) =>
    Array.from({ length: Math.ceil(endpoints.length / endpointsPerSlice) }, (_, index) => ({
      ports,
      endpoints: endpoints.slice(index * endpointsPerSlice, (index + 1) * endpointsPerSlice),
    })),
  );
}

function endpointOf(pod: Pod, service: Service): Endpoint {
  const all = service.spec.publishNotReadyAddresses ?? false;
  const terminating = isTerminating(pod);
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready: all || (isReady(pod) && !terminating), serving: isReady(pod), terminating },
    ...targetOf(pod, service),
  };
}
