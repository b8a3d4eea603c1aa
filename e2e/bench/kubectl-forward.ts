import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Stage } from '../harness/stage.ts';

/** A `kubectl port-forward` under way. */
export interface KubectlForward {
  /** Of this machine. */
  readonly port: number;
  readonly pid: number;
  readonly close: () => Promise<void>;
}

/** Forwards a free port of this machine to one of a pod. */
export async function startKubectlForward(stage: Stage, pod: string, remote: number): Promise<KubectlForward> {
  const { context, namespace } = stage.kubectl;
  const args = ['--context', context, '--namespace', namespace, 'port-forward', '--address', '127.0.0.1'];
  const child = spawn('kubectl', [...args, `pod/${pod}`, `:${remote}`], {
    env: stage.toolsEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'close').then(() => process.off('exit', kill));
  const lines = createInterface({ input: child.stdout });
  const started = new Promise<number>((resolve) => {
    // It tells of each connection as well, and waits when nobody reads that.
    lines.on('line', (line) => {
      const port = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port) resolve(Number(port));
    });
  });
  const failed = ended.then(() => Promise.reject(new Error('kubectl port-forward has ended')));
  failed.catch(() => {});
  const port = await Promise.race([started, failed]);
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { port, pid: child.pid ?? 0, close };
}
