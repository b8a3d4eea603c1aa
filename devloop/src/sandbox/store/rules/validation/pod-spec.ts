import type { PodSpec } from '../defaults/pod-spec.ts';
import { validateContainer } from './container.ts';
import type { FieldErrors } from './field-errors.ts';
import { GoText } from './go-value.ts';
import { dns1123Label, dns1123Subdomain } from './names.ts';
import { validateVolumes } from './volumes.ts';

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const tolerationEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/**
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/apis/core/validation/validation.go
 * @param field `spec` or `spec.template.spec`
 */
export function validatePodSpec(spec: PodSpec, field: string, errors: FieldErrors): void {
  const volumes = validateVolumes(spec.volumes ?? [], `${field}.volumes`, errors);
  const names = new Set<string>();
  if (!spec.containers?.length) errors.required(`${field}.containers`);
  for (const list of ['containers', 'initContainers'] as const)
    for (const [index, container] of (spec[list] ?? []).entries()) {
      const at = `${field}.${list}[${index}]`;
      if (container.name && names.has(container.name)) errors.duplicate(`${at}.name`, container.name);
      names.add(container.name);
      validateContainer(container, volumes, at, errors);
      if (list === 'initContainers') forbidInInit(container, at, errors);
    }
  validateHostPorts(spec, field, errors);
  if (!restartPolicies.includes(spec.restartPolicy ?? ''))
    errors.notSupported(`${field}.restartPolicy`, spec.restartPolicy ?? '', restartPolicies);
  if (!dnsPolicies.includes(spec.dnsPolicy ?? ''))
    errors.notSupported(`${field}.dnsPolicy`, spec.dnsPolicy ?? '', dnsPolicies);
  validateNames(spec, field, errors);
  validateTimes(spec, field, errors);
  validateTolerations(spec, field, errors);
}

function forbidInInit(container: PodSpec['containers'][number], at: string, errors: FieldErrors): void {
  if (container.lifecycle)
    errors.invalid(`${at}.lifecycle`, container.lifecycle, 'must not be set for init containers');
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const)
    if (container[name]) errors.invalid(`${at}.${name}`, container[name], 'must not be set for init containers');
}

/** Two containers of one pod cannot have the same port of the node. */
function validateHostPorts(spec: PodSpec, field: string, errors: FieldErrors): void {
  const taken = new Set<string>();
  for (const [index, container] of (spec.containers ?? []).entries())
    for (const [number, port] of (container.ports ?? []).entries()) {
      if (!port.hostPort) continue;
      const key = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`;
      if (taken.has(key)) errors.duplicate(`${field}.containers[${index}].ports[${number}].hostPort`, key);
      taken.add(key);
      if (spec.hostNetwork && port.hostPort !== port.containerPort)
        errors.invalid(
          `${field}.containers[${index}].ports[${number}].containerPort`,
          port.containerPort,
          'must match `hostPort` when `hostNetwork` is true',
        );
    }
}

function validateNames(spec: PodSpec, field: string, errors: FieldErrors): void {
  const { serviceAccountName, nodeName, hostname, subdomain, priorityClassName } = spec;
  if (serviceAccountName)
    errors.invalidFor(`${field}.serviceAccountName`, serviceAccountName, dns1123Subdomain(serviceAccountName));
  if (nodeName) errors.invalidFor(`${field}.nodeName`, nodeName, dns1123Subdomain(nodeName));
  if (hostname) errors.invalidFor(`${field}.hostname`, hostname, dns1123Label(hostname));
  if (subdomain) errors.invalidFor(`${field}.subdomain`, subdomain, dns1123Label(subdomain));
  if (priorityClassName)
    errors.invalidFor(`${field}.priorityClassName`, priorityClassName, dns1123Subdomain(priorityClassName));
}

function validateTimes(spec: PodSpec, field: string, errors: FieldErrors): void {
  const { activeDeadlineSeconds: deadline } = spec;
  if (deadline !== undefined && (deadline < 1 || deadline > 2 ** 31 - 1))
    errors.invalid(`${field}.activeDeadlineSeconds`, deadline, 'must be between 1 and 2147483647, inclusive');
}

function validateTolerations(spec: PodSpec, field: string, errors: FieldErrors): void {
  for (const [index, { key = '', operator = '', value = '', effect }] of (spec.tolerations ?? []).entries()) {
    const at = `${field}.tolerations[${index}]`;
    if (!key && operator !== 'Exists')
      errors.invalid(
        `${at}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      );
    if (!['', 'Equal', 'Exists'].includes(operator))
      errors.notSupported(`${at}.operator`, operator, ['Equal', 'Exists']);
    if (operator === 'Exists' && value)
      errors.invalid(
        `${at}.operator`,
        new GoText(
          `core.Toleration{Key:${JSON.stringify(key)}, Operator:"Exists", Value:${JSON.stringify(value)}, Effect:${JSON.stringify(effect ?? '')}, TolerationSeconds:(*int64)(nil)}`,
        ),
        "value must be empty when `operator` is 'Exists'",
      );
    if (effect && !tolerationEffects.includes(effect)) errors.notSupported(`${at}.effect`, effect, tolerationEffects);
  }
}
