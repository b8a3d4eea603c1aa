import type { PodView } from './pod.ts';

/** What a pod uses, or may use. A figure that nobody knows is left out. */
export interface Usage {
  /** Thousandths of a core. */
  readonly cpu?: number;
  /** Bytes: the working set, which is what a limit is held against. */
  readonly memory?: number;
}

/**
 * What a pod used at one moment, in whole thousandths of a core and whole MB of 1024 KiB. A figure stays as it is while
 * the real one comes no further from it than 3 thousandths of a core, 1 MB or 1 %.
 */
export interface PodUsage extends Usage {
  readonly uid: string;
}

/** What the pods may use together: the sum over their containers, where each of these has a limit. */
export function limitsOf(pods: readonly PodView[]): Usage {
  const limits = pods.flatMap(({ containers }) => containers.filter(({ init }) => !init)).map((one) => one.limits);
  const cpu = sumOfAll(limits.map((one) => one?.cpu));
  const memory = sumOfAll(limits.map((one) => one?.memory));
  return { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
}

function sumOfAll(figures: readonly (number | undefined)[]): number | undefined {
  const known = figures.filter((figure) => figure !== undefined);
  if (known.length === 0 || known.length < figures.length) return undefined;
  return known.reduce((sum, figure) => sum + figure, 0);
}
