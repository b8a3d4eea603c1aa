import type { Pod, Service } from '../../store/objects.ts';
import type { ControllerContext } from '../context.ts';
import { matchesLabels } from '../labels.ts';

export type ServicePort = NonNullable<Service['spec']['ports']>[number];

/** A port as endpoints list it: resolved to a number. */
export interface ResolvedPort {
  name?: string;
  port: number;
  protocol: string;
}

/** True for services whose endpoints are ours to write. */
export const hasSelector = ({ spec }: Service): boolean =>
  spec.type !== 'ExternalName' && spec.selector !== undefined && Object.keys(spec.selector).length > 0;

/** The pods of a service that have an address and may still serve, by name. */
export const podsOf = ({ store }: ControllerContext, { metadata, spec }: Service): Pod[] =>
  store
    .list('Pod', metadata.namespace ?? '')
    .filter((pod) => matchesLabels(spec.selector ?? {}, pod.metadata.labels) && pod.status?.podIP && mayServe(pod));

/** A pod that is not ready but will never be again is not even a "not ready" address. */
function mayServe({ spec, status }: Pod): boolean {
  if (spec.restartPolicy === 'Never') return status?.phase !== 'Failed' && status?.phase !== 'Succeeded';
  return spec.restartPolicy === 'OnFailure' ? status?.phase !== 'Succeeded' : true;
}

/** The ports of a service at a pod; those with a name that the pod does not have are left out. */
export function portsAt({ spec }: Service, pod: Pod): ResolvedPort[] {
  return (spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPort(servicePort, pod);
    if (port === undefined) return [];
    return [{ ...(servicePort.name && { name: servicePort.name }), port, protocol: servicePort.protocol ?? 'TCP' }];
  });
}

function targetPort({ targetPort, port, protocol = 'TCP' }: ServicePort, pod: Pod): number | undefined {
  const target: unknown = targetPort ?? port;
  if (typeof target === 'number') return target === 0 ? port : target;
  const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
  return ports.find(({ name, protocol: own = 'TCP' }) => name === target && own === protocol)?.containerPort;
}

/** Where an address comes from. */
export const targetOf = ({ metadata, spec }: Pod, service: Service) => ({
  ...(spec.hostname && spec.subdomain === service.metadata.name && { hostname: spec.hostname }),
  ...(spec.nodeName && { nodeName: spec.nodeName }),
  targetRef: {
    kind: 'Pod',
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid,
  },
});

/** The service's labels, with the mark of a service that has no address of its own. */
export const labelsOf = ({ metadata, spec }: Service): { [key: string]: string } => ({
  ...metadata.labels,
  ...(spec.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }),
});
