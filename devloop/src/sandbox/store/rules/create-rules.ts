import { randomUUID } from 'node:crypto';
import type { ObjectRules } from '../../api/parts.ts';
import { conflict, invalid } from '../api-error.ts';
import { apiVersionOf, type Kind } from '../kinds.ts';
import { nameSuffix } from '../name-suffix.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Job, KubeObject, PersistentVolumeClaim, Pod, Service } from '../objects.ts';
import { addJobSelector } from './admission/jobs.ts';
import { requireNamespace } from './admission/namespaces.ts';
import { addTolerations, admitPod } from './admission/pods.ts';
import {
  createServiceAddresses,
  defaultRanges,
  keepAddresses,
  type ServiceRanges,
} from './admission/service-addresses.ts';
import { addStorageClass, protectClaim } from './admission/storage.ts';
import { rulesOf } from './by-kind.ts';
import { dropZeroValues } from './defaults/zero-values.ts';
import { keptMetadata, metadataWithStatus } from './kept-metadata.ts';
import { checkFieldTypes } from './types/check-types.ts';
import { loadedFieldTypes, loadFieldTypes } from './types/field-types.ts';
import { dropUnknownFields, findUnknownFields } from './types/unknown-fields.ts';
import { FieldErrors } from './validation/field-errors.ts';
import { validateFinalizersUpdate, validateMetadata } from './validation/metadata.ts';

/** Kinds that are nothing without a spec: it is there, if empty, so that what is missing in it can be said. */
const withSpec = new Set([
  'Pod',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Service',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'HorizontalPodAutoscaler',
  'NetworkPolicy',
  'Ingress',
  'PodDisruptionBudget',
]);

/**
 * Admission, defaults and validation of everything that clients write.
 * @param ranges where cluster IPs and node ports come from; default 10.96.0.0/16 and 30000 to 32767
 */
export function createRules(
  store: ObjectStore,
  ranges: ServiceRanges = defaultRanges,
): Pick<ObjectRules, 'prepareCreate' | 'prepareUpdate' | 'unknownFields'> {
  const giveAddresses = createServiceAddresses(store, ranges);

  /** Types, unknown fields and zero values: from here on the rules can rely on the object's form. */
  function normalize(kind: Kind, object: KubeObject): void {
    const types = loadedFieldTypes();
    if (types) {
      checkFieldTypes(types, kind, object);
      dropUnknownFields(types, kind, object);
    }
    dropZeroValues(object);
    object.metadata ??= {} as KubeObject['metadata'];
    if (withSpec.has(kind.kind)) object['spec'] ??= {};
  }

  /** @param refusedAs what a refusal calls the object: admission comes before a name is made */
  function admit(kind: Kind, object: KubeObject, refusedAs: string): void {
    requireNamespace(store, kind, object, refusedAs);
    if (kind.kind === 'Pod') admitPod(store, object as Pod, refusedAs);
    if (kind.kind === 'PersistentVolumeClaim') {
      addStorageClass(store, object as PersistentVolumeClaim);
      protectClaim(object as PersistentVolumeClaim);
    }
    if (kind.kind === 'Job') addJobSelector(object as unknown as Job);
  }

  function validate(kind: Kind, object: KubeObject, before?: KubeObject): void {
    const { validate, validateUpdate } = rulesOf(kind.kind);
    const errors = metadataErrors(kind, object, before);
    validate?.(object, errors);
    if (before) validateUpdate?.(before, object, errors);
    // Addresses are given only to what is right otherwise.
    if (kind.kind === 'Service' && errors.causes.length === 0) giveAddresses(object as Service, errors);
    refuse(kind, object, errors);
  }

  function prepareCreate(kind: Kind, given: KubeObject): KubeObject {
    const object = structuredClone(given);
    normalize(kind, object);
    const { metadata } = object;
    const name = metadata.name || (metadata.generateName ? `${metadata.generateName}${nameSuffix()}` : '');
    const { deletionTimestamp: _, deletionGracePeriodSeconds: __, selfLink: ___, ...kept } = metadata;
    object.apiVersion = apiVersionOf(kind);
    object.kind = kind.kind;
    object.metadata = { ...kept, name, uid: randomUUID() };
    if (kind.namespaced) object.metadata.namespace ??= 'default';
    else delete object.metadata.namespace;
    const { defaults, status } = rulesOf(kind.kind);
    defaults?.(object);
    if (status) object['status'] = status(object);
    admit(kind, object, metadata.name || metadata.generateName || 'Unknown!');
    validate(kind, object);
    return object;
  }

  function prepareUpdate(kind: Kind, before: KubeObject, given: KubeObject, subresource?: string): KubeObject {
    const object = structuredClone(given);
    normalize(kind, object);
    if (object.metadata.uid && object.metadata.uid !== before.metadata.uid)
      throw conflict(
        kind,
        before.metadata.name,
        `Precondition failed: UID in precondition: ${object.metadata.uid}, UID in object meta: ${before.metadata.uid}`,
      );
    if (subresource === 'status') {
      const metadata = metadataWithStatus(kind, before, object);
      const changed = { ...before, metadata, status: object['status'] ?? {} };
      refuse(kind, changed, metadataErrors(kind, changed, before));
      return changed;
    }
    const metadata = keptMetadata(before, object);
    const after: KubeObject = { ...object, apiVersion: before.apiVersion, kind: before.kind, metadata };
    if (before['status'] === undefined) delete after['status'];
    else after['status'] = before['status'];
    rulesOf(kind.kind).defaults?.(after);
    if (kind.kind === 'Pod') addTolerations(after as Pod);
    if (kind.kind === 'Service') keepAddresses(before as Service, after as Service);
    validate(kind, after, before);
    return after;
  }

  async function unknownFields(kind: Kind, object: unknown): Promise<string[]> {
    const types = await loadFieldTypes();
    checkFieldTypes(types, kind, object);
    return findUnknownFields(types, kind, object);
  }

  return { prepareCreate, prepareUpdate, unknownFields };
}

function metadataErrors(kind: Kind, object: KubeObject, before: KubeObject | undefined): FieldErrors {
  const errors = new FieldErrors();
  validateMetadata(kind, object, errors);
  if (before) validateFinalizersUpdate(before, object, errors);
  return errors;
}

function refuse(kind: Kind, { metadata }: KubeObject, { causes }: FieldErrors): void {
  if (causes.length > 0) throw invalid(kind, metadata.name, causes);
}
