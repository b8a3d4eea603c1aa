import { forbidden } from '../../api-error.ts';
import { kindOf } from '../../kinds.ts';
import type { ObjectStore } from '../../object-store.ts';
import type { KubeObject, Pod } from '../../objects.ts';

const evictionTaints = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
/** A pod stays so many seconds on a node that has gone. */
const evictAfter = 300;

const systemPriorities: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/**
 * What admission writes into a new pod: its service account, its priority, and how long it stays on a lost node.
 * @param refusedAs what a refusal calls the pod
 * @throws ApiError 403 for a service account or priority class that is not there
 */
export function admitPod(store: ObjectStore, pod: Pod, refusedAs: string): void {
  addServiceAccount(store, pod, refusedAs);
  addPriority(store, pod, refusedAs);
  addTolerations(pod);
}

function addServiceAccount(store: ObjectStore, { metadata, spec }: Pod, refusedAs: string): void {
  const name = spec.serviceAccountName || 'default';
  const namespace = metadata.namespace ?? 'default';
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
  const account = store.get('ServiceAccount', namespace, name);
  if (!account)
    throw forbidden(
      kindOf('Pod'),
      refusedAs,
      `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
    );
  if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length)
    spec.imagePullSecrets = structuredClone(account.imagePullSecrets);
}

function addPriority(store: ObjectStore, { spec }: Pod, refusedAs: string): void {
  const classes = store.list('PriorityClass');
  const name = spec.priorityClassName ?? classes.find((object) => object['globalDefault'] === true)?.metadata.name;
  const found = classes.find((object) => object.metadata.name === name);
  const value = found ? Number(found['value']) : systemPriorities[name ?? ''];
  if (name && value === undefined)
    throw forbidden(kindOf('Pod'), refusedAs, `no PriorityClass with name ${name} was found`);
  if (name) spec.priorityClassName = name;
  spec.priority ??= value ?? 0;
  spec.preemptionPolicy ??= policyOf(found);
}

const policyOf = (priorityClass: KubeObject | undefined): string =>
  String(priorityClass?.['preemptionPolicy'] ?? 'PreemptLowerPriority');

/** Of a new pod and of each update, which need not name them. */
export function addTolerations({ spec }: Pod): void {
  const tolerations = spec.tolerations ?? [];
  const missing = evictionTaints.filter(
    (taint) => !tolerations.some(({ key, effect }) => (!key || key === taint) && (!effect || effect === 'NoExecute')),
  );
  const added = missing.map((key) => ({
    effect: 'NoExecute',
    key,
    operator: 'Exists',
    tolerationSeconds: evictAfter,
  }));
  if (tolerations.length + added.length > 0) spec.tolerations = [...tolerations, ...added];
}
