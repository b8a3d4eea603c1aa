// The exec subresource over WebSocket: stdin is channel 0, and the last message is a Status on channel 3.
// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/kubelet/cri/streaming/remotecommand/websocket.go
export const stdoutChannel = 1;
export const stderrChannel = 2;
export const statusChannel = 3;

/** The Status fields that are read here. */
export interface ExecStatus {
  readonly status?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** Of a program that ran and failed; undefined when it did not start. */
export function exitCodeIn({ details }: ExecStatus): number | undefined {
  const code = details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  return code === undefined ? undefined : Number(code);
}

export function parseStatus(content: Buffer): ExecStatus {
  const text = content.toString('utf8');
  try {
    return JSON.parse(text) as ExecStatus;
  } catch {
    return { status: 'Failure', message: text.trim() };
  }
}
