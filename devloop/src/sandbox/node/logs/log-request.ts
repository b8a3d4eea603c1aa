import { badRequest } from '../../store/api-error.ts';
import type { ContainerStatus, Pod } from '../../store/objects.ts';

/**
 * Which run of a container a log request means.
 * @throws ApiError 400 in the words of https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/kubelet/kubelet_pods.go
 * (validateContainerLogStatus)
 */
export function chooseRun({ metadata, status }: Pod, container: string, previous: boolean): string {
  const of = `container "${container}" in pod "${metadata.name}"`;
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const found = all.find(({ name }) => name === container);
  if (!found) throw badRequest(`${of} is not available`);
  const last = found.lastState?.terminated;
  if (previous) {
    if (!last?.containerID) throw badRequest(`previous terminated ${of} not found`);
    return last.containerID;
  }
  const id = currentRun(found);
  if (id) return id;
  const reason = found.state?.waiting?.reason;
  if (reason === 'ErrImagePull') throw badRequest(`${of} is waiting to start: image can't be pulled`);
  if (reason === 'ImagePullBackOff') throw badRequest(`${of} is waiting to start: trying and failing to pull image`);
  throw badRequest(reason ? `${of} is waiting to start: ${reason}` : `${of} is waiting to start - no logs yet`);
}

/** A container that waits for its restart shows the log of the run before. */
function currentRun({ state, lastState, containerID }: ContainerStatus): string | undefined {
  if (state?.running) return containerID;
  return state?.terminated?.containerID ?? lastState?.terminated?.containerID;
}
