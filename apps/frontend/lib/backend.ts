import { readSettings } from './settings.ts';

export interface Task {
  id: string;
  title: string;
  done: boolean;
  createdAt: string;
  updatedAt: string;
}

export interface Info {
  version: string;
  hostname: string;
  message: string | null;
}

/** The backend could not do what was asked; the message is fit to be shown to the person at the browser. */
export class BackendError extends Error {}

const TIMEOUT_MS = 5000;

export const listTasks = (): Promise<Task[]> => call('GET', '/api/tasks');
export const getInfo = (): Promise<Info> => call('GET', '/api/info');
export const addTask = (title: string): Promise<Task> => call('POST', '/api/tasks', { title });
export const setDone = (id: string, done: boolean): Promise<Task> => call('PATCH', taskPath(id), { done });
export const removeTask = (id: string): Promise<void> => call('DELETE', taskPath(id));

/** Why the backend cannot take work, or undefined where it can. */
export async function whyNotReady(timeoutMs: number): Promise<string | undefined> {
  const { backendUrl } = readSettings();
  try {
    const response = await send('GET', '/ready', timeoutMs);
    if (response.ok) return undefined;
    return `the backend at ${backendUrl} is not ready: ${await response.text()}`;
  } catch (error) {
    return `the backend at ${backendUrl} does not answer: ${reasonOf(error)}`;
  }
}

const taskPath = (id: string) => `/api/tasks/${encodeURIComponent(id)}`;

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  let response: Response;
  try {
    response = await send(method, path, TIMEOUT_MS, body);
  } catch (error) {
    console.error(`${method} ${readSettings().backendUrl}${path} failed: ${reasonOf(error)}`);
    throw new BackendError('The task service does not answer. It may be starting: try again in a moment.');
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  throw new BackendError(await explain(response));
}

function send(method: string, path: string, timeoutMs: number, body?: object): Promise<Response> {
  const { backendUrl, apiKey } = readSettings();
  return fetch(backendUrl + path, {
    method,
    headers: { 'x-api-key': apiKey, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    cache: 'no-store',
    signal: AbortSignal.timeout(timeoutMs),
  });
}

async function explain(response: Response): Promise<string> {
  if (response.status === 401) return 'The task service refuses this site: both must be given the same API_KEY.';
  if (response.status === 404) return 'That task no longer exists.';
  const answer = (await response.json().catch(() => ({}))) as { message?: string };
  if (response.status === 400 && answer.message) return `The task service refuses that: ${answer.message}.`;
  return `The task service failed with status ${response.status}. Its log says why.`;
}

/** fetch hides the cause (refused, unknown host) behind "fetch failed". */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
