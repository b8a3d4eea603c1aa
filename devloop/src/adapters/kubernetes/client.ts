import { ApiException, KubernetesObjectApi } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import type { Ledger } from '../../engine/ledger.ts';
import type { Kubernetes, LogRequest, OnLogLine } from '../../engine/outside.ts';
import { LineSplitter } from '../../lib/lines.ts';
import { quoteCommand } from '../../lib/quote.ts';
import type { Clock } from '../../model/clock.ts';
import { ApiError } from './api-error.ts';
import type { Connection } from './connection.ts';
import { execInContainer } from './exec-stream.ts';
import type { KubeObject, Meta } from './objects.ts';
import { podReadings, type StatsSummary } from './pod-readings.ts';
import { PortForwardSessions } from './port-forward-sessions.ts';
import { runForwardedProbe } from './run-forwarded-probe.ts';
import { runProbe } from './run-probe.ts';
import { openShell } from './shell-session.ts';
import { watchReleases } from './watch-releases.ts';

/** The label of a namespace that devloop made, and so may delete. */
export const ownedLabel = { 'app.kubernetes.io/managed-by': 'devloop' };

/**
 * What `kubectl rollout restart` writes into a template, so that `kubectl rollout history` shows both alike.
 * https://github.com/kubernetes/kubectl/blob/v0.35.0/pkg/polymorphichelpers/objectrestarter.go
 */
const restartedAt = 'kubectl.kubernetes.io/restartedAt';

const deletePollMs = 250;

/** Where requests that a user could have made with kubectl are shown as such. */
export interface CommandLog {
  readonly ledger: Ledger;
  /** How a kubectl line for this cluster begins: `kubectl --context minikube`. */
  readonly kubectl: readonly string[];
}

/** Kubernetes through client-node's credentials and sockets. */
export function createKubernetes(connection: Connection, clock: Clock, log?: CommandLog): Kubernetes {
  // It asks the server once for each API group what kinds it has, and remembers.
  const objects = KubernetesObjectApi.makeApiClient(connection.kubeConfig);
  const { dial } = new PortForwardSessions(connection);
  return {
    ensureNamespace: (namespace, signal) => ensureNamespace(connection, namespace, signal),
    watch: (project, handlers, signal) => watchReleases(connection, clock, project, handlers, signal),
    logs: (request, onLine, signal) => streamLogs(connection, request, onLine, signal),
    probe: (pod, probe, via, signal) =>
      via === 'address' ? runProbe(connection, dial, pod, probe, signal) : runForwardedProbe(dial, pod, probe, signal),
    podReadings: async (node, signal) => {
      // metrics-server asked the same until it changed to another form: the rest of the summary is five times as long.
      const path = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/stats/summary?only_cpu_and_memory=true`;
      return podReadings(await connection.json<StatsSummary>('GET', path, undefined, signal));
    },
    dial,
    exec: (namespace, pod, container, command, timeout) =>
      execInContainer(connection, namespace, pod, container, command, timeout),
    shell: (namespace, pod, container, command, timeout) =>
      openShell(connection, namespace, pod, container, command, timeout),
    deletePod: async (namespace, pod, signal) => {
      await connection
        .json('DELETE', `/api/v1/namespaces/${namespace}/pods/${pod}`, undefined, signal)
        .catch(noneWhenMissing);
    },
    setImage: async (namespace, { kind, name }, containers, image, signal) => {
      const path = `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
      const template = { spec: { containers: containers.map((container) => ({ name: container, image })) } };
      await connection.json('PATCH', path, { spec: { template } }, signal);
    },
    restart: async (namespace, { kind, name }, at, signal) => {
      const path = `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
      const template = { metadata: { annotations: { [restartedAt]: at } } };
      const args = ['--namespace', namespace, 'rollout', 'restart', `${kind.toLowerCase()}/${name}`];
      const end = log?.ledger.begin(quoteCommand([...log.kubectl, ...args]));
      try {
        await connection.json('PATCH', path, { spec: { template } }, signal);
        end?.(0);
      } catch (error) {
        end?.(1);
        throw error;
      }
    },
    findObjects: (manifest, namespace) => findObjects(objects, manifest, namespace),
    deleteNamespace: (namespace, signal) => deleteNamespace(connection, clock, namespace, signal),
  };
}

async function ensureNamespace(connection: Connection, namespace: string, signal: AbortSignal): Promise<boolean> {
  const found = await connection
    .json('GET', `/api/v1/namespaces/${namespace}`, undefined, signal)
    .catch(noneWhenMissing);
  if (found) return false;
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: ownedLabel } };
  await connection.json('POST', '/api/v1/namespaces', body, signal);
  return true;
}

async function deleteNamespace(connection: Connection, clock: Clock, namespace: string, signal: AbortSignal) {
  const path = `/api/v1/namespaces/${namespace}`;
  const read = () => connection.json<{ metadata: Meta }>('GET', path, undefined, signal).catch(noneWhenMissing);
  const found = await read();
  if (!found) return 'absent';
  const [[label, value] = []] = Object.entries(ownedLabel);
  if (!label || found.metadata.labels?.[label] !== value) return 'foreign';
  await connection.json('DELETE', path, undefined, signal);
  while (!signal.aborted && (await read())) await clock.sleep(deletePollMs, signal);
  return 'deleted';
}

function noneWhenMissing(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 404) return undefined;
  throw error;
}

async function streamLogs(
  connection: Connection,
  request: LogRequest,
  onLine: OnLogLine,
  signal: AbortSignal,
): Promise<void> {
  const query = new URLSearchParams({ container: request.container, timestamps: 'true' });
  if (request.follow) query.set('follow', 'true');
  if (request.previous) query.set('previous', 'true');
  if (request.tail !== undefined) query.set('tailLines', String(request.tail));
  if (request.since !== undefined) query.set('sinceTime', new Date(request.since).toISOString());
  const path = `/api/v1/namespaces/${request.namespace}/pods/${request.pod}/log?${query}`;
  const stream = await connection.stream(path, signal).catch((error: unknown) => {
    if (request.previous && error instanceof ApiError && goneStatuses.has(error.status)) return undefined;
    throw error;
  });
  if (!stream) return;
  stream.setEncoding('utf8');
  let isWhole = true;
  const lines = new LineSplitter((line) => {
    const space = line.indexOf(' ');
    const at = Date.parse(line.slice(0, space));
    // A line without a time is the kubelet's own word on a container that has just gone, not the app's.
    if (space > 0 && !Number.isNaN(at)) onLine(line.slice(0, space), line.slice(space + 1), at, isWhole);
  });
  for await (const chunk of stream) lines.push(chunk as string);
  isWhole = false;
  lines.end();
}

/** A kubelet says 400 of a previous run that it does not know. */
const goneStatuses = new Set([400, 404]);

async function findObjects(client: KubernetesObjectApi, manifest: string, namespace: string) {
  const present: string[] = [];
  const missing: string[] = [];
  await Promise.all(
    parseAllDocuments(manifest).map(async (document) => {
      const { apiVersion, kind, metadata } = (document.toJS() as KubeObject | null) ?? {};
      if (!apiVersion || !kind || !metadata?.name) return;
      const header = {
        apiVersion,
        kind,
        metadata: { name: metadata.name, namespace: metadata.namespace ?? namespace },
      };
      ((await exists(client, header)) ? present : missing).push(`${kind} ${metadata.name}`);
    }),
  );
  return { present, missing };
}

async function exists(
  client: KubernetesObjectApi,
  header: Parameters<KubernetesObjectApi['read']>[0],
): Promise<boolean> {
  try {
    await client.read(header);
    return true;
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return false;
    throw error;
  }
}
