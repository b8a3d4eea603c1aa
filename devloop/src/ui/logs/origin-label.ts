import { textWidth } from '../../lib/text-width.ts';
import type { LogOrigin, LogStream } from '../../state/log-stream.ts';

/** What tells lines apart: their service, or pods and containers where all are of one service. */
export interface OriginLabels {
  readonly by: 'service' | 'pod';
  readonly pods: boolean;
  readonly containers: boolean;
  /** Columns; 0 when all lines are of one origin and there is nothing to tell. */
  readonly width: number;
}

const widest = 20;

/** @param names all services, where they are to be told apart */
export function originLabels(streams: readonly LogStream[], names: readonly string[] | undefined): OriginLabels {
  if (names) {
    const width = names.length === 0 ? 0 : Math.min(widest, Math.max(...names.map(textWidth)));
    return { by: 'service', pods: false, containers: false, width };
  }
  const pods = new Set(streams.flatMap(({ origin }) => origin.pod ?? []));
  const containers = new Set(streams.flatMap(({ origin }) => origin.container ?? []));
  const labels = { by: 'pod', pods: pods.size > 1, containers: containers.size > 1, width: widest } as const;
  const width = Math.max(0, ...streams.map(({ origin }) => textWidth(originLabel(origin, labels))));
  return { ...labels, width: Math.min(widest, width) };
}

/** Before a line: `backend`, or of one service the end of its pod's name and the container, as far as there are several. */
export function originLabel({ service, pod, container }: LogOrigin, { by, pods, containers }: OriginLabels): string {
  if (by === 'service') return service;
  const parts = [pods && pod ? podSuffix(pod) : '', containers && container ? container : ''];
  return parts.filter((part) => part !== '').join('/');
}

/** What tells a pod from its replicas: the last part of its name. */
export const podSuffix = (pod: string): string => pod.slice(pod.lastIndexOf('-') + 1);
