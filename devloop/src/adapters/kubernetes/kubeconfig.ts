import { KubeConfig } from '@kubernetes/client-node';
import { environmentFault, messageOf } from '../../model/errors.ts';

/**
 * kubeconfig, from where kubectl takes it. A file that is not there is one without contexts, as for kubectl.
 * @param file a file to take instead
 * @throws Fault (environment) when it cannot be read
 */
export function readKubeConfig(file?: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  try {
    if (file === undefined) kubeConfig.loadFromDefault();
    else kubeConfig.loadFromFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new KubeConfig();
    throw environmentFault({
      title: 'kubeconfig cannot be read',
      why: messageOf(error),
      fix: 'See `kubectl config view`.',
    });
  }
  return isMadeUp(kubeConfig) ? new KubeConfig() : kubeConfig;
}

/** Where there is no kubeconfig, client-node makes up a cluster at localhost:8080, as kubectl once did. */
const isMadeUp = (kubeConfig: KubeConfig): boolean =>
  kubeConfig.getCurrentContext() === 'loaded-context' &&
  kubeConfig.getCurrentCluster()?.server === 'http://localhost:8080';
