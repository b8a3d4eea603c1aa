import { byName } from '../lib/by-name.ts';
import type { Usage } from '../model/pod-usage.ts';

/** Samples that are kept of each pod and service: two minutes of them. */
export const usageKept = 24;

/** What was used at one moment. */
export interface UsageSample extends Usage {
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What pods used lately; samples are oldest first. */
export interface UsageState {
  /** By the pod's uid. */
  readonly pods: Readonly<Record<string, readonly UsageSample[]>>;
  /** The sums over each service's pods: they go on when a rollout replaces the pods. */
  readonly services: Readonly<Record<string, readonly UsageSample[]>>;
  /** Nodes that tell nothing of their pods, and why, by the node's name. */
  readonly unavailable: Readonly<Record<string, string>>;
}

export const noUsage: UsageState = { pods: byName(), services: byName(), unavailable: {} };
