import type { Endpoints, Pod, Service } from '../../store/objects.ts';
import { sameJson } from '../../store/same-json.ts';
import type { ControllerContext } from '../context.ts';
import { omitEmpty } from '../omit-empty.ts';
import { isReady, isTerminating } from '../pods.ts';
import { labelsOf, podsOf, portsAt, type ResolvedPort, targetOf } from './service-pods.ts';

type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];

interface Group {
  readonly ports: ResolvedPort[];
  readonly ready: Address[];
  readonly notReady: Address[];
}

/** Writes a service's Endpoints: its pods' addresses, those that share their ports in one subset. */
export function writeEndpoints(context: ControllerContext, service: Service): void {
  const { store } = context;
  const { namespace = '', name } = service.metadata;
  const subsets = subsetsOf(context, service);
  const labels = labelsOf(service);
  const known = store.get('Endpoints', namespace, name);
  if (!known) {
    const metadata = { name, namespace, ...(Object.keys(labels).length > 0 && { labels }) };
    store.create('Endpoints', { metadata, ...(subsets.length > 0 && { subsets }) });
    return;
  }
  if (
    sameJson(subsets.map(unversioned), (known.subsets ?? []).map(unversioned)) &&
    sameJson(labels, known.metadata.labels ?? {})
  )
    return;
  store.update('Endpoints', namespace, name, (copy) => {
    if (subsets.length > 0) copy.subsets = subsets;
    else delete copy.subsets;
    if (Object.keys(labels).length > 0) copy.metadata.labels = labels;
    else delete copy.metadata.labels;
  });
}

function subsetsOf(context: ControllerContext, service: Service): Subset[] {
  const all = service.spec.publishNotReadyAddresses ?? false;
  const groups = new Map<string, Group>();
  for (const pod of podsOf(context, service)) {
    if (isTerminating(pod) && !all) continue;
    const ports = portsAt(service, pod);
    if (ports.length === 0 && (service.spec.ports ?? []).length > 0) continue;
    const sorted = ports.toSorted((one, other) => compare(one.name ?? '', other.name ?? '') || one.port - other.port);
    const key = JSON.stringify(sorted);
    const group = groups.get(key) ?? { ports: sorted, ready: [], notReady: [] };
    groups.set(key, group);
    (all || isReady(pod) ? group.ready : group.notReady).push(addressOf(pod, service));
  }
  return [...groups.entries()]
    .sort(([one], [other]) => compare(one, other))
    .map(([, { ports, ready, notReady }]) =>
      omitEmpty({ addresses: ready.sort(byIp), notReadyAddresses: notReady.sort(byIp), ports }),
    );
}

function addressOf(pod: Pod, service: Service): Address {
  const { targetRef, ...target } = targetOf(pod, service);
  const { resourceVersion } = pod.metadata;
  return { ip: pod.status?.podIP ?? '', ...target, targetRef: { ...targetRef, resourceVersion } };
}

/** A subset without the versions of its pods: a pod that changes otherwise is no news of its address. */
function unversioned(subset: Subset): Subset {
  const plain = ({ targetRef, ...address }: Address): Address => {
    const { resourceVersion: _version, ...reference } = targetRef ?? {};
    return { ...address, targetRef: reference };
  };
  const lists = { addresses: subset.addresses?.map(plain), notReadyAddresses: subset.notReadyAddresses?.map(plain) };
  return { ...subset, ...JSON.parse(JSON.stringify(lists)) };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const byIp = (one: Address, other: Address): number => compare(one.ip, other.ip);
