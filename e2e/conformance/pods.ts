import type { Client } from './client/client.ts';
import { at, itemsOf, pick } from './values/at.ts';

// What checks wait for, and what they read of pods.

export const phaseIs =
  (...phases: string[]) =>
  (pod: unknown): boolean =>
    phases.includes(String(at(pod, 'status.phase')));

export const isReady = (pod: unknown): boolean =>
  ((at(pod, 'status.conditions') as unknown[] | undefined) ?? []).some(
    (condition) => at(condition, 'type') === 'Ready' && at(condition, 'status') === 'True',
  );

/** Makes a pod and waits for its end. */
export async function finished(c: Client, object: unknown): Promise<unknown> {
  await c.create('pods', object);
  return c.untilObject('pods', String(at(object, 'metadata.name')), phaseIs('Succeeded', 'Failed'));
}

/** Makes a pod and waits until it is ready. */
export async function ready(c: Client, object: unknown): Promise<unknown> {
  await c.create('pods', object);
  return c.untilObject('pods', String(at(object, 'metadata.name')), isReady);
}

/** Makes a pod and waits until its first container waits for this reason. */
export async function waiting(c: Client, object: unknown, reason: string): Promise<unknown> {
  await c.create('pods', object);
  return c.untilObject(
    'pods',
    String(at(object, 'metadata.name')),
    (pod) => at(pod, 'status.containerStatuses.0.state.waiting.reason') === reason,
  );
}

/** A container's log. */
export async function logOf(c: Client, pod: string, query = ''): Promise<unknown> {
  const { status, body } = await c.ask('GET', `${c.path('pods', pod)}/log?${query}`);
  return status === 200 ? body : { status, body };
}

/** Runs a pod to its end and gives what it wrote. */
export async function output(c: Client, object: unknown): Promise<unknown> {
  await finished(c, object);
  return logOf(c, String(at(object, 'metadata.name')));
}

const told = (event: unknown): string =>
  `${at(event, 'type')} ${at(event, 'reason')} ${at(event, 'source.component') ?? at(event, 'reportingComponent')}: ${at(event, 'message')}`;

/**
 * The events of an object in their order, each once, as `Normal Created kubelet: Created container main`.
 * @param until waits until there is an event of each of these reasons
 */
export async function eventsOf(c: Client, kind: string, name: string, ...until: string[]): Promise<string[]> {
  const query = `fieldSelector=involvedObject.kind=${kind},involvedObject.name=${name}`;
  await c.until('events', query, (events) => {
    const left = events.map((event) => at(event, 'reason'));
    // A reason that is named twice has to be there twice.
    const isThere = (reason: string) => left.includes(reason) && left.splice(left.indexOf(reason), 1).length > 0;
    return until.every(isThere) ? true : undefined;
  });
  return [...new Set(itemsOf(await c.list('events', query)).map(told))];
}

/** The conditions of an object's status without their times, by type. */
export function conditionsOf(object: unknown): Record<string, string> {
  const conditions = (at(object, 'status.conditions') as unknown[] | undefined) ?? [];
  const text = (condition: unknown) =>
    [at(condition, 'status'), at(condition, 'reason'), at(condition, 'message')].filter(Boolean).join(' ');
  return Object.fromEntries(conditions.map((condition) => [String(at(condition, 'type')), text(condition)]));
}

/**
 * Takes pods out of the API as soon as they are on their way out, while something is done: the real cluster's kubelet
 * needs most of a minute to report each of them gone, which is not what the check is about.
 */
export async function impatient<Value>(c: Client, act: () => Promise<Value>): Promise<Value> {
  const watch = await c.watch('pods');
  const removing = (async () => {
    for (let event = await watch.next(); event !== undefined; event = await watch.next()) {
      if (event.type === 'DELETED' || at(event.object, 'metadata.deletionTimestamp') === undefined) continue;
      await c.ask('DELETE', `${c.path('pods', String(at(event.object, 'metadata.name')))}?gracePeriodSeconds=0`);
    }
  })().catch(() => {});
  try {
    return await act();
  } finally {
    watch.close();
    await removing;
  }
}

/** What a pod's status says of it and of its first container. */
export const statusOf = (object: unknown) => [
  pick(object, 'status.phase', 'status.reason', 'status.message', 'status.qosClass'),
  conditionsOf(object),
  pick(
    object,
    'status.containerStatuses.0.state',
    'status.containerStatuses.0.ready',
    'status.containerStatuses.0.started',
    'status.containerStatuses.0.restartCount',
  ),
];
