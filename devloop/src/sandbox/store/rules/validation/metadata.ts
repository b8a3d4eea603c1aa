import type { Kind } from '../../kinds.ts';
import type { KubeObject } from '../../objects.ts';
import type { FieldErrors } from './field-errors.ts';
import { dns1035Label, dns1123Label, dns1123Subdomain, labelValue, pathSegment, qualifiedName } from './names.ts';

const labelNames = new Set(['Namespace']);
const freeNames = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']);
const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);
/** All annotations of an object together, keys and values. */
const annotationBytes = 256 * 1024;

function nameForm({ kind }: Kind): (name: string) => string[] {
  if (kind === 'Service') return dns1035Label;
  if (freeNames.has(kind)) return pathSegment;
  return labelNames.has(kind) ? dns1123Label : dns1123Subdomain;
}

/** Name, labels, annotations, owners of an object that has its name already. */
export function validateMetadata(kind: Kind, { metadata }: KubeObject, errors: FieldErrors): void {
  const form = nameForm(kind);
  // The name may end in a hyphen where Kubernetes puts letters behind it.
  const prefix = metadata.generateName?.replace(/-$/, 'a');
  if (prefix) errors.invalidFor('metadata.generateName', metadata.generateName, form(prefix));
  if (!metadata.name) errors.required('metadata.name', 'name or generateName is required');
  else errors.invalidFor('metadata.name', metadata.name, form(metadata.name));
  validateLabels(metadata.labels, 'metadata.labels', errors);
  validateAnnotations(metadata.annotations, 'metadata.annotations', errors);
  validateOwners(metadata.ownerReferences ?? [], errors);
  for (const [index, finalizer] of (metadata.finalizers ?? []).entries()) {
    errors.invalidFor('metadata.finalizers', finalizer, qualifiedName(finalizer));
    if (!finalizer.includes('/') && !standardFinalizers.has(finalizer))
      errors.invalid(
        `metadata.finalizers[${index}]`,
        finalizer,
        'name is neither a standard finalizer name nor is it fully qualified',
      );
  }
}

/** What is being deleted can be held by no more than what holds it already. */
export function validateFinalizersUpdate(
  { metadata: before }: KubeObject,
  { metadata: after }: KubeObject,
  errors: FieldErrors,
): void {
  const added = new Set(after.finalizers?.filter((finalizer) => !before.finalizers?.includes(finalizer)));
  if (!before.deletionTimestamp || added.size === 0) return;
  const shown = `[]string{${[...added]
    .sort()
    .map((finalizer) => JSON.stringify(finalizer))
    .join(', ')}}`;
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`;
  // Kubernetes tells it twice: it looks at all objects' metadata, and at those of each kind again.
  for (let times = 0; times < 2; times++) errors.forbidden('metadata.finalizers', why);
}

export function validateLabels(labels: Record<string, string> | undefined, field: string, errors: FieldErrors): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    errors.invalidFor(field, key, qualifiedName(key));
    errors.invalidFor(field, value, labelValue(value));
  }
}

export function validateAnnotations(
  annotations: Record<string, string> | undefined,
  field: string,
  errors: FieldErrors,
): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    errors.invalidFor(field, key, qualifiedName(key.toLowerCase()));
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > annotationBytes) errors.tooLong(field, annotationBytes);
}

function validateOwners(owners: NonNullable<KubeObject['metadata']['ownerReferences']>, errors: FieldErrors): void {
  const field = 'metadata.ownerReferences';
  for (const owner of owners) {
    if (!owner.apiVersion) errors.invalid(`${field}.apiVersion`, owner.apiVersion ?? '', 'version must not be empty');
    if (!owner.kind) errors.invalid(`${field}.kind`, owner.kind ?? '', 'kind must not be empty');
    if (!owner.name) errors.invalid(`${field}.name`, owner.name ?? '', 'name must not be empty');
    if (!owner.uid) errors.invalid(`${field}.uid`, owner.uid ?? '', 'uid must not be empty');
  }
  const controllers = owners.filter(({ controller }) => controller).map(({ kind, name }) => `${kind}/${name}`);
  if (controllers.length > 1)
    errors.invalid(
      field,
      owners,
      `Only one reference can have Controller set to true. Found "true" in references for ${controllers.join(' and ')}`,
    );
}
