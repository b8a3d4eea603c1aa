import type { ObjectOf } from '../object-store.ts';
import type { KubeObject } from '../objects.ts';
import * as others from './defaults/others.ts';
import { defaultPod, defaultPodSpec } from './defaults/pod-spec.ts';
import { qosClass } from './defaults/qos-class.ts';
import * as workloads from './defaults/workloads.ts';
import type { FieldErrors } from './validation/field-errors.ts';
import * as immutable from './validation/immutable.ts';
import * as validOthers from './validation/others.ts';
import { validatePodSpec } from './validation/pod-spec.ts';
import { validateService, validateServiceUpdate } from './validation/service.ts';
import * as valid from './validation/workloads.ts';

/** What is true of one kind. The functions are told apart from others' kinds by their key only. */
export interface KindRules<T = KubeObject> {
  readonly defaults?: (object: T) => void;
  /** The status of a new object, which its writer cannot give. */
  readonly status?: (object: T) => Record<string, unknown>;
  readonly validate?: (object: T, errors: FieldErrors) => void;
  readonly validateUpdate?: (before: T, after: T, errors: FieldErrors) => void;
}

/** Type-checks the rules of one kind, and makes them rules of any: `rulesOf` gives them to objects of that kind only. */
const of = <Name extends string>(_kind: Name, rules: KindRules<ObjectOf<Name>>): KindRules => rules as KindRules;
/** For kinds whose objects have no type of their own in the store. */
const untyped = <T>(rules: KindRules<T>): KindRules => rules as unknown as KindRules;

const selectorStays = { validateUpdate: immutable.validateSelectorUpdate };

const all: Readonly<Record<string, KindRules>> = {
  Pod: of('Pod', {
    defaults: ({ spec }) => {
      defaultPodSpec(spec);
      defaultPod(spec);
    },
    status: ({ spec }) => ({ phase: 'Pending', qosClass: qosClass(spec) }),
    validate: ({ spec }, errors) => validatePodSpec(spec, 'spec', errors),
    validateUpdate: immutable.validatePodUpdate,
  }),
  Deployment: of('Deployment', {
    defaults: workloads.defaultDeployment,
    status: () => ({}),
    validate: valid.validateDeployment,
    ...selectorStays,
  }),
  ReplicaSet: of('ReplicaSet', {
    defaults: workloads.defaultReplicaSet,
    status: () => ({ replicas: 0 }),
    validate: valid.validateReplicaSet,
    ...selectorStays,
  }),
  StatefulSet: of('StatefulSet', {
    defaults: workloads.defaultStatefulSet,
    status: () => ({ replicas: 0 }),
    validate: valid.validateStatefulSet,
    validateUpdate: immutable.validateStatefulSetUpdate,
  }),
  DaemonSet: of('DaemonSet', {
    defaults: workloads.defaultDaemonSet,
    status: () => ({ currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 }),
    validate: valid.validateDaemonSet,
    ...selectorStays,
  }),
  Job: of('Job', {
    defaults: ({ spec }) => workloads.defaultJobSpec(spec),
    status: () => ({}),
    validate: valid.validateJob,
    validateUpdate: immutable.validateJobUpdate,
  }),
  CronJob: of('CronJob', {
    defaults: workloads.defaultCronJob,
    status: () => ({}),
    validate: valid.validateCronJob,
  }),
  Service: of('Service', {
    defaults: others.defaultService,
    status: () => ({ loadBalancer: {} }),
    validate: validateService,
    validateUpdate: validateServiceUpdate,
  }),
  ConfigMap: of('ConfigMap', {
    validate: validOthers.validateConfigMap,
    validateUpdate: immutable.validateDataUpdate,
  }),
  Secret: of('Secret', {
    defaults: others.defaultSecret,
    validate: validOthers.validateSecret,
    validateUpdate: immutable.validateDataUpdate,
  }),
  PersistentVolumeClaim: of('PersistentVolumeClaim', {
    defaults: others.defaultClaim,
    status: () => ({ phase: 'Pending' }),
    validate: validOthers.validateClaim,
    validateUpdate: immutable.validateClaimUpdate,
  }),
  PersistentVolume: of('PersistentVolume', {
    defaults: others.defaultVolumeObject,
    status: () => ({ phase: 'Pending' }),
  }),
  Namespace: of('Namespace', { defaults: others.defaultNamespace, status: () => ({ phase: 'Active' }) }),
  Ingress: untyped({ status: () => ({ loadBalancer: {} }), validate: validOthers.validateIngress }),
  HorizontalPodAutoscaler: untyped({
    defaults: others.defaultAutoscaler,
    status: () => ({ currentMetrics: null, desiredReplicas: 0 }),
    validate: validOthers.validateAutoscaler,
  }),
  PodDisruptionBudget: untyped({
    status: () => ({ currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }),
    validate: validOthers.validateBudget,
  }),
  NetworkPolicy: untyped({ defaults: others.defaultNetworkPolicy }),
  Role: untyped({ validate: validOthers.validateRole }),
  ClusterRole: untyped({ validate: validOthers.validateRole }),
  RoleBinding: untyped({
    defaults: others.defaultBinding,
    validate: validOthers.validateBinding,
    validateUpdate: immutable.validateRoleRefUpdate,
  }),
  ClusterRoleBinding: untyped({
    defaults: others.defaultBinding,
    validate: validOthers.validateBinding,
    validateUpdate: immutable.validateRoleRefUpdate,
  }),
  StorageClass: { defaults: others.defaultStorageClass },
  PriorityClass: { defaults: others.defaultPriorityClass },
  Endpoints: untyped({ defaults: others.defaultEndpoints }),
  EndpointSlice: untyped({ defaults: others.defaultSlice }),
};

export const rulesOf = (kind: string): KindRules => all[kind] ?? {};
