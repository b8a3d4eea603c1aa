import { kinds } from '../../store/kinds.ts';
import type { KubeObject, Namespace } from '../../store/objects.ts';
import { type ControllerContext, follow } from '../context.ts';
import { deleteObject } from '../delete-object.ts';
import { runController } from '../run-controller.ts';
import type { WorkQueue } from '../work-queue.ts';

const namespacedKinds = kinds.filter(({ namespaced }) => namespaced).map(({ kind }) => kind);

/**
 * Gives each namespace what every one has, and empties and removes those that are deleted.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/namespace/deletion/namespaced_resources_deleter.go
 */
export function startNamespaceController(context: ControllerContext): void {
  const { store } = context;
  const queue = runController(context, 'namespace', 'Namespace', (_, name) => {
    const namespace = store.get('Namespace', '', name);
    if (namespace?.metadata.deletionTimestamp) empty(context, namespace);
    else if (namespace) furnish(context, name);
    return undefined;
  });
  for (const kind of namespacedKinds) followContent(context, kind, queue);
}

/** The last object that goes lets its namespace go; and what every namespace has is made again. */
function followContent(context: ControllerContext, kind: string, queue: WorkQueue): void {
  follow(context, kind, ({ type, object }) => {
    const { metadata } = object as KubeObject;
    const namespace = context.store.get('Namespace', '', metadata.namespace ?? '');
    const isLost = type === 'DELETED' && (kind === 'ServiceAccount' || kind === 'ConfigMap');
    if (namespace && (isLost || namespace.metadata.deletionTimestamp)) queue.add('', namespace.metadata.name);
  });
}

function furnish({ store }: ControllerContext, namespace: string): void {
  if (!store.get('ServiceAccount', namespace, 'default')) {
    store.create('ServiceAccount', { metadata: { name: 'default', namespace } });
  }
  if (!store.get('ConfigMap', namespace, 'kube-root-ca.crt')) {
    // There is no certificate authority here: the API listens on loopback, without TLS.
    store.create('ConfigMap', { metadata: { name: 'kube-root-ca.crt', namespace }, data: { 'ca.crt': '' } });
  }
}

function empty(context: ControllerContext, { metadata }: Namespace): void {
  const { store } = context;
  const { name } = metadata;
  store.update('Namespace', '', name, (copy) => {
    copy.status = { ...copy.status, phase: 'Terminating' };
  });
  for (const kind of namespacedKinds) {
    for (const object of store.list(kind, name))
      deleteObject(context, kind, name, (object as KubeObject).metadata.name);
  }
  if (namespacedKinds.some((kind) => store.list(kind, name).length > 0)) return;
  store.update('Namespace', '', name, (copy) => {
    copy.spec = { ...copy.spec, finalizers: [] };
  });
  if (!metadata.finalizers?.length) store.remove('Namespace', '', name);
}
