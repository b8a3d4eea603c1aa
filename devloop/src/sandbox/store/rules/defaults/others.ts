import type {
  V1NetworkPolicy,
  V1PersistentVolume,
  V1RoleBinding,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import type { Json, KubeObject, Namespace, PersistentVolumeClaim, Secret, Service } from '../../objects.ts';
import { canonicalQuantities } from './container.ts';

/** https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/apis/core/v1/defaults.go */
export function defaultService({ spec }: Service): void {
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'ClientIP') spec.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: 10_800 } };
  spec.type ||= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP';
    port.targetPort ||= port.port;
  }
  const outside = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  if (outside) spec.externalTrafficPolicy ||= 'Cluster';
}

/** `stringData` is what people write; only `data` is stored. */
export function defaultSecret(secret: Secret): void {
  secret.type ||= 'Opaque';
  const { stringData } = secret;
  delete secret.stringData;
  for (const [key, text] of Object.entries(stringData ?? {}))
    secret.data = { ...secret.data, [key]: Buffer.from(text).toString('base64') };
}

export function defaultClaim({ spec }: PersistentVolumeClaim): void {
  spec.volumeMode ||= 'Filesystem';
  canonicalQuantities(spec.resources?.requests);
  canonicalQuantities(spec.resources?.limits);
}

export function defaultVolumeObject({ spec }: { spec: NonNullable<Json<V1PersistentVolume>['spec']> }): void {
  spec.persistentVolumeReclaimPolicy ||= 'Retain';
  spec.volumeMode ||= 'Filesystem';
  canonicalQuantities(spec.capacity);
  if (spec.hostPath) spec.hostPath.type ??= '';
}

export function defaultNamespace(namespace: Namespace): void {
  namespace.metadata.labels = {
    ...namespace.metadata.labels,
    'kubernetes.io/metadata.name': namespace.metadata.name,
  };
  namespace.spec = { finalizers: ['kubernetes'], ...namespace.spec };
}

export function defaultAutoscaler({ spec }: { spec: NonNullable<Json<V2HorizontalPodAutoscaler>['spec']> }): void {
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length)
    spec.metrics = [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ];
}

export function defaultNetworkPolicy({ spec }: { spec: NonNullable<Json<V1NetworkPolicy>['spec']> }): void {
  for (const { ports } of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
    for (const port of ports ?? []) port.protocol ||= 'TCP';
  spec.policyTypes ??= spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
}

const rbac = 'rbac.authorization.k8s.io';

export function defaultBinding(binding: Json<V1RoleBinding>): void {
  binding.roleRef.apiGroup ||= rbac;
  for (const subject of binding.subjects ?? []) {
    if (subject.kind !== 'ServiceAccount') subject.apiGroup ||= rbac;
  }
}

export function defaultStorageClass(object: KubeObject): void {
  object['reclaimPolicy'] ||= 'Delete';
  object['volumeBindingMode'] ||= 'Immediate';
}

export function defaultPriorityClass(object: KubeObject): void {
  object['preemptionPolicy'] ||= 'PreemptLowerPriority';
}

export function defaultEndpoints({ subsets }: { subsets?: { ports?: { protocol?: string }[] }[] }): void {
  for (const { ports } of subsets ?? []) for (const port of ports ?? []) port.protocol ||= 'TCP';
}

export function defaultSlice({ ports }: { ports?: { protocol?: string; name?: string }[] | null }): void {
  for (const port of ports ?? []) {
    port.protocol ||= 'TCP';
    port.name ??= '';
  }
}
