// npm run bench:forward [-- --rounds N] [-- --json FILE]: how long large, parallel and many transfers take through a port that
// devloop forwards, and through `kubectl port-forward` to the same pod, one after the other; see docs/benchmark.md.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openClusterStage } from '../harness/cluster-stage.ts';
import { output } from '../harness/command.ts';
import { Loop } from '../harness/devloop.ts';
import { takeLock } from '../harness/lock.ts';
import { root } from '../harness/paths.ts';
import { forwardReport, type MeasuredForward, type MeasuredTransfer } from './forward-report.ts';
import { startKubectlForward } from './kubectl-forward.ts';
import { usageOf, watchMemory } from './process-usage.ts';
import { type Transfer, transfers } from './transfers.ts';

async function measureOne(transfer: Transfer, port: number, pid: number): Promise<MeasuredForward> {
  const before = await usageOf(pid);
  const began = performance.now();
  await transfer.make(port);
  const ms = performance.now() - began;
  const { main, others } = await usageOf(pid);
  return { ms, cpu: main + others - before.main - before.others };
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
        const one = { title: transfer.title, devloop: [] as MeasuredForward[], kubectl: [] as MeasuredForward[] };
        for (let round = 0; round < rounds; round += 1) {
          one.kubectl.push(await measureOne(transfer, peer.port, peer.pid));
          one.devloop.push(await measureOne(transfer, ports.backend, loop.pid));
        }
        measured.push(one);
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
