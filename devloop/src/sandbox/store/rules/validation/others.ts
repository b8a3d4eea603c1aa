import type {
  V1Ingress,
  V1PodDisruptionBudget,
  V1Role,
  V1RoleBinding,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import type { ConfigMap, Json, PersistentVolumeClaim, Secret } from '../../objects.ts';
import { compareQuantities } from '../../quantity.ts';
import type { FieldErrors } from './field-errors.ts';
import { GoText } from './go-value.ts';
import { configKey, dns1123Subdomain } from './names.ts';
import { validateSelector } from './selectors.ts';
import { intOrPercent } from './workloads.ts';

/** All values of a ConfigMap or Secret together. */
const dataBytes = 1024 * 1024;

function validateKeys(data: Readonly<Record<string, unknown>> | undefined, field: string, errors: FieldErrors): void {
  for (const key of Object.keys(data ?? {}).sort()) errors.invalidFor(`${field}[${key}]`, key, configKey(key));
}

export function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap, errors: FieldErrors): void {
  validateKeys(data, 'data', errors);
  validateKeys(binaryData, 'binaryData', errors);
  for (const key of Object.keys(data))
    if (key in binaryData) errors.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
  const bytes =
    Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text), 0) +
    Object.values(binaryData).reduce((sum, text) => sum + Buffer.byteLength(text, 'base64'), 0);
  if (bytes > dataBytes) errors.tooLong('', dataBytes);
}

const requiredKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ['kubernetes.io/dockercfg', ['.dockercfg']],
  ['kubernetes.io/dockerconfigjson', ['.dockerconfigjson']],
  ['kubernetes.io/ssh-auth', ['ssh-privatekey']],
  ['kubernetes.io/tls', ['tls.crt', 'tls.key']],
]);

export function validateSecret({ type = '', data = {}, metadata }: Secret, errors: FieldErrors): void {
  validateKeys(data, 'data', errors);
  const bytes = Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text, 'base64'), 0);
  if (bytes > dataBytes) errors.tooLong('data', dataBytes);
  for (const key of requiredKeys.get(type) ?? []) if (data[key] === undefined) errors.required(`data[${key}]`);
  if (type === 'kubernetes.io/basic-auth' && data['username'] === undefined && data['password'] === undefined) {
    // The placeholder is what Kubernetes 1.20 really says.
    errors.required('data[%s][username]');
    errors.required('data[%s][password]');
  }
  const account = metadata.annotations?.['kubernetes.io/service-account.name'];
  if (type === 'kubernetes.io/service-account-token' && !account)
    errors.required('metadata.annotations[kubernetes.io/service-account.name]');
}

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce'];

export function validateClaim({ spec }: PersistentVolumeClaim, errors: FieldErrors): void {
  if (!spec.accessModes?.length) errors.required('spec.accessModes', 'at least 1 access mode is required');
  if (spec.selector) validateSelector(spec.selector, 'spec.selector', errors);
  for (const mode of spec.accessModes ?? [])
    if (!accessModes.includes(mode)) errors.notSupported('spec.accessModes', mode, accessModes);
  const storage = spec.resources?.requests?.['storage'];
  if (storage === undefined) errors.required('spec.resources[storage]');
  else if (compareQuantities(storage, '0') <= 0)
    errors.invalid('spec.resources[storage]', storage, 'must be greater than zero');
  if (spec.storageClassName)
    errors.invalidFor('spec.storageClassName', spec.storageClassName, dns1123Subdomain(spec.storageClassName));
  if (!['Block', 'Filesystem'].includes(spec.volumeMode ?? ''))
    errors.notSupported('spec.volumeMode', spec.volumeMode ?? '', ['Block', 'Filesystem']);
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

export function validateIngress({ spec }: Json<V1Ingress>, errors: FieldErrors): void {
  if (!spec?.rules?.length && !spec?.defaultBackend)
    errors.invalid(
      'spec',
      new GoText('[]networking.IngressRule(nil)'),
      'either `defaultBackend` or `rules` must be specified',
    );
  if (spec?.defaultBackend) validateBackend(spec.defaultBackend, 'spec.defaultBackend', errors);
  for (const [index, { http, host }] of (spec?.rules ?? []).entries()) {
    const at = `spec.rules[${index}]`;
    if (host) errors.invalidFor(`${at}.host`, host, dns1123Subdomain(host.replace(/^\*\./, '')));
    if (http && !http.paths?.length) errors.required(`${at}.http.paths`);
    for (const [number, { path, pathType, backend }] of (http?.paths ?? []).entries()) {
      const where = `${at}.http.paths[${number}]`;
      if (!pathType) errors.required(`${where}.pathType`, 'pathType must be specified');
      else if (!pathTypes.includes(pathType)) errors.notSupported(`${where}.pathType`, pathType, pathTypes);
      else if (pathType !== 'ImplementationSpecific' && !path?.startsWith('/'))
        errors.invalid(`${where}.path`, path ?? '', 'must be an absolute path');
      validateBackend(backend, `${where}.backend`, errors);
    }
  }
}

type Backend = NonNullable<NonNullable<Json<V1Ingress>['spec']>['defaultBackend']>;

function validateBackend({ service, resource }: Backend, at: string, errors: FieldErrors): void {
  if (!service && !resource) {
    errors.invalid(at, '', 'resource or service backend is required');
    return;
  }
  if (!service) return;
  if (!service.name) errors.required(`${at}.service.name`);
  if (!service.port?.name && !service.port?.number) errors.required(at, 'port name or number is required');
}

export function validateAutoscaler({ spec }: Json<V2HorizontalPodAutoscaler>, errors: FieldErrors): void {
  if (!spec) return;
  if ((spec.minReplicas ?? 1) < 1)
    errors.invalid('spec.minReplicas', spec.minReplicas, 'must be greater than or equal to 1');
  if ((spec.maxReplicas ?? 0) < 1) errors.invalid('spec.maxReplicas', spec.maxReplicas ?? 0, 'must be greater than 0');
  if ((spec.maxReplicas ?? 0) < (spec.minReplicas ?? 1))
    errors.invalid('spec.maxReplicas', spec.maxReplicas ?? 0, 'must be greater than or equal to `minReplicas`');
  if (!spec.scaleTargetRef?.kind) errors.required('spec.scaleTargetRef.kind');
  if (!spec.scaleTargetRef?.name) errors.required('spec.scaleTargetRef.name');
}

export function validateBudget({ spec }: Json<V1PodDisruptionBudget>, errors: FieldErrors): void {
  if (spec?.minAvailable !== undefined && spec.maxUnavailable !== undefined)
    errors.invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set');
  intOrPercent(spec?.minAvailable, 'spec.minAvailable', errors);
  intOrPercent(spec?.maxUnavailable, 'spec.maxUnavailable', errors);
  if (spec?.selector) validateSelector(spec.selector, 'spec.selector', errors);
}

export function validateRole({ rules, kind }: Json<V1Role>, errors: FieldErrors): void {
  for (const [index, rule] of (rules ?? []).entries()) {
    const at = `rules[${index}]`;
    if (!rule.verbs?.length) errors.required(`${at}.verbs`, 'verbs must contain at least one value');
    if (rule.nonResourceURLs?.length) {
      if (kind === 'Role')
        errors.invalid(
          `${at}.nonResourceURLs`,
          rule.nonResourceURLs,
          'namespaced rules cannot apply to non-resource URLs',
        );
      continue;
    }
    if (!rule.apiGroups?.length)
      errors.required(`${at}.apiGroups`, 'resource rules must supply at least one api group');
    if (!rule.resources?.length) errors.required(`${at}.resources`, 'resource rules must supply at least one resource');
  }
}

export function validateBinding({ roleRef, subjects = [], kind }: Json<V1RoleBinding>, errors: FieldErrors): void {
  const kinds = kind === 'ClusterRoleBinding' ? ['ClusterRole'] : ['Role', 'ClusterRole'];
  if (!kinds.includes(roleRef?.kind ?? '')) errors.notSupported('roleRef.kind', roleRef?.kind ?? '', kinds);
  if (!roleRef?.name) errors.required('roleRef.name');
  if (errors.causes.length > 0) return;
  for (const [index, subject] of subjects.entries()) {
    if (!subject.name) errors.required(`subjects[${index}].name`);
    if (subject.kind === 'ServiceAccount' && !subject.namespace) errors.required(`subjects[${index}].namespace`);
  }
}
