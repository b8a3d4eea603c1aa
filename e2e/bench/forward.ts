// npm run bench:forward [-- --rounds N] [-- --json FILE]: how long large, parallel and many transfers take through a port that
// devloop forwards, and through `kubectl port-forward` to the same pod, one after the other; see docs/benchmark.md.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openClusterStage } from '../harness/cluster-stage.ts';
import { output } from '../harness/command.ts';
import { Loop } from '../harness/devloop.ts';
import { takeLock } from '../harness/lock.ts';
import { root } from '../harness/paths.ts';
import { forwardReport, type MeasuredTransfer } from './forward-report.ts';
import { startKubectlForward } from './kubectl-forward.ts';
import { watchMemory } from './process-usage.ts';
import { type Transfer, transfers } from './transfers.ts';

async function timeOf(transfer: Transfer, port: number): Promise<number> {
  const began = performance.now();
  await transfer.make(port);
  return performance.now() - began;
}

async function measure(rounds: number): Promise<{ measured: MeasuredTransfer[]; memory: number }> {
  const stage = await openClusterStage('forward', { fixture: 'transfer' });
  const { workspace, kubectl, env, ports } = stage;
  const options = { cwd: workspace.folder, env: { ...env, TRANSFER_PORT: `${ports.backend}` } };
  const loop = new Loop(['--namespace', kubectl.namespace], options);
  try {
    await loop.ready(['app']);
    const [pod] = await kubectl.list('pods');
    if (!pod) throw new Error('There is no pod');
    // devloop forwards to it before the API says that it runs, kubectl does not.
    await kubectl.run('wait', '--for=condition=Ready', `pod/${pod.metadata.name}`);
    const peer = await startKubectlForward(stage, pod.metadata.name, 8080);
    const stopWatching = watchMemory([loop.pid]);
    const measured: MeasuredTransfer[] = [];
    try {
      for (const transfer of transfers) {
        const times = { devloop: [] as number[], kubectl: [] as number[] };
        for (let round = 0; round < rounds; round += 1) {
          times.kubectl.push(await timeOf(transfer, peer.port));
          times.devloop.push(await timeOf(transfer, ports.backend));
        }
        measured.push({ title: transfer.title, ...times });
      }
    } finally {
      await peer.close();
    }
    return { measured, memory: stopWatching()[0] ?? 0 };
  } catch (error) {
    process.stderr.write(`${loop.tail()}\n`);
    throw error;
  } finally {
    await loop.stop();
    await stage.remove();
  }
}

const options = { json: { type: 'string' }, rounds: { type: 'string', default: '3' } } as const;
const { values } = parseArgs({ options });
try {
  takeLock();
  await output('npm', ['run', '--silent', 'build'], { cwd: root });
  const { measured, memory } = await measure(Number(values.rounds));
  process.stdout.write(`${forwardReport(measured, memory)}\n`);
  if (values.json) await writeFile(values.json, `${JSON.stringify({ measured, memory }, null, 2)}\n`);
} catch (error) {
  process.stderr.write(`bench:forward: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
