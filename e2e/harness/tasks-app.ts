import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { type Answer, poll, request } from './http.ts';
import { root } from './paths.ts';
import { target } from './target.ts';
import type { Workspace } from './workspace.ts';

// What the scenarios know of the sample apps: where a visible edit can be made, and what they answer.

/** The ports of this machine that lead to the two apps. */
export interface AppPorts {
  readonly backend: number;
  readonly frontend: number;
}

/** Those of the repository's devloop.config.ts. */
export const repositoryPorts: AppPorts = { backend: 4000, frontend: 3000 };
/** Those of most scenarios, so that they run beside a developer's own `devloop up`. */
export const ownPorts: AppPorts = { backend: 14000, frontend: 13000 };

// Next.js is heavy, and its Turbopack takes no linked packages: a small server stands for it on the sandbox.
const quickFrontend = 'apps/frontend/app/quick-frontend.ts';
const infoRoute = 'apps/backend/src/status-routes.ts';
const server = 'apps/backend/src/server.ts';
const page = target === 'sandbox' ? quickFrontend : 'apps/frontend/app/page.tsx';
const config = 'devloop.config.ts';
export const devValues = 'helm/values-dev.yaml';

/** Gives a workspace other ports than the repository's, and none of the node's. */
export async function usePorts(workspace: Workspace, ports: AppPorts): Promise<void> {
  for (const service of ['backend', 'frontend'] as const) {
    const port = new RegExp(`\\blocal: ${repositoryPorts[service]}\\b`);
    await workspace.edit(config, (text) => text.replace(port, `local: ${ports[service]}`));
  }
  await setDevValue(workspace, 'frontend.service.nodePort', null);
}

/** Lets the frontend of a workspace run a small server instead of Next.js. */
export async function useQuickFrontend(workspace: Workspace): Promise<void> {
  await workspace.write(quickFrontend, await readFile(path.join(root, 'e2e/fixtures/quick-frontend.ts'), 'utf8'));
  const recipe = /(\n {4}frontend: \{.*?)(?: {6}live: .*?)? {6}sandbox: \{.*?\n {6}\}/s;
  const bundle = [
    `      live: { bundle: { entry: '${quickFrontend}', to: 'quick-frontend.js' } },`,
    `      sandbox: { bundle: '${quickFrontend}' }`,
  ].join('\n');
  await workspace.edit(config, (text) => text.replace(recipe, `$1${bundle}`));
}

/** Takes the live updates from a workspace's services: each edit makes a new image. */
export async function useImageBuilds(workspace: Workspace): Promise<void> {
  await rename(workspace.path(config), workspace.path('sample.config.ts'));
  await workspace.write(
    config,
    [
      "import sample from './sample.config.ts';",
      'for (const service of Object.values(sample.services)) delete service.live;',
      'export default sample;',
      '',
    ].join('\n'),
  );
}

/** A text that no earlier run has built. */
export const newMarker = (): string => `mark-${randomUUID().slice(0, 8)}`;

/** Edits the backend so that GET /api/info shows the marker; gives the file. */
export async function markBackend(workspace: Workspace, marker: string): Promise<string> {
  const edit = /(marker: '[^']*', )?version: manifest\.version/;
  await workspace.edit(infoRoute, (text) => text.replace(edit, `marker: '${marker}', version: manifest.version`));
  return infoRoute;
}

/** Edits the frontend so that its page shows the marker; gives the file. */
export async function markFrontend(workspace: Workspace, marker: string): Promise<string> {
  await workspace.edit(page, (text) => text.replace(/<h1>Tasks[^<]*<\/h1>/, `<h1>Tasks ${marker}</h1>`));
  return page;
}

/** Edits the backend so that it does not compile. */
export async function breakBackend(workspace: Workspace): Promise<string> {
  await workspace.edit(server, (text) => `${text}\nconst broken = ;\n`);
  return server;
}

/** Edits the backend so that it ends at once with exit code 1 and this text. */
export async function crashBackend(workspace: Workspace, message: string): Promise<string> {
  await workspace.edit(server, (text) => text.replace(/^const config = /m, `throw new Error('${message}');\n$&`));
  return server;
}

/** Sets one value in the values file of the inner loop and leaves the rest of it as it stands. */
export async function setDevValue(workspace: Workspace, valuePath: string, value: unknown): Promise<void> {
  await workspace.edit(devValues, (text) => {
    const document = parseDocument(text);
    document.setIn(valuePath.split('.'), value);
    return document.toString({ lineWidth: 0 });
  });
}

export interface Info {
  readonly hostname: string;
  readonly message: string | null;
  readonly marker?: string;
}

/** What the backend says of itself through the forwarded port, right now. */
export async function backendInfo({ backend }: AppPorts): Promise<Info> {
  const answer = await request(`http://localhost:${backend}/api/info`);
  assert.equal(answer.status, 200, answer.body);
  return JSON.parse(answer.body);
}

/** The frontend's page; the first one of a new pod is compiled on request. */
export function frontendPage({ frontend }: AppPorts): Promise<Answer> {
  return request(`http://localhost:${frontend}/`, { timeout: 120_000 });
}

/** Waits for a marker in the backend's answer. */
export async function backendShows(ports: AppPorts, marker: string, timeout = 60_000): Promise<void> {
  const ask = async () => ((await backendInfo(ports)).marker === marker ? true : undefined);
  await poll(`the backend to show ${marker}`, ask, { timeout });
}
