import type { Container } from '../../objects.ts';
import type { FieldErrors } from './field-errors.ts';
import { dns1123Label, envName, portName, portNumber } from './names.ts';
import { validateHandlers, validateProbe } from './probe.ts';
import { validateResources } from './resources.ts';

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const messagePolicies = ['FallbackToLogsOnError', 'File'];
const envSources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'] as const;
const downwardFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.podIP',
  'status.podIPs',
];

/** What can be selected of a pod, but is not for its env. */
const selectableFields = [
  'metadata.labels',
  'metadata.annotations',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
  'status.nominatedNodeName',
];

/** @param volumes names of the pod's volumes @param at `spec.containers[0]` */
export function validateContainer(
  container: Container,
  volumes: ReadonlySet<string>,
  at: string,
  errors: FieldErrors,
): void {
  if (!container.name) errors.required(`${at}.name`);
  else errors.invalidFor(`${at}.name`, container.name, dns1123Label(container.name));
  if (!container.image) errors.required(`${at}.image`);
  else if (container.image !== container.image.trim())
    errors.invalid(`${at}.image`, container.image, 'must not have leading or trailing whitespace');
  if (container.lifecycle) validateLifecycle(container, at, errors);
  validateProbe(container.livenessProbe, `${at}.livenessProbe`, true, errors);
  validateProbe(container.readinessProbe, `${at}.readinessProbe`, false, errors);
  validateProbe(container.startupProbe, `${at}.startupProbe`, true, errors);
  validatePorts(container.ports ?? [], `${at}.ports`, errors);
  validateEnv(container, at, errors);
  validateMounts(container.volumeMounts ?? [], volumes, `${at}.volumeMounts`, errors);
  if (!pullPolicies.includes(container.imagePullPolicy ?? ''))
    errors.notSupported(`${at}.imagePullPolicy`, container.imagePullPolicy ?? '', pullPolicies);
  if (!messagePolicies.includes(container.terminationMessagePolicy ?? ''))
    errors.invalid(
      `${at}.terminationMessagePolicy`,
      container.terminationMessagePolicy ?? '',
      "must be 'File' or 'FallbackToLogsOnError'",
    );
  validateResources(container.resources, `${at}.resources`, errors);
}

function validateLifecycle({ lifecycle }: Container, at: string, errors: FieldErrors): void {
  if (lifecycle?.postStart) validateHandlers(lifecycle.postStart, `${at}.lifecycle.postStart`, errors);
  if (lifecycle?.preStop) validateHandlers(lifecycle.preStop, `${at}.lifecycle.preStop`, errors);
}

function validatePorts(ports: NonNullable<Container['ports']>, field: string, errors: FieldErrors): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `${field}[${index}]`;
    if (port.name) {
      errors.invalidFor(`${at}.name`, port.name, portName(port.name));
      if (names.has(port.name)) errors.duplicate(`${at}.name`, port.name);
      names.add(port.name);
    }
    if (!port.containerPort) errors.required(`${at}.containerPort`);
    else errors.invalidFor(`${at}.containerPort`, port.containerPort, portNumber(port.containerPort));
    if (port.hostPort) errors.invalidFor(`${at}.hostPort`, port.hostPort, portNumber(port.hostPort));
    if (!protocols.includes(port.protocol ?? '')) errors.notSupported(`${at}.protocol`, port.protocol ?? '', protocols);
  }
}

function validateEnv({ env = [], envFrom = [] }: Container, container: string, errors: FieldErrors): void {
  for (const [index, { name, value, valueFrom }] of env.entries()) {
    const at = `${container}.env[${index}]`;
    if (!name) errors.required(`${at}.name`);
    else errors.invalidFor(`${at}.name`, name, envName(name));
    if (!valueFrom) continue;
    const sources = envSources.filter((source) => valueFrom[source]);
    if (sources.length === 0)
      errors.invalid(
        `${at}.valueFrom`,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
      );
    else if (value) errors.invalid(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty');
    else if (sources.length > 1)
      errors.invalid(`${at}.valueFrom`, '', 'may not have more than one field specified at a time');
    validateFieldRef(valueFrom.fieldRef, `${at}.valueFrom.fieldRef`, errors);
    for (const source of ['configMapKeyRef', 'secretKeyRef'] as const)
      if (valueFrom[source] && !valueFrom[source].key) errors.required(`${at}.valueFrom.${source}.key`);
  }
  for (const [index, { prefix, configMapRef, secretRef }] of envFrom.entries()) {
    const at = `${container}.envFrom[${index}]`;
    // A source as a whole is told without its number.
    const whole = `${container}.envFrom`;
    if (prefix) errors.invalidFor(`${at}.prefix`, prefix, envName(prefix));
    if (!configMapRef && !secretRef) errors.invalid(whole, '', 'must specify one of: `configMapRef` or `secretRef`');
    if (configMapRef && secretRef) errors.invalid(whole, '', 'may not have more than one field specified at a time');
    if (configMapRef && !configMapRef.name) errors.required(`${at}.configMapRef.name`);
    if (secretRef && !secretRef.name) errors.required(`${at}.secretRef.name`);
  }
}

function validateFieldRef(ref: { fieldPath: string } | undefined, at: string, errors: FieldErrors): void {
  if (!ref) return;
  const { fieldPath } = ref;
  if (!fieldPath) {
    errors.required(`${at}.fieldPath`);
    return;
  }
  if (/^metadata\.(labels|annotations)\['.*'\]$/.test(fieldPath) || downwardFields.includes(fieldPath)) return;
  if (!selectableFields.includes(fieldPath))
    errors.invalid(`${at}.fieldPath`, fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`);
  else errors.notSupported(`${at}.fieldPath`, fieldPath, downwardFields);
}

function validateMounts(
  mounts: NonNullable<Container['volumeMounts']>,
  volumes: ReadonlySet<string>,
  field: string,
  errors: FieldErrors,
): void {
  const paths = new Set<string>();
  for (const [index, { name, mountPath, subPath, subPathExpr }] of mounts.entries()) {
    const at = `${field}[${index}]`;
    if (!name) errors.required(`${at}.name`);
    else if (!volumes.has(name)) errors.notFound(`${at}.name`, name);
    if (!mountPath) errors.required(`${at}.mountPath`);
    else if (paths.has(mountPath)) errors.invalid(`${at}.mountPath`, mountPath, 'must be unique');
    paths.add(mountPath);
    if (subPath && subPathExpr)
      errors.invalid(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive');
    validateLocalPath(subPath, `${field}.subPath`, errors);
  }
}

/** A path inside a volume: relative, and not out of it. */
export function validateLocalPath(path: string | undefined, field: string, errors: FieldErrors): void {
  if (!path) return;
  if (path.startsWith('/')) errors.invalid(field, path, 'must be a relative path');
  if (path.split('/').includes('..')) errors.invalid(field, path, "must not contain '..'");
}
