import { byName } from '../../../lib/by-name.ts';
import type { Container, Pod } from '../../store/objects.ts';
import { quantityValue } from '../../store/quantity.ts';

/** What a pod's fields say while its containers are made: the status in the store may lag behind. */
export interface PodFacts {
  readonly pod: Pod;
  readonly podIP: string;
  readonly hostIP: string;
}

/** Cores and bytes of this machine, for limits that are not set. */
export interface Allocatable {
  readonly cpu: number;
  readonly memory: number;
}

const mapLines = (map: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(map ?? {})
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');

/**
 * The value of a `fieldRef`; a volume may also ask for all labels or annotations.
 * @throws Error for a field that cannot be referred to
 */
export function fieldValue({ pod, podIP, hostIP }: PodFacts, path: string): string {
  const { metadata, spec } = pod;
  const [, kind, key = ''] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? [];
  if (kind === 'labels') return byName(metadata.labels)[key] ?? '';
  if (kind === 'annotations') return byName(metadata.annotations)[key] ?? '';
  switch (path) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return mapLines(metadata.labels);
    case 'metadata.annotations':
      return mapLines(metadata.annotations);
    case 'spec.nodeName':
      return spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? '';
    case 'status.podIP':
    case 'status.podIPs':
      return podIP;
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIP;
    default:
      throw new Error(`unsupported fieldPath: ${path}`);
  }
}

/**
 * The value of a `resourceFieldRef`, rounded up to whole divisors. A limit that is not set is all that the node has.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/api/v1/resource/helpers.go
 * @throws Error for a resource that cannot be referred to
 */
export function resourceValue(
  { resources }: Pick<Container, 'resources'>,
  resource: string,
  divisor: string | undefined,
  allocatable: Allocatable,
): string {
  const [kind, name = ''] = resource.split('.');
  if (!['limits', 'requests'].includes(kind ?? '') || !['cpu', 'memory', 'ephemeral-storage'].includes(name))
    throw new Error(`unsupported container resource : ${resource}`);
  const own = kind === 'limits' ? resources?.limits?.[name] : resources?.requests?.[name];
  const whole = kind === 'limits' ? { cpu: allocatable.cpu, memory: allocatable.memory }[name] : 0;
  const value = own === undefined ? (whole ?? 0) : quantityValue(own);
  const unit = quantityValue(divisor && divisor !== '0' ? divisor : '1');
  return String(Math.ceil(Number((value / unit).toFixed(6))));
}
