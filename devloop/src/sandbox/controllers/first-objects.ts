import type { ControllerContext } from './context.ts';
import { createObject } from './create-object.ts';

const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** The provisioner of the class `standard`; its volumes are folders of this machine. */
export const provisioner = 'sandbox/host-path';

/** Makes what every cluster has from the beginning, when it is missing. */
export function createFirstObjects(context: Pick<ControllerContext, 'store' | 'rules'>): void {
  const { store } = context;
  for (const name of namespaces) {
    if (store.get('Namespace', '', name)) continue;
    createObject(context, 'Namespace', { metadata: { name } });
  }
  if (!store.get('Service', 'default', 'kubernetes')) {
    createObject(context, 'Service', {
      metadata: {
        name: 'kubernetes',
        namespace: 'default',
        labels: { component: 'apiserver', provider: 'kubernetes' },
      },
      spec: {
        type: 'ClusterIP',
        clusterIP: '10.96.0.1',
        clusterIPs: ['10.96.0.1'],
        sessionAffinity: 'None',
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 443 as never }],
      },
    });
  }
  if (!store.get('StorageClass', '', 'standard')) {
    store.create('StorageClass', {
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    } as never);
  }
}
