import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';

const frontend = join(import.meta.dirname, '..');
const built = join(frontend, '.next/standalone/apps/frontend/server.js');
const sources = ['app', 'lib', 'next.config.mjs', 'package.json'];

// What a test machine's own settings must not change.
const env = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', PATH: process.env.PATH ?? '' } as const;

/** Builds the production server where it is absent or older than a source. */
export async function buildFrontend(): Promise<void> {
  if (existsSync(built) && newest(sources.map((name) => join(frontend, name))) < statSync(built).mtimeMs) return;
  const path = dirname(process.execPath) + delimiter + env.PATH;
  const build = spawn('npm', ['run', '--silent', 'build'], { cwd: frontend, env: { ...env, PATH: path } });
  let output = '';
  build.stdout.on('data', (chunk) => (output += chunk));
  build.stderr.on('data', (chunk) => (output += chunk));
  const [code] = await once(build, 'close');
  if (code !== 0) throw new Error(`next build failed with code ${code}:\n${output}`);
}

export const startBackend = (port: number, databasePath: string, apiKey: string) =>
  start([join(frontend, '../backend/src/server.ts')], port, {
    HOST: '127.0.0.1',
    DATABASE_PATH: databasePath,
    API_KEY: apiKey,
    APP_MESSAGE: 'Hello from the ConfigMap',
  });

export const startFrontend = (port: number, backendUrl: string, apiKey: string) =>
  start([built], port, { HOSTNAME: '127.0.0.1', BACKEND_URL: backendUrl, API_KEY: apiKey });

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (!address || typeof address === 'string') throw new Error('The probe for a free port got no port.');
  return address.port;
}

/** Starts a Node process and returns once its /health answers. */
async function start(args: string[], port: number, settings: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, args, { env: { ...env, PORT: String(port), ...settings }, stdio: 'pipe' });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (answer?.ok) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stop(child);
  throw new Error(`${args.join(' ')} did not answer on port ${port}:\n${output}`);
}

function newest(paths: string[]): number {
  const times = paths.map((path) => {
    const stat = statSync(path);
    return stat.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : stat.mtimeMs;
  });
  return Math.max(...times);
}
