import type { V1PodDisruptionBudget, V1RoleBinding, V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import type { Json, Node } from '../../store/objects.ts';
import { type Column, columnsOf, nameColumn, number, text, untypedColumns, wide } from './column.ts';

const roleLabel = 'node-role.kubernetes.io/';

/** https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/printers/internalversion/printers.go */
export const clusterColumns: Readonly<Record<string, readonly Column[]>> = {
  Namespace: columnsOf('Namespace', [text('Status', ({ status }) => status?.phase)]),
  Node: columnsOf(
    'Node',
    [text('Status', nodeStatus), text('Roles', nodeRoles)],
    [
      wide('Internal-IP', (node) => addressOf(node, 'InternalIP')),
      wide('External-IP', (node) => addressOf(node, 'ExternalIP')),
      wide('OS-Image', ({ status }) => status?.nodeInfo?.osImage || '<unknown>'),
      wide('Kernel-Version', ({ status }) => status?.nodeInfo?.kernelVersion || '<unknown>'),
      wide('Container-Runtime', ({ status }) => status?.nodeInfo?.containerRuntimeVersion || '<unknown>'),
    ],
  ).toSpliced(
    4,
    0,
    text('Version', (node) => (node as unknown as Node).status?.nodeInfo?.kubeletVersion ?? ''),
  ),
  ServiceAccount: columnsOf('ServiceAccount', [number('Secrets', ({ secrets }) => secrets?.length ?? 0)]),
  HorizontalPodAutoscaler: untypedColumns<Json<V2HorizontalPodAutoscaler>>([
    text('Reference', ({ spec }) => `${spec?.scaleTargetRef.kind}/${spec?.scaleTargetRef.name}`),
    text('Targets', targets),
    text('MinPods', ({ spec }) => String(spec?.minReplicas ?? '<unset>')),
    number('MaxPods', ({ spec }) => spec?.maxReplicas),
    number('Replicas', ({ status }) => status?.currentReplicas ?? 0),
  ]),
  PodDisruptionBudget: untypedColumns<Json<V1PodDisruptionBudget>>([
    text('Min Available', ({ spec }) => String(spec?.minAvailable ?? 'N/A')),
    text('Max Unavailable', ({ spec }) => String(spec?.maxUnavailable ?? 'N/A')),
    number('Allowed Disruptions', ({ status }) => status?.disruptionsAllowed ?? 0),
  ]),
  Role: roleColumns(),
  ClusterRole: roleColumns(),
  RoleBinding: bindingColumns(),
  ClusterRoleBinding: bindingColumns(),
  Lease: untypedColumns<{ spec?: { holderIdentity?: string } }>([
    text('Holder', ({ spec }) => spec?.holderIdentity ?? ''),
  ]),
  ControllerRevision: columnsOf('ControllerRevision', [
    text('Controller', ({ metadata }) => {
      const owner = metadata.ownerReferences?.find(({ controller }) => controller);
      return owner ? `${owner.kind.toLowerCase()}${groupSuffix(owner.apiVersion)}/${owner.name}` : '<none>';
    }),
    number('Revision', ({ revision }) => revision),
  ]),
  PriorityClass: untypedColumns<{ value: number; globalDefault?: boolean }>([
    number('Value', ({ value }) => value),
    text('Global-Default', ({ globalDefault }) => globalDefault ?? false),
  ]),
};

function nodeStatus({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const state = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return spec?.unschedulable ? `${state},SchedulingDisabled` : state;
}

function nodeRoles({ metadata }: Node): string {
  const roles = Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith(roleLabel));
  return (
    roles
      .map((label) => label.slice(roleLabel.length))
      .sort()
      .join(',') || '<none>'
  );
}

function addressOf({ status }: Node, type: string): string {
  return status?.addresses?.find((address) => address.type === type)?.address ?? '<none>';
}

function targets({ spec, status }: Json<V2HorizontalPodAutoscaler>): string {
  const all = (spec?.metrics ?? []).map(({ resource }, index) => {
    const target = resource?.target;
    const wanted = target?.averageUtilization === undefined ? target?.averageValue : `${target.averageUtilization}%`;
    const current = status?.currentMetrics?.[index]?.resource?.current;
    const is = current?.averageUtilization === undefined ? current?.averageValue : `${current.averageUtilization}%`;
    return `${is ?? '<unknown>'}/${wanted ?? '<auto>'}`;
  });
  return all.join(', ') || '<none>';
}

function groupSuffix(apiVersion: string): string {
  const [group, version] = apiVersion.split('/');
  return version ? `.${group}` : '';
}

/** Roles show the moment they were made, not their age. */
function roleColumns(): readonly Column[] {
  return [nameColumn, text('Created At', ({ metadata }) => metadata.creationTimestamp)];
}

function bindingColumns(): readonly Column[] {
  const named = (kind: string, withNamespace: boolean) =>
    wide<Json<V1RoleBinding>>(`${kind}s`, ({ subjects = [] }) =>
      subjects
        .filter((subject) => subject.kind === kind)
        .map(({ namespace, name }) => (withNamespace ? `${namespace}/${name}` : name))
        .join(', '),
    );
  return untypedColumns<Json<V1RoleBinding>>(
    [text('Role', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`)],
    [named('User', false), named('Group', false), named('ServiceAccount', true)],
  );
}
