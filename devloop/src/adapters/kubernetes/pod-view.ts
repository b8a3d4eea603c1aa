import type { ContainerView, PodView, ProbeSpec } from '../../model/pod.ts';
import type { Pod } from './objects.ts';
import { quantity } from './quantity.ts';

export interface PodOwner {
  readonly release: string;
  readonly service: string;
  readonly workload: { readonly kind: string; readonly name: string };
  readonly current: boolean;
}

/** What the loop uses of a pod. Pure. */
export function podView(pod: Pod, owner: PodOwner): PodView {
  const { metadata, spec, status } = pod;
  const conditions = status?.conditions ?? [];
  const scheduled = conditions.find((condition) => condition.type === 'PodScheduled');
  const ready = conditions.find((condition) => condition.type === 'Ready');
  const readySince = timeOf(ready?.lastTransitionTime);
  return {
    uid: metadata?.uid ?? '',
    name: metadata?.name ?? '',
    namespace: metadata?.namespace ?? '',
    ...(spec?.nodeName && { node: spec.nodeName }),
    ...owner,
    createdAt: timeOf(metadata?.creationTimestamp) ?? 0,
    phase: status?.phase ?? 'Unknown',
    ready: ready?.status === 'True',
    ...(readySince !== undefined && { readySince }),
    deleting: metadata?.deletionTimestamp !== undefined,
    containers: [
      ...(spec?.initContainers ?? []).map((one) => containerView(pod, one, true)),
      ...(spec?.containers ?? []).map((one) => containerView(pod, one, false)),
    ],
    probes: (spec?.containers ?? []).flatMap(probesOf),
    ...(scheduled?.status === 'False' &&
      scheduled.reason === 'Unschedulable' && { unschedulable: scheduled.message ?? '' }),
  };
}

type Container = NonNullable<Pod['spec']>['containers'][number];
type Status = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

function containerView(pod: Pod, { name, image, command, resources }: Container, init: boolean): ContainerView {
  const statuses = (init ? pod.status?.initContainerStatuses : pod.status?.containerStatuses) ?? [];
  const status = statuses.find((one) => one.name === name);
  const state = status?.state;
  const startedAt = timeOf(state?.running?.startedAt ?? state?.terminated?.startedAt);
  const reason = state?.waiting?.reason ?? state?.terminated?.reason;
  const message = state?.waiting?.message ?? state?.terminated?.message;
  const last = lastRun(status);
  const limits = limitsOf(resources);
  return {
    name,
    // The spec's image, as the chart rendered it: the status may name it by another tag of the same content.
    image: image ?? '',
    init,
    ...(command?.length && { ownCommand: true }),
    state: state?.running ? 'running' : state?.terminated ? 'terminated' : 'waiting',
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
    ...(reason && { reason }),
    ...(message && { message }),
    ...(state?.terminated && { exitCode: state.terminated.exitCode }),
    ...(startedAt !== undefined && { startedAt }),
    ...(limits && { limits }),
    ...(last && { last }),
  };
}

function lastRun(status: Status | undefined): ContainerView['last'] {
  const ended = status?.lastState?.terminated;
  if (!ended) return undefined;
  const finishedAt = timeOf(ended.finishedAt);
  return { exitCode: ended.exitCode, reason: ended.reason ?? 'Error', ...(finishedAt !== undefined && { finishedAt }) };
}

function limitsOf(resources: Container['resources']): ContainerView['limits'] {
  const cpu = quantity(resources?.limits?.['cpu']);
  const memory = quantity(resources?.limits?.['memory']);
  if (cpu === undefined && memory === undefined) return undefined;
  return { ...(cpu !== undefined && { cpu: Math.round(cpu * 1000) }), ...(memory !== undefined && { memory }) };
}

function probesOf(container: Container): ProbeSpec[] {
  const declared = [
    ['startup', container.startupProbe],
    ['readiness', container.readinessProbe],
    ['liveness', container.livenessProbe],
  ] as const;
  return declared.flatMap(([kind, probe]) => {
    const wanted = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
    const port = portNumber(container, wanted);
    if (!probe || port === undefined) return [];
    const http = probe.httpGet;
    return [
      {
        kind,
        container: container.name,
        port,
        action: http
          ? { type: 'http', scheme: (http.scheme ?? 'HTTP').toLowerCase(), path: http.path ?? '/' }
          : { type: 'tcp' },
        // Kubernetes' own defaults, in seconds there: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
        period: (probe.periodSeconds ?? 10) * 1000,
        timeout: (probe.timeoutSeconds ?? 1) * 1000,
        failureThreshold: probe.failureThreshold ?? 3,
        initialDelay: (probe.initialDelaySeconds ?? 0) * 1000,
      } as const,
    ];
  });
}

function portNumber(container: Container, port: unknown): number | undefined {
  if (typeof port === 'number') return port;
  if (typeof port !== 'string') return undefined;
  return container.ports?.find((one) => one.name === port)?.containerPort;
}

/** Epoch milliseconds of an RFC 3339 time. */
export function timeOf(text: string | undefined | null): number | undefined {
  return text ? Date.parse(text) : undefined;
}
