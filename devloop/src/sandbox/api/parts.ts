import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Kind } from '../store/kinds.ts';
import type { KubeObject, Pod } from '../store/objects.ts';

/** Who writes, for `managedFields`. */
export interface Writer {
  /** `helm`, `kubectl-client-side-apply`; what `fieldManager` or the user agent says. */
  readonly manager: string;
  /** `status` and the like; not given for the object itself. */
  readonly subresource?: string;
}

/** What a write does to an object before it is stored: admission, defaults, validation, merging. No method stores anything. */
export interface ObjectRules {
  /**
   * An object as it is to be created: admission (addresses, node ports, service account), defaults, validation.
   * @throws ApiError 422 or 403 in Kubernetes' words
   */
  readonly prepareCreate: (kind: Kind, object: KubeObject) => KubeObject;
  /**
   * An object as it is to be stored in place of `before`: what clients may not change is kept (uid, creation time,
   * status without its subresource, spec with it), defaults, validation of what is immutable.
   */
  readonly prepareUpdate: (kind: Kind, before: KubeObject, after: KubeObject, subresource?: string) => KubeObject;
  /** The object after a patch; the JSON patch is RFC 6902, the merge patch RFC 7386. @throws ApiError 400, 422 */
  readonly patch: (kind: Kind, current: KubeObject, type: 'json' | 'merge' | 'strategic', patch: unknown) => KubeObject;
  /**
   * Server-side apply: the object after it, `managedFields` included.
   * @param current undefined creates
   * @throws ApiError 409 with one cause a field when another manager owns it and `force` is false
   */
  readonly apply: (
    kind: Kind,
    current: KubeObject | undefined,
    applied: KubeObject,
    writer: Writer,
    force: boolean,
  ) => KubeObject;
  /** Puts into `after` who owns which fields, for any write but an apply. Changes `after`. */
  readonly track: (kind: Kind, before: KubeObject | undefined, after: KubeObject, writer: Writer) => void;
  /** Paths of fields that the kind does not have, as strict field validation names them: `unknown field "spec.foo"`. */
  readonly unknownFields: (kind: Kind, object: unknown) => Promise<string[]>;
}

/** How objects look to `kubectl get` and to clients that ask what the API is made of. */
export interface Presentation {
  /** A `meta.k8s.io/v1` Table of the objects, as Kubernetes prints them. @param now epoch milliseconds */
  readonly table: (kind: Kind, objects: readonly KubeObject[], now: number) => Record<string, unknown>;
  /** `/openapi/v3`: where the documents are. */
  readonly openApiIndex: () => Record<string, unknown>;
  /** `/openapi/v3/apis/apps/v1`; undefined for a group that is not served. */
  readonly openApiDocument: (groupVersion: string) => Promise<Record<string, unknown> | undefined>;
}

/** The subresources of a pod that are more than a JSON answer. `url` has the query. */
export interface PodStreams {
  readonly log: (request: IncomingMessage, response: ServerResponse, pod: Pod, url: URL) => Promise<void>;
  /** `/proxy/…` of a pod, whose name may carry a scheme and port: `https:web:8080`. */
  readonly proxy: (
    request: IncomingMessage,
    response: ServerResponse,
    pod: Pod,
    port: number | undefined,
    path: string,
  ) => Promise<void>;
  readonly exec: (request: IncomingMessage, socket: Duplex, head: Buffer, pod: Pod, url: URL) => Promise<void>;
  readonly portForward: (request: IncomingMessage, socket: Duplex, head: Buffer, pod: Pod, url: URL) => Promise<void>;
  /** There is no attach here: answers 405 to a request that wants to upgrade. */
  readonly attach: (socket: Duplex) => void;
}
