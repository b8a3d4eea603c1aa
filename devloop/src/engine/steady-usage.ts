import type { PodUsage } from '../model/pod-usage.ts';
import type { PodReading } from './outside.ts';

const megabyte = 2 ** 20;

/** How far a figure may come from the one that was told last before it is told anew. */
const cpuSlack = () => 3;
const memorySlack = (told: number) => Math.max(megabyte, told * 0.03);

/**
 * Makes figures for a screen of what kubelets say. Pods that do nothing use a little more or less each time; told as it
 * comes, that would have the screen drawn again for ever.
 */
export class SteadyUsage {
  readonly #told = new Map<string, PodUsage>();
  readonly #cpuTimes = new Map<string, { readonly ms: number; readonly at: number; readonly rate?: number }>();

  next(reading: PodReading): PodUsage {
    const { uid, memory } = reading;
    const told = this.#told.get(uid);
    const cpu = steady(told?.cpu, this.#cpuOf(reading), cpuSlack, 1);
    const used = steady(told?.memory, memory, memorySlack, megabyte);
    const usage = { uid, ...(cpu !== undefined && { cpu }), ...(used !== undefined && { memory: used }) };
    this.#told.set(uid, usage);
    return usage;
  }

  /** Forgets all but these pods. */
  keep(uids: ReadonlySet<string>): void {
    for (const known of [this.#told, this.#cpuTimes])
      for (const uid of known.keys()) if (!uids.has(uid)) known.delete(uid);
  }

  /** Not every kubelet says how fast a pod uses its core: then it is what it has used since it was last asked. */
  #cpuOf({ uid, cpu, cpuTime }: PodReading): number | undefined {
    if (cpu !== undefined || !cpuTime) return cpu;
    const before = this.#cpuTimes.get(uid);
    // The kubelet looks less often than it is asked.
    if (before && cpuTime.at <= before.at) return before.rate;
    const rate = before && (1000 * (cpuTime.ms - before.ms)) / (cpuTime.at - before.at);
    // Less than before: its container was started anew.
    const known = rate !== undefined && rate >= 0 ? { rate } : {};
    this.#cpuTimes.set(uid, { ...cpuTime, ...known });
    return known.rate;
  }
}

function steady(
  told: number | undefined,
  now: number | undefined,
  slack: (told: number) => number,
  unit: number,
): number | undefined {
  if (now === undefined) return undefined;
  return told !== undefined && Math.abs(now - told) <= slack(told) ? told : Math.round(now / unit) * unit;
}
