import type {
  V1ConfigMap,
  V1ControllerRevision,
  V1CronJob,
  V1DaemonSet,
  V1Deployment,
  V1EndpointSlice,
  V1Endpoints,
  V1Job,
  V1Namespace,
  V1Node,
  V1ObjectMeta,
  V1OwnerReference,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
} from '@kubernetes/client-node';

/** An API type as it is in JSON: client-node's types have dates where the wire has RFC 3339 text. */
export type Json<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Json<Item>[]
    : T extends object
      ? { [Key in keyof T]: Json<T[Key]> }
      : T;

export type OwnerReference = Json<V1OwnerReference>;

/** What the store fills in of every object; `namespace` is the empty text where the kind has none. */
export interface Metadata extends Json<V1ObjectMeta> {
  name: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
}

/** Any object of the API. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  [field: string]: unknown;
}

/** A typed object as the store holds it. */
type Stored<T> = Omit<Json<T>, 'apiVersion' | 'kind' | 'metadata'> & {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
};
/** The same with a spec that validation has made sure of. */
type StoredWithSpec<T extends { spec?: unknown }> = Stored<T> & { spec: NonNullable<Json<T>['spec']> };

export type Pod = StoredWithSpec<V1Pod>;
export type PodTemplate = Json<V1Deployment>['spec'] extends infer Spec
  ? NonNullable<Spec> extends { template: infer Template }
    ? Template
    : never
  : never;
export type PodStatus = NonNullable<Pod['status']>;
export type Container = Pod['spec']['containers'][number];
export type ContainerStatus = NonNullable<PodStatus['containerStatuses']>[number];
export type Probe = NonNullable<Container['readinessProbe']>;
export type Volume = NonNullable<Pod['spec']['volumes']>[number];
export type Deployment = StoredWithSpec<V1Deployment>;
export type ReplicaSet = StoredWithSpec<V1ReplicaSet>;
export type StatefulSet = StoredWithSpec<V1StatefulSet>;
export type DaemonSet = StoredWithSpec<V1DaemonSet>;
export type Job = StoredWithSpec<V1Job>;
export type CronJob = StoredWithSpec<V1CronJob>;
export type ControllerRevision = Stored<V1ControllerRevision>;
export type Service = StoredWithSpec<V1Service>;
export type Endpoints = Stored<V1Endpoints>;
export type EndpointSlice = Stored<V1EndpointSlice>;
export type ConfigMap = Stored<V1ConfigMap>;
export type Secret = Stored<V1Secret>;
export type ServiceAccount = Stored<V1ServiceAccount>;
export type Namespace = Stored<V1Namespace>;
export type Node = Stored<V1Node>;
export type PersistentVolume = StoredWithSpec<V1PersistentVolume>;
export type PersistentVolumeClaim = StoredWithSpec<V1PersistentVolumeClaim>;

/** An Event of core/v1, in its own words. */
export interface KubeEvent {
  apiVersion: 'v1';
  kind: 'Event';
  metadata: Metadata;
  involvedObject: {
    apiVersion?: string;
    kind?: string;
    namespace?: string;
    name?: string;
    uid?: string;
    resourceVersion?: string;
    /** `spec.containers{web}` for an event of one container. */
    fieldPath?: string;
  };
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  source: { component: string; host?: string };
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
  eventTime: null;
  reportingComponent: string;
  reportingInstance: string;
}

/** The kinds that have behaviour here, with their types; every other kind is a `KubeObject`. */
export interface KindTypes {
  Pod: Pod;
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  StatefulSet: StatefulSet;
  DaemonSet: DaemonSet;
  Job: Job;
  CronJob: CronJob;
  ControllerRevision: ControllerRevision;
  Service: Service;
  Endpoints: Endpoints;
  EndpointSlice: EndpointSlice;
  ConfigMap: ConfigMap;
  Secret: Secret;
  ServiceAccount: ServiceAccount;
  Namespace: Namespace;
  Node: Node;
  PersistentVolume: PersistentVolume;
  PersistentVolumeClaim: PersistentVolumeClaim;
  Event: KubeEvent;
}
