import type { Clock } from '../model/clock.ts';
import type { Store } from '../state/store.ts';
import { buildImage } from './build-image.ts';
import { deployRelease } from './deploy-release.ts';
import type { Outside } from './outside.ts';
import { type Operation, plan } from './plan.ts';
import { rollBackRelease } from './roll-back-release.ts';
import type { LiveUpdates } from './update/live-updates.ts';

export interface Executor {
  /** Ends what runs and waits for it: builds are cut off, a helm is interrupted and gets its time to finish. */
  readonly stop: () => Promise<void>;
}

/** Starts what the plan says after every event, and nothing else. */
export function startExecutor(
  outside: Outside,
  clock: Clock,
  store: Store,
  live: Pick<LiveUpdates, 'prepare' | 'takeBack'>,
): Executor {
  const builds = new Map<string, AbortController>();
  const deploys = new AbortController();
  let stopped = false;
  /** By service or release: no two operations of one overlap, whatever is asked. */
  const running = new Map<string, Promise<void>>();

  function track(key: string, start: () => Promise<void>): void {
    if (running.has(key)) return;
    running.set(
      key,
      start().finally(() => {
        running.delete(key);
        advance();
      }),
    );
  }

  function start(operation: Operation): void {
    switch (operation.kind) {
      case 'cancel-build':
        builds.get(operation.service)?.abort();
        return;
      case 'update':
        track(`update ${operation.service}`, () => live.prepare(operation.service, operation.edit));
        return;
      case 'build': {
        const spec = store.getState().services[operation.service]?.spec;
        if (!spec) return;
        track(`build ${spec.name}`, () => {
          const controller = new AbortController();
          builds.set(spec.name, controller);
          return buildImage(outside, clock, store.dispatch, spec, operation, controller.signal);
        });
        return;
      }
      case 'deploy':
        track(`deploy ${operation.release}`, () =>
          deployRelease(outside, clock, store, operation.release, operation.inputs, deploys.signal),
        );
        return;
      case 'rollback':
        track(`deploy ${operation.release}`, () =>
          rollBackRelease(outside, clock, store, live, operation.service, deploys.signal),
        );
        return;
      default:
        operation satisfies never;
    }
  }

  function advance(): void {
    if (stopped) return;
    // A service that the configuration has dropped is in no plan.
    for (const [name, controller] of builds) if (!store.getState().services[name]?.spec) controller.abort();
    for (const operation of plan(store.getState()).start) start(operation);
  }

  const unsubscribe = store.subscribe((event) => {
    if (changesPlan.has(event.type)) advance();
  });
  advance();
  return {
    stop: async () => {
      unsubscribe();
      for (const controller of builds.values()) controller.abort();
      deploys.abort();
      stopped = true;
      await Promise.all(running.values());
    },
  };
}

/** Log lines, probe results and pods come by the thousand and change no plan. */
const changesPlan: ReadonlySet<string> = new Set([
  'loop.started',
  'config.reloaded',
  'edit',
  'rebuild.asked',
  'rollback.asked',
  'service.toggled',
  'build.succeeded',
  'build.failed',
  'build.cancelled',
  'update.prepared',
  'update.refused',
  'update.failed',
  'update.unavailable',
  'deploy.succeeded',
  'deploy.failed',
  'cluster.connected',
]);
