import { hostname } from 'node:os';
import type { ServerRoute } from '@hapi/hapi';
import manifest from '../package.json' with { type: 'json' };
import type { TaskStore } from './store.ts';

export interface StatusSources {
  store: TaskStore;
  isDraining: () => boolean;
  appMessage?: string | undefined;
}

/** What anyone may ask without a key: is it alive, can it take work, which one is it. */
export function statusRoutes({ store, isDraining, appMessage }: StatusSources): ServerRoute[] {
  const whyNotReady = (): string | undefined => {
    if (isDraining()) return 'draining: this process is shutting down';
    try {
      store.ping();
    } catch (error) {
      return `the database does not answer: ${error instanceof Error ? error.message : String(error)}`;
    }
    return undefined;
  };
  const options = { auth: false } as const;
  return [
    {
      method: 'GET',
      path: '/health',
      options,
      handler: () => ({ status: 'ok', uptimeSeconds: Math.round(process.uptime()) }),
    },
    {
      method: 'GET',
      path: '/ready',
      options,
      handler: (_request, h) => {
        const reason = whyNotReady();
        return reason ? h.response({ status: 'unavailable', reason }).code(503) : { status: 'ready' };
      },
    },
    {
      method: 'GET',
      path: '/api/info',
      options,
      handler: () => ({ version: manifest.version, hostname: hostname(), message: appMessage ?? null }),
    },
  ];
}
