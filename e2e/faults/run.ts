// npm run e2e:faults [-- PART_OF_A_NAME...] [-- --table FILE]: faults of the parts of the repository's own cluster, of the
// machine and of devloop itself, one after the other, under a loop that is asked and edited all the time. docs/reliability.md
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openClusterStage } from '../harness/cluster-stage.ts';
import { output } from '../harness/command.ts';
import { writeLiveProject } from '../harness/live-project.ts';
import { takeLock } from '../harness/lock.ts';
import { artifacts, root } from '../harness/paths.ts';
import type { Stage } from '../harness/stage.ts';
import { allFaults } from './all-faults.ts';
import type { Fault, Outcome } from './fault.ts';
import { faultTable } from './fault-table.ts';
import { runFault } from './run-fault.ts';

const evidence = path.join(artifacts, 'faults');

let isEnding = false;

async function openStage(): Promise<Stage> {
  const stage = await openClusterStage('faults', { fixture: 'live' });
  await writeLiveProject(stage.workspace, stage.ports.backend, { folder: 'numbered' });
  return stage;
}

function chosen(parts: readonly string[]): readonly Fault[] {
  const faults = allFaults.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
  if (faults.length > 0) return faults;
  throw new Error(
    `No fault is named like ${parts.join(' or ')}. There are:\n${allFaults.map(({ name }) => name).join('\n')}`,
  );
}

async function runAll(faults: readonly Fault[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let stage = await openStage();
  try {
    for (const fault of faults) {
      if (isEnding) break;
      const outcome = await runFault(fault, stage, path.join(evidence, `${fault.name.replaceAll(/\W+/g, '-')}.jsonl`));
      outcomes.push(outcome);
      process.stdout.write(`${outcome.broken.length === 0 ? '✓' : '✗'} ${lineOf(outcome)}\n`);
      for (const what of outcome.broken) process.stdout.write(`    ${what}\n`);
      if (outcome.broken.length > 0) await output(path.join(root, 'e2e/cluster/cluster'), ['up'], { timeout: 300_000 });
      if (outcome.recovery !== undefined) continue;
      // What one has left behind is not to be the next one's fault.
      await stage.remove();
      stage = await openStage();
    }
  } finally {
    await stage.remove();
  }
  return outcomes;
}

const lineOf = ({ fault, recovery, requests, failed }: Outcome): string =>
  `${fault.name}: live after ${recovery?.toFixed(0) ?? '-'} ms; ${requests} requests, ${failed} failed`;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Not at once: what is broken has to be mended.
  process.once(signal, () => {
    isEnding = true;
  });
}
try {
  const { values, positionals } = parseArgs({ options: { table: { type: 'string' } }, allowPositionals: true });
  const faults = chosen(positionals);
  takeLock();
  await output('npm', ['run', '--silent', 'build'], { cwd: root });
  await mkdir(evidence, { recursive: true });
  const outcomes = await runAll(faults);
  if (values.table !== undefined) await writeFile(values.table, faultTable(outcomes));
  const kept = outcomes.filter(({ broken }) => broken.length === 0).length;
  process.stdout.write(`${kept} of ${outcomes.length} as promised\n`);
  process.exitCode = kept === outcomes.length ? 0 : 1;
} catch (error) {
  process.stderr.write(`e2e:faults: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 3;
}
