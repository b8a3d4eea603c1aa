import { notFound } from '../../store/api-error.ts';
import type { NamedExchange } from '../exchange.ts';
import { isRecord, readObject } from '../http/read-body.ts';
import type { Reply } from '../http/send.ts';
import { success } from '../http/status.ts';
import { removeObject } from '../write/delete-object.ts';
import { parseDeleteOptions } from '../write/delete-options.ts';

/** Deletes a pod as an Eviction asks. Disruption budgets are stored and shown only: none holds it back. */
export async function evictPod(exchange: NamedExchange): Promise<Reply> {
  const { parts, kind, request, query, namespace, name } = exchange;
  const body = await readObject(request, 'Eviction');
  const options = parseDeleteOptions(isRecord(body['deleteOptions']) ? body['deleteOptions'] : {}, query);
  const pod = parts.store.get(kind.kind, namespace, name);
  if (!pod) throw notFound(kind, name);
  removeObject(exchange, pod, options);
  return { code: 201, body: success() };
}
