import { server as createServer, type Server } from '@hapi/hapi';
import Joi from 'joi';
import { requireApiKey } from './auth.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { logRequests } from './request-log.ts';
import { statusRoutes } from './status-routes.ts';
import type { TaskStore } from './store.ts';
import { taskRoutes } from './task-routes.ts';

export interface App {
  server: Server;
  /** Stops accepting, lets requests in flight finish within the configured time, then closes the database. */
  drain(): Promise<void>;
}

export function createApp(config: Config, store: TaskStore, log: Log): App {
  let draining = false;
  const server = createServer({
    host: config.host,
    port: config.port,
    // hapi's own console output would break the one-JSON-line-per-event log.
    debug: false,
    routes: {
      validate: {
        failAction: (_request, _h, error) => {
          throw error;
        },
        options: { abortEarly: false, errors: { wrap: { label: false } } },
      },
    },
  });
  server.validator(Joi);
  requireApiKey(server, config.apiKey);
  logRequests(server, log);
  server.route(statusRoutes({ store, isDraining: () => draining, appMessage: config.appMessage }));
  server.route(taskRoutes(store));

  return {
    server,
    drain: async () => {
      draining = true;
      await server.stop({ timeout: config.shutdownTimeoutMs });
      store.close();
    },
  };
}
