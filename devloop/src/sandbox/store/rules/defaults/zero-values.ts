/** Maps whose keys are people's own: nothing in them is a field. */
const freeMaps = new Set([
  'labels',
  'annotations',
  'matchLabels',
  'nodeSelector',
  'data',
  'binaryData',
  'stringData',
  'limits',
  'requests',
  'selector',
  'parameters',
  'capacity',
  'hard',
  'overhead',
  'managedFields',
]);
/** Fields that Go does not write when they are empty, 0 or false (`omitempty` of what is no pointer). */
const omitted = new Set([
  'value',
  'subPath',
  'subPathExpr',
  'readOnly',
  'hostPort',
  'hostIP',
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'stdin',
  'stdinOnce',
  'tty',
  'workingDir',
  'initialDelaySeconds',
  'medium',
  'paused',
  'minReadySeconds',
  'clusterIP',
  'externalName',
  'loadBalancerIP',
  'publishNotReadyAddresses',
  'nodePort',
  'sessionAffinity',
  'namespace',
  'generateName',
  'nodeName',
  'hostname',
  'subdomain',
  'priorityClassName',
  'apiGroup',
  'serviceAccountName',
  'serviceAccount',
  'host',
  'prefix',
  'volumeName',
  'image',
  'unschedulable',
  'healthCheckNodePort',
  'operator',
  'effect',
  'key',
  'secretName',
  'message',
  'reason',
]);
/** Texts that are written even when they are null or empty. */
const keptNulls = new Set(['creationTimestamp', 'eventTime']);

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/**
 * Takes away what Go leaves out when it writes an object again: nulls, empty lists, empty maps of labels and the like,
 * zero values. A manifest of a chart has many of them, and what is stored must not differ from what Kubernetes stores.
 * Changes the object.
 */
export function dropZeroValues(object: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(object)) {
    if (value === null ? !keptNulls.has(field) : omittedWhenEmpty(field, value)) delete object[field];
    else if (Array.isArray(value)) for (const item of value) descend(item);
    else if (!freeMaps.has(field)) descend(value);
    else if (value !== null && typeof value === 'object') dropNulls(value as Record<string, unknown>);
  }
}

const descend = (value: unknown): void => {
  if (value !== null && typeof value === 'object') dropZeroValues(value as Record<string, unknown>);
};

function dropNulls(map: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(map)) if (value === null) delete map[key];
}

function omittedWhenEmpty(field: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object') return isEmpty(value) && freeMaps.has(field) && field !== 'selector';
  return omitted.has(field) && !value;
}
