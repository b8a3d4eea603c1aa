import { type ControllerContext, follow } from '../context.ts';
import { matchesLabels } from '../labels.ts';
import { runController } from '../run-controller.ts';
import { writeEndpointSlices } from './endpoint-slices.ts';
import { writeEndpoints } from './endpoints.ts';
import { hasSelector } from './service-pods.ts';

/**
 * Keeps the addresses of services with a selector. Those without one are their owners' to write.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/endpoint/endpoints_controller.go
 */
export function startEndpointsController(context: ControllerContext): void {
  const { store } = context;
  const queue = runController(context, 'endpoints', 'Service', (namespace, name) => {
    const service = store.get('Service', namespace, name);
    if (!service) store.remove('Endpoints', namespace, name);
    else if (hasSelector(service) && !service.metadata.deletionTimestamp) {
      writeEndpoints(context, service);
      writeEndpointSlices(context, service);
    }
    return undefined;
  });
  follow(context, 'Pod', ({ object, before }) => {
    const namespace = object.metadata.namespace ?? '';
    for (const service of store.list('Service', namespace)) {
      const selector = service.spec.selector ?? {};
      const isIn = [object, before].some((pod) => pod && matchesLabels(selector, pod.metadata.labels));
      if (hasSelector(service) && isIn) queue.add(namespace, service.metadata.name);
    }
  });
}
