import { notFound } from '../../store/api-error.ts';
import type { NamedExchange } from '../exchange.ts';
import { isRecord, readObject } from '../http/read-body.ts';
import type { Reply } from '../http/send.ts';
import { checkName, checkObject } from '../write/check-object.ts';

/** PUT of `namespaces/NAME/finalize`: a deleted namespace goes for good with its last `spec.finalizers`. */
export async function finalizeNamespace(exchange: NamedExchange): Promise<Reply> {
  const { parts, kind, request, name } = exchange;
  const { store } = parts;
  const body = await readObject(request, kind.kind);
  const object = checkObject(kind, body, '');
  checkName(object, name);
  const before = store.get('Namespace', '', name);
  if (!before) throw notFound(kind, name);
  store.requireVersion(kind.kind, before, object.metadata.resourceVersion);
  const spec = isRecord(body['spec']) ? body['spec'] : {};
  const finalizers = Array.isArray(spec['finalizers']) ? spec['finalizers'].map(String) : [];
  const after = store.update('Namespace', '', name, (copy) => {
    copy.spec = { ...copy.spec, finalizers };
  });
  const held = finalizers.length > 0 || (after.metadata.finalizers?.length ?? 0) > 0;
  if (after.metadata.deletionTimestamp && !held) store.remove('Namespace', '', name);
  return { code: 200, body: after };
}
