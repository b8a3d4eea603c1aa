import type { LocalImage } from '../../images/local-image.ts';
import type { Container } from '../../store/objects.ts';
import type { PodContext } from '../node-context.ts';
import { imageNameError, pullPolicyOf } from './image-name.ts';
import { goDuration } from './restart-backoff.ts';

/** Why there is no image: reason and message of the waiting container. */
export interface ImageProblem {
  readonly reason: 'InvalidImageName' | 'ErrImageNeverPull' | 'ErrImagePull';
  readonly message: string;
}

/**
 * The program that stands for a container's image, with the events of a kubelet that looks for it.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/kubelet/images/image_manager.go
 */
export function ensureImage(of: PodContext, container: Container, fieldPath: string): LocalImage | ImageProblem {
  const name = container.image ?? '';
  const problem = (reason: ImageProblem['reason'], message: string): ImageProblem => {
    of.record('Warning', 'Failed', `Error: ${reason}`, fieldPath);
    return { reason, message };
  };
  const wrong = imageNameError(name);
  if (wrong !== undefined) {
    of.record('Warning', 'InspectFailed', wrong, fieldPath);
    return problem('InvalidImageName', wrong);
  }
  const image = of.node.images.find(name);
  const policy = pullPolicyOf(name, container.imagePullPolicy);
  if (policy === 'Never' && !image) {
    const message = `Container image "${name}" is not present with pull policy of Never`;
    of.record('Warning', 'ErrImageNeverPull', message, fieldPath);
    return problem('ErrImageNeverPull', message);
  }
  if (image && policy !== 'Always') {
    of.record('Normal', 'Pulled', `Container image "${name}" already present on machine`, fieldPath);
    return image;
  }
  of.record('Normal', 'Pulling', `Pulling image "${name}"`, fieldPath);
  if (image) {
    of.record('Normal', 'Pulled', `Successfully pulled image "${name}" in ${goDuration(0)}`, fieldPath);
    return image;
  }
  const message = `rpc error: code = Unknown desc = Error response from daemon: No such image: ${name}: the sandbox pulls nothing, and has no local recipe for it`;
  of.record('Warning', 'Failed', `Failed to pull image "${name}": ${message}`, fieldPath);
  return problem('ErrImagePull', message);
}
