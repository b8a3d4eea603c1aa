export interface Settings {
  backendUrl: string;
  apiKey: string;
}

/** Read at each use, so that one image serves every environment: nothing of it is fixed at build time. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  return {
    backendUrl: (env.BACKEND_URL || 'http://localhost:4000').replace(/\/+$/, ''),
    apiKey: env.API_KEY ?? '',
  };
}
