import type {
  CoreV1Event,
  V1DaemonSet,
  V1Deployment,
  V1ObjectMeta,
  V1Pod,
  V1ReplicaSet,
  V1Secret,
  V1StatefulSet,
} from '@kubernetes/client-node';

// client-node's types describe objects after its own deserialization, with Date for times. devloop reads the plain
// JSON of the API, where a time is an RFC 3339 string.
type Plain<T> = T extends Date
  ? string
  : T extends (infer U)[]
    ? Plain<U>[]
    : T extends object
      ? { [K in keyof T]: Plain<T[K]> }
      : T;

export type Meta = Plain<V1ObjectMeta>;
export type Pod = Plain<V1Pod>;
export type ReplicaSet = Plain<V1ReplicaSet>;
export type Secret = Plain<V1Secret>;
export type Deployment = Plain<V1Deployment>;
export type StatefulSet = Plain<V1StatefulSet>;
export type DaemonSet = Plain<V1DaemonSet>;
export type KubeEvent = Plain<CoreV1Event>;
export type Workload = Deployment | StatefulSet | DaemonSet;

export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Meta;
}

/** The annotation that Helm puts on every object of a release. */
export const releaseAnnotation = 'meta.helm.sh/release-name';
