import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { NamedCheck } from './check.ts';
import { Client } from './client/client.ts';
import { Connection } from './client/connection.ts';
import { Tools } from './client/tools.ts';
import { createNamespace, deleteNamespaces, removeLeftovers } from './namespaces.ts';
import type { Target } from './targets.ts';
import { itemsOf, nameOf } from './values/at.ts';
import { type Names, normalise } from './values/normalise.ts';

/** What a check saw on a target. */
export interface Seen {
  readonly name: string;
  /** Normalised; not set where the check failed. */
  readonly value?: unknown;
  /** Why it saw nothing. */
  readonly error?: string;
  readonly milliseconds: number;
}

/** Milliseconds. */
const longest = 120_000;

/**
 * Runs the checks against one target and removes all that they made.
 * @param atOnce how many run at the same time
 * @param tell is told each result as it comes
 */
export async function runChecks(
  target: Target,
  checks: readonly NamedCheck[],
  atOnce: number,
  tell: (seen: Seen) => void,
): Promise<Seen[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'devloop-conformance-'));
  const connection = await Connection.open(target.kubeconfig);
  await removeLeftovers(connection);
  const tools = await Tools.find(target.kubeconfig, folder);
  const names = await namesOf(target, connection);
  const run = randomBytes(2).toString('hex');
  const waiting = [...checks.entries()];
  const seen: Seen[] = [];
  const made: string[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, check] = next;
      const namespace = `devloop-conformance-${run}-${String(index).padStart(3, '0')}`;
      made.push(namespace);
      const result = await runCheck(check, new Client(namespace, connection, tools), { ...names, namespace });
      await deleteNamespaces(connection, [namespace], { wait: false });
      seen[index] = result;
      tell(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
    return seen;
  } finally {
    await deleteNamespaces(connection, made, { wait: true });
    await rm(folder, { recursive: true, force: true });
  }
}

async function runCheck({ name, check }: NamedCheck, client: Client, names: Names): Promise<Seen> {
  const start = performance.now();
  const milliseconds = () => Math.round(performance.now() - start);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It did not end in ${longest / 1000} s`)), longest);
  });
  try {
    await createNamespace(client);
    const value = await Promise.race([check(client), tooLong]);
    // Through JSON: what is undefined is what clients do not see.
    return { name, value: normalise(JSON.parse(JSON.stringify(value ?? null)), names), milliseconds: milliseconds() };
  } catch (error) {
    return { name, error: error instanceof Error ? String(error.stack) : String(error), milliseconds: milliseconds() };
  } finally {
    clearTimeout(timer);
  }
}

async function namesOf(target: Target, connection: Connection): Promise<Omit<Names, 'namespace'>> {
  const { body } = await connection.ask({ method: 'GET', path: '/api/v1/nodes' });
  const config = new KubeConfig();
  config.loadFromFile(target.kubeconfig);
  return { node: nameOf(itemsOf(body)[0]), server: config.getCurrentCluster()?.server ?? '' };
}
