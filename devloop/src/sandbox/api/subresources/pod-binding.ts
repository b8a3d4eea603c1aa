import { conflict, notFound } from '../../store/api-error.ts';
import { timestamp } from '../../store/object-store.ts';
import type { PodStatus } from '../../store/objects.ts';
import type { NamedExchange } from '../exchange.ts';
import { isDryRun } from '../http/options-error.ts';
import { isRecord, readObject } from '../http/read-body.ts';
import type { Reply } from '../http/send.ts';
import { success } from '../http/status.ts';

type Condition = NonNullable<PodStatus['conditions']>[number];

/** Puts a pod on the node that a Binding names, as a scheduler does. @throws ApiError 404, 409 */
export async function bindPod(exchange: NamedExchange): Promise<Reply> {
  const { parts, kind, request, query, namespace, name } = exchange;
  const body = await readObject(request, 'Binding');
  const dryRun = isDryRun(query.getAll('dryRun'), 'CreateOptions');
  const node = isRecord(body['target']) ? String(body['target']['name'] ?? '') : '';
  const pod = parts.store.get('Pod', namespace, name);
  if (!pod) throw notFound(kind, name);
  if (pod.metadata.deletionTimestamp) {
    throw conflict(
      { ...kind, plural: 'pods/binding' },
      name,
      `pod ${name} is being deleted, cannot be assigned to a host`,
    );
  }
  if (pod.spec.nodeName) {
    const why = `pod ${name} is already assigned to node "${pod.spec.nodeName}"`;
    throw conflict({ ...kind, plural: 'pods/binding' }, name, why);
  }
  const scheduled: Condition = {
    type: 'PodScheduled',
    status: 'True',
    lastTransitionTime: timestamp(parts.clock.now()),
  };
  if (!dryRun) {
    parts.store.update('Pod', namespace, name, (copy) => {
      copy.spec.nodeName = node;
      const others = (copy.status?.conditions ?? []).filter(({ type }) => type !== scheduled.type);
      copy.status = { ...copy.status, conditions: [...others, scheduled] };
    });
  }
  return { code: 201, body: success() };
}
