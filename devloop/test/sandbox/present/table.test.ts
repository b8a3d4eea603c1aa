import { describe, expect, test } from '@jest/globals';
import { humanDuration } from '../../../src/sandbox/api/present/age.ts';
import { createPresentation } from '../../../src/sandbox/api/present/create-presentation.ts';
import { kindOf, kinds } from '../../../src/sandbox/store/kinds.ts';
import type { KubeObject } from '../../../src/sandbox/store/objects.ts';

const now = Date.UTC(2026, 0, 1);
const present = createPresentation();
const metadata = {
  name: 'x',
  namespace: 'a',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: new Date(now - 5000).toISOString(),
};

interface Table {
  columnDefinitions: { name: string; priority: number }[];
  rows: { cells: unknown[] }[];
}

const table = (kind: string, rest: Record<string, unknown>): Table => {
  const object = { apiVersion: 'v1', kind, metadata, ...rest } as KubeObject;
  return present.table(kindOf(kind), [object], now) as unknown as Table;
};
const cells = (kind: string, rest: Record<string, unknown>): unknown[] => table(kind, rest).rows[0]?.cells ?? [];

describe('ages', () => {
  test.each([
    [-5000, '<invalid>'],
    [0, '0s'],
    [5000, '5s'],
    [119_000, '119s'],
    [120_000, '2m'],
    [130_000, '2m10s'],
    [600_000, '10m'],
    [10_800_000, '3h'],
    [11_100_000, '3h5m'],
    [28_800_000, '8h'],
    [172_800_000, '2d'],
    [176_400_000, '2d1h'],
    [691_200_000, '8d'],
    [63_072_000_000, '2y'],
  ])('%i ms: %s', (ms, shown) => {
    expect(humanDuration(ms)).toBe(shown);
  });
});

const waiting = (reason: string) => ({ name: 'c', ready: false, restartCount: 3, state: { waiting: { reason } } });
const ended = (exitCode: number, reason?: string) => ({
  name: 'c',
  ready: false,
  restartCount: 0,
  state: { terminated: { exitCode, ...(reason && { reason }) } },
});
const running = { name: 'c', ready: true, restartCount: 1, state: { running: {} } };
const spec = { containers: [{ name: 'c' }] };

describe('the status of pods', () => {
  test.each<[string, Record<string, unknown>]>([
    ['Pending', { phase: 'Pending' }],
    ['Running', { phase: 'Running', containerStatuses: [running] }],
    ['ContainerCreating', { phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] }],
    ['CrashLoopBackOff', { phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff')] }],
    ['ErrImagePull', { phase: 'Pending', containerStatuses: [waiting('ErrImagePull')] }],
    ['OOMKilled', { phase: 'Running', containerStatuses: [ended(137, 'OOMKilled')] }],
    ['ExitCode:3', { phase: 'Running', containerStatuses: [ended(3)] }],
    ['Completed', { phase: 'Succeeded', containerStatuses: [ended(0, 'Completed')] }],
    ['NotReady', { phase: 'Running', containerStatuses: [ended(0, 'Completed'), running] }],
    ['Evicted', { phase: 'Failed', reason: 'Evicted' }],
    ['Init:0/1', { phase: 'Pending', initContainerStatuses: [{ ...running, ready: false }] }],
    ['Init:Error', { phase: 'Pending', initContainerStatuses: [ended(1, 'Error')] }],
    ['Init:ExitCode:2', { phase: 'Pending', initContainerStatuses: [ended(2)] }],
    ['Init:CrashLoopBackOff', { phase: 'Pending', initContainerStatuses: [waiting('CrashLoopBackOff')] }],
    [
      'PodInitializing',
      {
        phase: 'Pending',
        initContainerStatuses: [ended(0, 'Completed')],
        containerStatuses: [waiting('PodInitializing')],
      },
    ],
  ])('%s', (shown, status) => {
    expect(cells('Pod', { spec: { ...spec, initContainers: [{ name: 'i' }] }, status })[2]).toBe(shown);
  });

  test('Terminating', () => {
    const deleted = { ...metadata, deletionTimestamp: metadata.creationTimestamp };
    expect(cells('Pod', { metadata: deleted, spec, status: { phase: 'Running' } })[2]).toBe('Terminating');
  });
});

describe('rows', () => {
  const template = { spec: { containers: [{ name: 'c', image: 'i:1' }] } };
  const selector = { matchLabels: { app: 'web' } };
  test.each<[string, Record<string, unknown>, unknown[]]>([
    [
      'Pod',
      { spec, status: { phase: 'Running', podIP: '10.244.0.2', containerStatuses: [running] } },
      ['x', '1/1', 'Running', 1, '5s', '10.244.0.2', '<none>', '<none>', '<none>'],
    ],
    [
      'Deployment',
      { spec: { replicas: 2, template, selector }, status: { readyReplicas: 1, updatedReplicas: 2 } },
      ['x', '1/2', 2, 0, '5s', 'c', 'i:1', 'app=web'],
    ],
    [
      'ReplicaSet',
      { spec: { replicas: 2, template, selector }, status: { replicas: 2 } },
      ['x', 2, 2, 0, '5s', 'c', 'i:1', 'app=web'],
    ],
    ['StatefulSet', { spec: { replicas: 1, template, selector }, status: {} }, ['x', '0/1', '5s', 'c', 'i:1']],
    [
      'DaemonSet',
      { spec: { template, selector }, status: {} },
      ['x', 0, 0, 0, 0, 0, '<none>', '5s', 'c', 'i:1', 'app=web'],
    ],
    [
      'Job',
      {
        spec: { completions: 1, template, selector },
        status: {
          succeeded: 1,
          startTime: new Date(now - 9000).toISOString(),
          completionTime: new Date(now - 2000).toISOString(),
        },
      },
      ['x', '1/1', '7s', '5s', 'c', 'i:1', 'app=web'],
    ],
    [
      'CronJob',
      { spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } }, status: {} },
      ['x', '* * * * *', 'False', 0, '<none>', '5s', 'c', 'i:1', '<none>'],
    ],
    [
      'Service',
      {
        spec: {
          type: 'NodePort',
          clusterIP: '10.96.0.11',
          ports: [{ port: 80, nodePort: 30000, protocol: 'TCP' }],
          selector: { a: 'b' },
        },
      },
      ['x', 'NodePort', '10.96.0.11', '<none>', '80:30000/TCP', '5s', 'a=b'],
    ],
    [
      'Service',
      { spec: { type: 'ExternalName', externalName: 'e.x' } },
      ['x', 'ExternalName', '<none>', 'e.x', '<none>', '5s', '<none>'],
    ],
    [
      'Service',
      { spec: { type: 'LoadBalancer', clusterIP: '1.2.3.4', ports: [] }, status: { loadBalancer: {} } },
      ['x', 'LoadBalancer', '1.2.3.4', '<pending>', '<none>', '5s', '<none>'],
    ],
    [
      'Endpoints',
      { subsets: [{ addresses: [{ ip: '1.1.1.1' }, { ip: '1.1.1.2' }], ports: [{ port: 80 }, { port: 81 }] }] },
      ['x', '1.1.1.1:80,1.1.1.2:80,1.1.1.1:81 + 1 more...', '5s'],
    ],
    ['ConfigMap', { data: { a: 'b' }, binaryData: { c: '' } }, ['x', 2, '5s']],
    ['Secret', { type: 'Opaque', data: { a: '' } }, ['x', 'Opaque', 1, '5s']],
    ['ServiceAccount', {}, ['x', 0, '5s']],
    ['Namespace', { status: { phase: 'Active' } }, ['x', 'Active', '5s']],
    [
      'PersistentVolumeClaim',
      {
        spec: { volumeName: 'v', storageClassName: 's', volumeMode: 'Filesystem' },
        status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] },
      },
      ['x', 'Bound', 'v', '1Gi', 'RWO', 's', '5s', 'Filesystem'],
    ],
    [
      'Ingress',
      { spec: { rules: [{ host: 'a.b' }], tls: [{}] }, status: {} },
      ['x', '<none>', 'a.b', '', '80, 443', '5s'],
    ],
    ['Lease', { spec: { holderIdentity: 'h' } }, ['x', 'h', '5s']],
    ['LimitRange', {}, ['x', '5s']],
    ['Role', {}, ['x', metadata.creationTimestamp]],
    [
      'RoleBinding',
      { roleRef: { kind: 'Role', name: 'r' }, subjects: [{ kind: 'ServiceAccount', namespace: 'n', name: 's' }] },
      ['x', 'Role/r', '5s', '', '', 'n/s'],
    ],
    [
      'PodDisruptionBudget',
      { spec: { minAvailable: 1 }, status: { disruptionsAllowed: 0 } },
      ['x', '1', 'N/A', 0, '5s'],
    ],
    [
      'Event',
      {
        involvedObject: { kind: 'Pod', name: 'p' },
        type: 'Normal',
        reason: 'Pulled',
        message: 'm',
        source: { component: 'kubelet', host: 'sandbox' },
        count: 2,
        firstTimestamp: metadata.creationTimestamp,
        lastTimestamp: metadata.creationTimestamp,
      },
      ['5s', 'Normal', 'Pulled', 'pod/p', '', 'kubelet, sandbox', 'm', '5s', 2, 'x'],
    ],
    [
      'Node',
      {
        spec: {},
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          nodeInfo: { kubeletVersion: 'v1.35.0' },
          addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        },
      },
      ['x', 'Ready', '<none>', '5s', 'v1.35.0', '127.0.0.1', '<none>', '<unknown>', '<unknown>', '<unknown>'],
    ],
  ])('%s', (kind, rest, shown) => {
    expect(cells(kind, rest)).toEqual(shown);
  });

  test.each(kinds.map(({ kind }) => kind))('%s has one column of the name', (kind) => {
    const { columnDefinitions } = present.table(kindOf(kind), [], now) as unknown as {
      columnDefinitions: { format: string }[];
    };
    expect(columnDefinitions.filter(({ format }) => format === 'name')).toHaveLength(1);
  });
});
