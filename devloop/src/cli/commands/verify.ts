import { systemClock } from '../../adapters/clock/system-clock.ts';
import { type PodCheck, verifyPods } from '../../engine/update/verify-pods.ts';
import type { ServiceSpec } from '../../model/project.ts';
import { podsOf } from '../../state/of-service.ts';
import { interruptSignal } from '../interrupt.ts';
import { lookAtCluster } from '../look-at-cluster.ts';
import type { CommonOptions } from '../options.ts';
import { write } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { verifyLines } from '../verify-lines.ts';
import { waitForContainers } from '../wait-for-containers.ts';

/**
 * `devloop verify`: whether the files of live updates in the running containers are this machine's. Exit code 1 when one
 * is not, or when it cannot be told.
 */
export function verify(services: readonly string[], options: CommonOptions): Promise<number> {
  return withSession(options, services, { docker: false, sandbox: 'look' }, verifyAll);
}

async function verifyAll(session: Session): Promise<number> {
  const interrupt = interruptSignal();
  const looking = new AbortController();
  const signal = AbortSignal.any([interrupt.signal, looking.signal]);
  try {
    await lookAtCluster(session, signal);
    const { store, project } = session;
    const services = project.services.filter(({ active }) => active);
    const names = services.map(({ name }) => name);
    await waitForContainers(store, systemClock, names, signal);
    signal.throwIfAborted();
    let isGood = true;
    for (const service of services) {
      isGood = (await verifyService(session, service, signal)) && isGood;
    }
    return isGood ? 0 : 1;
  } catch (error) {
    const code = interrupt.code();
    if (code === undefined) throw error;
    return code;
  } finally {
    looking.abort();
    interrupt.stop();
  }
}

async function verifyService(session: Session, service: ServiceSpec, signal: AbortSignal): Promise<boolean> {
  const { outside, project, store } = session;
  if (!service.live) {
    write(`${service.name}: it has no live updates\n`);
    return true;
  }
  const pods = podsOf(store.getState(), service.name).flatMap(({ view }) => (view.deleting ? [] : [view]));
  const checks = await verifyPods(outside, service, project.root, pods, signal);
  if (checks.length === 0) write(`${service.name}: no pod of it runs\n`);
  for (const check of checks) write(`${verifyLines(service.name, check).join('\n')}\n`);
  return checks.length > 0 && checks.every(isSame);
}

const isSame = (check: PodCheck): boolean => 'differences' in check && check.differences.length === 0;
