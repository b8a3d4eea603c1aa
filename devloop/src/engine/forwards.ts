import type { Server } from 'node:net';
import type { Clock } from '../model/clock.ts';
import { problemOf } from '../model/errors.ts';
import type { ProjectSpec } from '../model/project.ts';
import type { Store } from '../state/store.ts';
import { type Forward, startForward } from './forward.ts';
import type { Kubernetes } from './outside.ts';
import type { PodTraffic } from './pod-traffic.ts';

/** Binds a local port for a service; throws a Fault that names the owner of a port that is taken. */
export type Listen = (port: number, service: string) => Promise<Server>;

interface Wanted {
  readonly service: string;
  readonly local: number;
  readonly remote: number;
}

const wantedBy = (project: ProjectSpec): Wanted[] =>
  project.services
    .filter(({ active }) => active)
    .flatMap(({ name, ports }) => ports.map((port) => ({ service: name, ...port })));

/** Listeners by local port, bound before anything else happens. */
export type Bound = Map<number, Server>;

/**
 * Binds every local port of the project, or none.
 * @throws Fault of the first port that cannot be bound
 */
export async function bindPorts(project: ProjectSpec, listen: Listen): Promise<Bound> {
  const bound: Bound = new Map();
  try {
    for (const { local, service } of wantedBy(project)) bound.set(local, await listen(local, service));
    return bound;
  } catch (error) {
    for (const server of bound.values()) server.close();
    throw error;
  }
}

/** The forwards of a project, kept in step with its configuration. */
export function createForwards(
  kubernetes: Kubernetes,
  clock: Clock,
  store: Store,
  listen: Listen,
  traffic: PodTraffic,
) {
  const running = new Map<string, Forward>();
  const keyOf = ({ service, local, remote }: Wanted) => `${service}:${local}:${remote}`;

  return {
    /** Starts what the project has and stops what it has no longer. A port that is taken is shown, not thrown. */
    reconcile: async (project: ProjectSpec, bound: Bound = new Map()): Promise<void> => {
      const wanted = wantedBy(project);
      const keys = new Set(wanted.map(keyOf));
      for (const [key, forward] of running) {
        if (keys.has(key)) continue;
        running.delete(key);
        store.dispatch({ type: 'forward.removed', local: Number(key.split(':')[1]) });
        await forward.close();
      }
      for (const port of wanted) {
        if (running.has(keyOf(port))) continue;
        try {
          const server = bound.get(port.local) ?? (await listen(port.local, port.service));
          running.set(keyOf(port), startForward(server, port, port.service, kubernetes, clock, store, traffic));
        } catch (error) {
          const { why } = problemOf(error, '');
          store.dispatch({ type: 'forward.changed', forward: { ...port, status: 'failed', why } });
        }
      }
    },
    close: async (): Promise<void> => {
      await Promise.all([...running.values()].map((forward) => forward.close()));
    },
  };
}
