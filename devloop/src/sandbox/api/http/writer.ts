import type { IncomingMessage } from 'node:http';
import type { Writer } from '../parts.ts';

/**
 * Who writes: `fieldManager`, else the first word of the user agent.
 * https://github.com/kubernetes/apiserver/blob/v0.35.0/pkg/endpoints/handlers/create.go (managerOrUserAgent)
 */
export function writerOf(request: IncomingMessage, query: URLSearchParams, subresource?: string): Writer {
  const [agent = ''] = (request.headers['user-agent'] ?? '').split('/');
  const manager = query.get('fieldManager') || agent.replace(/[^\x20-\x7e]/g, '').slice(0, 128) || 'unknown';
  return { manager, ...(subresource !== undefined && { subresource }) };
}
