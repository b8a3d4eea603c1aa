import { badRequest } from '../../store/api-error.ts';
import type { Pod } from '../../store/objects.ts';

/**
 * The container that a request means: the one it names, else the only one of the pod. The annotation
 * `kubectl.kubernetes.io/default-container` is kubectl's own affair: it asks for that container by name.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/registry/core/pod/strategy.go (validateContainer)
 * @param asked the query parameter; null or the empty text when it is not given
 * @throws ApiError 400 when the pod has no such container, or several and none is named
 */
export function containerOf(pod: Pod, asked: string | null): string {
  const { name } = pod.metadata;
  const { containers, initContainers = [] } = pod.spec;
  const names = [...initContainers, ...containers].map((container) => container.name);
  if (asked) {
    if (!names.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${name}`);
    return asked;
  }
  const [first] = containers;
  if (first && containers.length === 1) return first.name;
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
}

/** @throws ApiError 400 for a pod that is on no node yet */
export function requireNode(pod: Pod): void {
  if (!pod.spec.nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
}

/**
 * A boolean of a query, as Kubernetes reads it: `stdin=` is true, and so is every text but `0` and `false`.
 * https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/runtime/conversion.go (Convert_Slice_string_To_bool)
 */
export function isAsked(url: URL, name: string): boolean {
  const value = url.searchParams.get(name);
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}
