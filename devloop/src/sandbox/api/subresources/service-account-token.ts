import { randomBytes } from 'node:crypto';
import { notFound } from '../../store/api-error.ts';
import { timestamp } from '../../store/object-store.ts';
import type { NamedExchange } from '../exchange.ts';
import { isRecord, readObject } from '../http/read-body.ts';
import type { Reply } from '../http/send.ts';

const defaultSeconds = 3600;

/** Answers a TokenRequest with a token that opens nothing: the sandbox has one token only. */
export async function requestToken(exchange: NamedExchange): Promise<Reply> {
  const { parts, kind, request, namespace, name } = exchange;
  const body = await readObject(request, 'TokenRequest');
  const account = parts.store.get('ServiceAccount', namespace, name);
  if (!account) throw notFound(kind, name);
  const spec = isRecord(body['spec']) ? body['spec'] : {};
  const seconds = typeof spec['expirationSeconds'] === 'number' ? spec['expirationSeconds'] : defaultSeconds;
  const now = parts.clock.now();
  return {
    code: 201,
    body: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, uid: account.metadata.uid, creationTimestamp: timestamp(now) },
      spec: {
        audiences: ['https://kubernetes.default.svc'],
        boundObjectRef: null,
        ...spec,
        expirationSeconds: seconds,
      },
      status: {
        token: `sandbox.${randomBytes(24).toString('base64url')}`,
        expirationTimestamp: timestamp(now + seconds * 1000),
      },
    },
  };
}
