import { byName } from '../lib/by-name.ts';
import type { StampedEvent } from '../model/events.ts';
import type { PodUsage, Usage } from '../model/pod-usage.ts';
import type { LoopState } from './state.ts';
import { type UsageSample, usageKept } from './usage.ts';

export function onPodsStats(state: LoopState, event: Extract<StampedEvent, { type: 'pods.stats' }>): LoopState {
  const { at, unavailable } = event;
  const known = event.pods.filter(({ uid }) => state.pods[uid]);
  const pods = byName<readonly UsageSample[]>();
  for (const { uid, ...usage } of known) pods[uid] = withSample(state.usage.pods[uid], { at, ...usage });
  const services = byName<readonly UsageSample[]>();
  for (const [name, samples] of Object.entries(state.usage.services))
    if (state.services[name]) services[name] = samples;
  const byService = Map.groupBy(known, ({ uid }) => state.pods[uid]?.view.service ?? '');
  for (const [name, own] of byService) services[name] = withSample(services[name], { at, ...sumOf(own) });
  return { ...state, usage: { pods, services, unavailable } };
}

const withSample = (samples: readonly UsageSample[] = [], sample: UsageSample): readonly UsageSample[] =>
  [...samples, sample].slice(-usageKept);

/** The sum of what is known: a pod that has just started does not say yet how much of a core it uses. */
function sumOf(pods: readonly PodUsage[]): Usage {
  const sum = (figures: readonly (number | undefined)[]) => {
    const known = figures.filter((figure) => figure !== undefined);
    return known.length > 0 ? known.reduce((total, figure) => total + figure, 0) : undefined;
  };
  const cpu = sum(pods.map((pod) => pod.cpu));
  const memory = sum(pods.map((pod) => pod.memory));
  return { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
}
