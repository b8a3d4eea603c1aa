import type { Kind } from '../kinds.ts';
import { objectMeta, podSpec, podStatus, podTemplate, resources } from './pod-schema.ts';
import { always, atomic, listBy, portsBy, type Schema, set, struct, textMap } from './schema.ts';

const conditions: Schema = listBy('type');
const status: Schema = always({ conditions });
/** A LabelSelector is replaced as a whole: half of one would select what nobody meant. */
const selector: Schema = atomic;

const claimSpec: Schema = always({ selector, resources });
const jobSpec: Schema = always({ selector, template: podTemplate });
const jobStatus: Schema = always({
  conditions,
  uncountedTerminatedPods: struct({ succeeded: set, failed: set }),
});

/** What each kind has beside metadata. Where a kind is not named, its fields are deduced from their values. */
const kindFields: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  ConfigMap: { data: textMap, binaryData: textMap },
  Event: { involvedObject: always(), source: always() },
  LimitRange: { spec: always() },
  Namespace: { spec: always(), status },
  Node: {
    spec: always({ podCIDRs: set }),
    status: always({ conditions, addresses: listBy('type'), capacity: textMap, allocatable: textMap }),
  },
  PersistentVolumeClaim: { spec: claimSpec, status: always({ conditions, capacity: textMap }) },
  PersistentVolume: { spec: always({ capacity: textMap }), status: always() },
  Pod: { spec: podSpec, status: podStatus },
  ReplicationController: { spec: always({ selector: textMap, template: podTemplate }), status },
  ResourceQuota: { spec: always({ hard: textMap }), status: always({ hard: textMap, used: textMap }) },
  Secret: { data: textMap, stringData: textMap },
  ServiceAccount: { secrets: listBy('name') },
  Service: {
    spec: always({ ports: portsBy('port'), selector: textMap }),
    status: always({ conditions, loadBalancer: always() }),
  },
  DaemonSet: { spec: always({ selector, template: podTemplate, updateStrategy: always() }), status },
  Deployment: { spec: always({ selector, template: podTemplate, strategy: always() }), status },
  ReplicaSet: { spec: always({ selector, template: podTemplate }), status },
  StatefulSet: { spec: always({ selector, template: podTemplate, updateStrategy: always() }), status },
  HorizontalPodAutoscaler: { spec: always({ scaleTargetRef: always() }), status },
  CronJob: {
    spec: always({ jobTemplate: always({ metadata: objectMeta, spec: jobSpec }) }),
    status: always(),
  },
  Job: { spec: jobSpec, status: jobStatus },
  Lease: { spec: always() },
  Ingress: { spec: always(), status: always({ loadBalancer: always() }) },
  IngressClass: { spec: always() },
  NetworkPolicy: { spec: always({ podSelector: selector }) },
  PodDisruptionBudget: { spec: always({ selector }), status: always({ conditions, disruptedPods: textMap }) },
  ClusterRole: { aggregationRule: struct() },
  ClusterRoleBinding: { roleRef: always() },
  RoleBinding: { roleRef: always() },
  StorageClass: { parameters: textMap },
};

const schemas = new Map<string, Schema>();

/** How the objects of a kind are merged. */
export function schemaOf({ kind }: Kind): Schema {
  const known = schemas.get(kind) ?? always({ ...kindFields[kind], metadata: objectMeta });
  schemas.set(kind, known);
  return known;
}
