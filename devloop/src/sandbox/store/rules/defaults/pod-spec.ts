import type { Pod } from '../../objects.ts';
import { canonicalQuantities, defaultContainer, defaultRequests } from './container.ts';
import { defaultVolume } from './volume.ts';

export type PodSpec = Pod['spec'];

/** Of a pod and of a template. https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/apis/core/v1/defaults.go */
export function defaultPodSpec(spec: PodSpec): void {
  spec.restartPolicy ||= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.securityContext ??= {};
  spec.schedulerName ||= 'default-scheduler';
  // The old name of the field is always the same as the new one.
  const account = spec.serviceAccountName || spec.serviceAccount;
  if (account) {
    spec.serviceAccountName = account;
    spec.serviceAccount = account;
  }
  canonicalQuantities(spec.overhead);
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
  for (const container of allContainers(spec)) {
    defaultContainer(container);
    if (spec.hostNetwork) for (const port of container.ports ?? []) port.hostPort ||= port.containerPort;
  }
}

/** Of a pod only. */
export function defaultPod(spec: PodSpec): void {
  spec.enableServiceLinks ??= true;
  for (const container of allContainers(spec)) defaultRequests(container);
}

export const allContainers = (spec: PodSpec): PodSpec['containers'] => [
  ...(spec.initContainers ?? []),
  ...(spec.containers ?? []),
];
