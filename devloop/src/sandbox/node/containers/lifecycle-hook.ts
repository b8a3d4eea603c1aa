import type { Container } from '../../store/objects.ts';
import type { PodContext } from '../node-context.ts';
import { probeHttp } from '../probes/http-probe.ts';
import { httpTarget } from '../probes/probe-target.ts';
import { probeAddress } from './container-probes.ts';
import type { PreparedCommand } from './prepare-command.ts';
import { runBeside } from './run-beside.ts';

type Hook = NonNullable<NonNullable<Container['lifecycle']>['postStart']>;

/** The longest that the kubelet waits for an HTTP hook. Milliseconds. */
const httpTimeout = 30_000;

/**
 * Runs a `postStart` or `preStop` hook.
 * @param timeout milliseconds
 * @returns what went wrong, in the kubelet's words; undefined when nothing did
 */
export async function runHook(
  of: PodContext,
  container: Container,
  prepared: PreparedCommand,
  hook: Hook,
  timeout: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { name, namespace, uid } = of.pod().metadata;
  const where = `for Container "${container.name}" in Pod "${name}_${namespace}(${uid})" failed`;
  const { exec, httpGet, tcpSocket } = hook;
  if (exec) {
    const command = exec.command ?? [];
    const { error, output } = await runExec(of, prepared, command, timeout, signal);
    if (error === undefined) return undefined;
    return `Exec lifecycle hook ([${command.join(' ')}]) ${where} - error: ${error}, message: ${JSON.stringify(output)}`;
  }
  if (httpGet) {
    const error = await askHttp(of, container, httpGet, timeout);
    if (error === undefined) return undefined;
    return `Http lifecycle hook (${httpGet.path ?? ''}) ${where} - error: ${error}, message: ""`;
  }
  if (!tcpSocket) return undefined;
  const { port, host = '' } = tcpSocket;
  const shown = typeof port === 'number' ? `{0 ${port} }` : `{1 0 ${port}}`;
  return `Cannot run handler: invalid handler: &Handler{Exec:nil,HTTPGet:nil,TCPSocket:&TCPSocketAction{Port:${shown},Host:${host},},}`;
}

async function runExec(
  of: PodContext,
  prepared: PreparedCommand,
  command: readonly string[],
  timeout: number,
  signal: AbortSignal,
): Promise<{ readonly error: string | undefined; readonly output: string }> {
  try {
    const { code, output, stderr } = await runBeside(of.node, prepared, command, timeout, signal);
    if (code === 0) return { error: undefined, output };
    const why =
      code === undefined ? 'command timed out' : `command '${command.join(' ')}' exited with ${code}: ${stderr}`;
    return { error: why, output };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), output: '' };
  }
}

async function askHttp(
  of: PodContext,
  container: Container,
  get: NonNullable<Hook['httpGet']>,
  timeout: number,
): Promise<string | undefined> {
  const resolve = (host: string, port: number) => probeAddress(of, host, port);
  try {
    const target = httpTarget(get, container, of.podIP);
    const { success, output } = await probeHttp(target, Math.min(timeout, httpTimeout), resolve);
    // Any answer will do: the kubelet looks at no status of a hook.
    return success || output.startsWith('HTTP probe failed') ? undefined : output;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
