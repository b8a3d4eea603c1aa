import type { KubeEventView } from '../../model/pod.ts';
import type { KubeEvent } from './objects.ts';
import { timeOf } from './pod-view.ts';

/** What the loop uses of a Kubernetes Event. Pure. */
export function eventView(event: KubeEvent, service: string, object: { kind: string; name: string }): KubeEventView {
  const at =
    timeOf(event.lastTimestamp) ??
    timeOf(event.eventTime as string | undefined) ??
    timeOf(event.metadata.creationTimestamp);
  const container = /^spec\.(?:initC|c)ontainers\{(.+)\}$/.exec(event.involvedObject.fieldPath ?? '')?.[1];
  return {
    uid: event.metadata.uid ?? '',
    type: event.type === 'Warning' ? 'Warning' : 'Normal',
    reason: event.reason ?? '',
    message: event.message ?? '',
    object,
    ...(container && { container }),
    service,
    count: event.series?.count ?? event.count ?? 1,
    at: at ?? 0,
  };
}
