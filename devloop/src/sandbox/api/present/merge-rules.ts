/** A list is merged item by item, told apart by the keys; a strategic merge patch goes by the first. */
const merged: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'V1Container.ports': ['containerPort', 'protocol'],
  'V1Container.env': ['name'],
  'V1Container.volumeDevices': ['devicePath'],
  'V1Container.volumeMounts': ['mountPath'],
  'V1EphemeralContainer.env': ['name'],
  'V1EphemeralContainer.ports': ['containerPort', 'protocol'],
  'V1EphemeralContainer.volumeDevices': ['devicePath'],
  'V1EphemeralContainer.volumeMounts': ['mountPath'],
  'V1PodSpec.containers': ['name'],
  'V1PodSpec.ephemeralContainers': ['name'],
  'V1PodSpec.initContainers': ['name'],
  'V1PodSpec.hostAliases': ['ip'],
  'V1PodSpec.imagePullSecrets': ['name'],
  'V1PodSpec.topologySpreadConstraints': ['topologyKey', 'whenUnsatisfiable'],
  'V1PodSpec.volumes': ['name'],
  'V1PodStatus.podIPs': ['ip'],
  'V1NodeStatus.addresses': ['type'],
  'V1ServiceAccount.secrets': ['name'],
  'V1ServiceSpec.ports': ['port', 'protocol'],
  'V1ObjectMeta.ownerReferences': ['uid'],
};
const sets = new Set(['V1ObjectMeta.finalizers', 'V1NodeSpec.podCIDRs']);
const retained: Readonly<Record<string, string>> = {
  'V1DeploymentSpec.strategy': 'retainKeys',
  'V1PodSpec.volumes': 'merge,retainKeys',
};
/** Conditions of all these are merged by their type. */
const conditionOwners =
  /^V1(DaemonSet|Deployment|Job|Namespace|Node|PersistentVolumeClaim|Pod|ReplicaSet|ReplicationController|Service|StatefulSet|PodDisruptionBudget)Status$/;

/**
 * How a patch merges a field, as extensions of its schema. The keys were read from `/openapi/v2` of Kubernetes 1.20.2;
 * those of ephemeral containers' ports and of PodDisruptionBudgets' conditions are newer than it.
 */
export function mergeRuleOf(model: string, field: string): Record<string, unknown> {
  const name = `${model}.${field}`;
  const keys = field === 'conditions' && conditionOwners.test(model) ? (['type'] as const) : merged[name];
  const strategy = retained[name] ?? (keys || sets.has(name) ? 'merge' : undefined);
  return {
    ...(keys && {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': keys,
      'x-kubernetes-patch-merge-key': keys[0],
    }),
    ...(sets.has(name) && { 'x-kubernetes-list-type': 'set' }),
    ...(strategy && { 'x-kubernetes-patch-strategy': strategy }),
  };
}
