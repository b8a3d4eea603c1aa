import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Client } from './client.ts';

/**
 * Runs `kubectl port-forward` while something is done with the local port, which the system chooses.
 * @param what `pod/NAME` or `service/NAME`
 */
export async function forwarded<Value>(
  client: Client,
  what: string,
  port: number,
  use: (localPort: number) => Promise<Value>,
): Promise<Value> {
  const { kubectlFile, env } = client.tools;
  const args = ['--namespace', client.namespace, 'port-forward', '--address=127.0.0.1', what, `:${port}`];
  const child = spawn(kubectlFile, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const local = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (local !== undefined) return await use(Number(local));
    }
    throw new Error(`kubectl port-forward ended: ${said}`);
  } finally {
    child.kill();
    await ended;
  }
}
