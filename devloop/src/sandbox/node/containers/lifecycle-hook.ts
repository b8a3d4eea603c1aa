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
  if (hook.exec) {
    const command = hook.exec.command ?? [];
    const { code, output } = await runBeside(of.node, prepared, command, timeout, signal);
    if (code === 0) return undefined;
    const why =
      code === undefined ? 'command timed out' : `command '${command.join(' ')}' exited with ${code}: ${output}`;
    const shown = `[${command.join(' ')}]`;
    return `Exec lifecycle hook (${shown}) ${where} - error: ${why}, message: ${JSON.stringify(output)}`;
  }
  if (hook.httpGet) {
    const target = httpTarget(hook.httpGet, container, of.podIP);
    const resolve = (host: string, port: number) => probeAddress(of, host, port);
    const { success, output } = await probeHttp(target, Math.min(timeout, httpTimeout), resolve);
    // Any answer will do: the kubelet looks at no status of a hook.
    if (success || output.startsWith('HTTP probe failed')) return undefined;
    return `Http lifecycle hook (${target.path.slice(1)}) ${where} - error: ${output}, message: ""`;
  }
  return undefined;
}
