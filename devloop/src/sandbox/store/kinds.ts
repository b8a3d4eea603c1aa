/** What the API server knows of a kind. */
export interface Kind {
  /** `Deployment`; no two kinds here share a name. */
  readonly kind: string;
  /** The empty text for the core group. */
  readonly group: string;
  readonly version: string;
  /** `deployments`, as in URLs. */
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** `all`, for `kubectl get all`. */
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly subresources: readonly string[];
  /** True when a change of the spec counts up `metadata.generation`. */
  readonly counted: boolean;
}

interface Extra {
  readonly short?: readonly string[];
  readonly all?: boolean;
  readonly cluster?: boolean;
  readonly sub?: readonly string[];
  readonly counted?: boolean;
  readonly plural?: string;
}

function kind(groupVersion: string, name: string, extra: Extra = {}): Kind {
  const [version = '', group = ''] = groupVersion.split('/').reverse();
  const singular = name.toLowerCase();
  return {
    kind: name,
    group,
    version,
    plural: extra.plural ?? `${singular}s`,
    singular,
    shortNames: extra.short ?? [],
    categories: extra.all ? ['all'] : [],
    namespaced: !extra.cluster,
    subresources: extra.sub ?? [],
    counted: extra.counted ?? false,
  };
}

const podSubresources = ['status', 'log', 'exec', 'attach', 'portforward', 'proxy', 'binding', 'eviction'];
const scalable = { all: true, counted: true, sub: ['status', 'scale'] };

/** Every kind that is served, in the order of discovery. Group, version, names: https://kubernetes.io/docs/reference/kubernetes-api/ */
export const kinds: readonly Kind[] = [
  kind('v1', 'ConfigMap', { short: ['cm'] }),
  kind('v1', 'Endpoints', { short: ['ep'], plural: 'endpoints' }),
  kind('v1', 'Event', { short: ['ev'] }),
  kind('v1', 'LimitRange', { short: ['limits'] }),
  kind('v1', 'Namespace', { short: ['ns'], cluster: true, sub: ['status', 'finalize'] }),
  kind('v1', 'Node', { short: ['no'], cluster: true, sub: ['status', 'proxy'] }),
  kind('v1', 'PersistentVolumeClaim', { short: ['pvc'], sub: ['status'] }),
  kind('v1', 'PersistentVolume', { short: ['pv'], cluster: true, sub: ['status'] }),
  kind('v1', 'Pod', { short: ['po'], all: true, sub: podSubresources }),
  kind('v1', 'ReplicationController', { short: ['rc'], ...scalable }),
  kind('v1', 'ResourceQuota', { short: ['quota'], sub: ['status'] }),
  kind('v1', 'Secret'),
  kind('v1', 'ServiceAccount', { short: ['sa'], sub: ['token'] }),
  kind('v1', 'Service', { short: ['svc'], all: true, sub: ['status', 'proxy'] }),
  kind('apps/v1', 'ControllerRevision'),
  kind('apps/v1', 'DaemonSet', { short: ['ds'], all: true, counted: true, sub: ['status'] }),
  kind('apps/v1', 'Deployment', { short: ['deploy'], ...scalable }),
  kind('apps/v1', 'ReplicaSet', { short: ['rs'], ...scalable }),
  kind('apps/v1', 'StatefulSet', { short: ['sts'], ...scalable }),
  kind('autoscaling/v2', 'HorizontalPodAutoscaler', { short: ['hpa'], all: true, sub: ['status'] }),
  kind('batch/v1', 'CronJob', { short: ['cj'], all: true, counted: true, sub: ['status'] }),
  kind('batch/v1', 'Job', { all: true, counted: true, sub: ['status'] }),
  kind('coordination.k8s.io/v1', 'Lease'),
  kind('discovery.k8s.io/v1', 'EndpointSlice', { counted: true }),
  kind('networking.k8s.io/v1', 'IngressClass', { cluster: true, plural: 'ingressclasses' }),
  kind('networking.k8s.io/v1', 'Ingress', {
    short: ['ing'],
    plural: 'ingresses',
    counted: true,
    sub: ['status'],
  }),
  kind('networking.k8s.io/v1', 'NetworkPolicy', { short: ['netpol'], plural: 'networkpolicies', counted: true }),
  kind('policy/v1', 'PodDisruptionBudget', { short: ['pdb'], counted: true, sub: ['status'] }),
  kind('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { cluster: true }),
  kind('rbac.authorization.k8s.io/v1', 'ClusterRole', { cluster: true }),
  kind('rbac.authorization.k8s.io/v1', 'RoleBinding'),
  kind('rbac.authorization.k8s.io/v1', 'Role'),
  kind('scheduling.k8s.io/v1', 'PriorityClass', { short: ['pc'], cluster: true, plural: 'priorityclasses' }),
  kind('storage.k8s.io/v1', 'StorageClass', { short: ['sc'], cluster: true, plural: 'storageclasses' }),
];

const byName = new Map(kinds.map((known) => [known.kind, known]));
const byPath = new Map(kinds.map((known) => [`${known.group}/${known.version}/${known.plural}`, known]));

export const findKind = (name: string): Kind | undefined => byName.get(name);

/** @throws Error for a kind that is not served: a mistake of ours */
export function kindOf(name: string): Kind {
  const found = byName.get(name);
  if (!found) throw new Error(`the sandbox has no kind ${name}`);
  return found;
}

/** By what a URL names: group (empty for core), version and plural. */
export const kindAt = (group: string, version: string, plural: string): Kind | undefined =>
  byPath.get(`${group}/${version}/${plural}`);

/** `apps/v1`, or `v1` for the core group. */
export const apiVersionOf = ({ group, version }: Kind): string => (group ? `${group}/${version}` : version);

/** `deployments.apps`, or `pods`: as error messages name a resource. */
export const resourceName = ({ group, plural }: Kind): string => (group ? `${plural}.${group}` : plural);
