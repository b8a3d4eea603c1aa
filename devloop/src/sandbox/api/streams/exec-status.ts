import { ApiError } from '../../store/api-error.ts';
import { failure } from '../http/status.ts';

/**
 * How a program ended, as the error channel says it; the words are those of Docker's kubelet.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/kubelet/cri/streaming/remotecommand/exec.go
 */
export function exitStatus(code: number): Record<string, unknown> {
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: Error executing in Docker Container: ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

/** What the error channel says when there is no exit code. */
export function failedStatus(why: string): Record<string, unknown> {
  const message = `error executing command in container: ${why}`;
  const causes = [{ reason: '', message, field: '' }];
  return { ...failure(new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, { causes })) };
}
