import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cli } from '../harness/paths.ts';
import { floodLines, lastLine, onFloodStage, startFlood } from './flood-stage.ts';

export interface FloodCount {
  readonly lines: number;
  /** Milliseconds that the program took to write them. */
  readonly wrote: number;
  readonly came: number;
  /** Lines that did not follow the one before. */
  readonly outOfOrder: number;
}

/** The load of `measureFlood` with `--ui json`: the same adapters and state, and every line can be counted. */
export async function countFlood(): Promise<FloodCount> {
  return onFloodStage(true, async ({ workspace, env }, port) => {
    const args = [cli, 'up', '--ui', 'json', '--cluster', 'sandbox'];
    const child = spawn(process.execPath, args, { cwd: workspace.folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    try {
      let flood: ReturnType<typeof startFlood> | undefined;
      let came = 0;
      let outOfOrder = 0;
      // Hundreds of thousands of lines: only what is looked for is read of each.
      for await (const line of createInterface({ input: child.stdout })) {
        if (/"type":"forward.changed".*"status":"ready"/.test(line)) flood ??= startFlood(port);
        const number = /"text":"(\d{8}) /.exec(line)?.[1];
        if (number !== undefined) {
          if (Number(number) !== came) outOfOrder += 1;
          came += 1;
        }
        if (line.includes(lastLine)) break;
      }
      if (!flood) throw new Error('devloop has ended before the service was there');
      return { lines: floodLines, wrote: (await flood).wrote, came, outOfOrder };
    } finally {
      child.kill('SIGINT');
      await exit;
    }
  });
}
