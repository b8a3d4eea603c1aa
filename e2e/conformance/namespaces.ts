import type { Client } from './client/client.ts';
import type { Connection } from './client/connection.ts';
import { Watch } from './client/watch.ts';
import { at, itemsOf, nameOf, versionOf } from './values/at.ts';

const prefix = 'devloop-conformance-';

/** Seconds; no run takes as long, so what is older was left by one that was killed. */
const oldest = 1200;

/** Makes a check's namespace, with the service account that pods need. */
export async function createNamespace(client: Client): Promise<void> {
  const { namespace } = client;
  const { status, body } = await client.ask('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  if (status !== 201) throw new Error(`namespace: ${status} ${JSON.stringify(body)}`);
  await client.untilObject('serviceaccounts', 'default', () => true);
}

/** Removes namespaces with all that is in them; pods get no grace period. */
export async function deleteNamespaces(
  connection: Connection,
  names: readonly string[],
  { wait }: { readonly wait: boolean },
): Promise<void> {
  for (const name of names) {
    const path = `/api/v1/namespaces/${name}`;
    await connection.ask({ method: 'DELETE', path });
    await removeFinalizers(connection, `${path}/configmaps`);
    await connection.ask({ method: 'DELETE', path: `${path}/pods?gracePeriodSeconds=0` });
  }
  if (!wait) return;
  const { body } = await connection.ask({ method: 'GET', path: '/api/v1/namespaces' });
  const left = new Set(
    itemsOf(body)
      .map(nameOf)
      .filter((name) => names.includes(name)),
  );
  const watch = await Watch.open(connection, `/api/v1/namespaces?resourceVersion=${versionOf(body)}`);
  try {
    while (left.size > 0) {
      const { object } = await watch.until(({ type }) => type === 'DELETED');
      left.delete(nameOf(object));
    }
  } finally {
    watch.close();
  }
}

/** A check that failed half-way may have left some, and its namespace would never be gone. */
async function removeFinalizers(connection: Connection, path: string): Promise<void> {
  const headers = { 'content-type': 'application/merge-patch+json' };
  const { body } = await connection.ask({ method: 'GET', path });
  for (const item of itemsOf(body).filter((one) => at(one, 'metadata.finalizers') !== undefined)) {
    const patch = { metadata: { finalizers: null } };
    await connection.ask({ method: 'PATCH', path: `${path}/${nameOf(item)}`, body: patch, headers });
  }
}

/** Removes the namespaces that killed runs left. */
export async function removeLeftovers(connection: Connection): Promise<void> {
  const { body } = await connection.ask({ method: 'GET', path: '/api/v1/namespaces' });
  const isLeft = (namespace: unknown) =>
    nameOf(namespace).startsWith(prefix) &&
    Date.parse(String(at(namespace, 'metadata.creationTimestamp'))) < Date.now() - oldest * 1000;
  await deleteNamespaces(connection, itemsOf(body).filter(isLeft).map(nameOf), { wait: true });
}
