// npm run soak [-- --minutes N] [-- --seed S] [-- --table FILE] [-- --sandbox]: an hour of work on a project of two services at
// the pace of a person, with all that goes wrong in an hour, while both are asked all the time. docs/reliability.md
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openClusterStage } from '../harness/cluster-stage.ts';
import { output } from '../harness/command.ts';
import { Loop } from '../harness/devloop.ts';
import { takeLock } from '../harness/lock.ts';
import { artifacts, root } from '../harness/paths.ts';
import { ProcessMark } from '../harness/processes.ts';
import { openSandboxStage } from '../harness/sandbox-stage.ts';
import type { Stage } from '../harness/stage.ts';
import { countImages } from './count-images.ts';
import { soakServices, writeSoakProject } from './soak-project.ts';
import { countsOf, reportSamples, timesTable } from './soak-report.ts';
import { SoakRun } from './soak-run.ts';
import { takeSample } from './soak-sample.ts';

const fixture = 'soak';
const evidence = path.join(artifacts, 'soak');
const interrupted = 130;

interface Asked {
  readonly minutes: number;
  readonly seed: number;
  readonly sandbox: boolean;
  readonly table: string | undefined;
}

async function soak(asked: Asked): Promise<boolean> {
  const stage = await (asked.sandbox
    ? openSandboxStage('soak', { host: 'devloop', fixture })
    : openClusterStage('soak', { fixture }));
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'devloop-soak-'));
  const mark = new ProcessMark();
  let loop: Loop | undefined;
  try {
    await writeSoakProject(stage.workspace, stage.ports);
    const env = { ...stage.env, ...mark.env, TMPDIR: temporary };
    loop = new Loop(['--namespace', stage.kubectl.namespace], { cwd: stage.workspace.folder, env });
    await loop.ready(soakServices);
    const run = newRun(asked, stage, loop, mark, temporary);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => run.end());
    await run.run();
    loop.requireEvents();
    const { code } = await loop.stop();
    if (code !== interrupted) run.faults.push(`devloop ended with ${code}`);
    await mark.requireNone();
    await mkdir(evidence, { recursive: true });
    await writeFile(path.join(evidence, 'samples.json'), JSON.stringify(run.samples, undefined, 1));
    const { text, faults } = reportOf(run);
    process.stdout.write(text);
    if (asked.table !== undefined) await writeFile(asked.table, text);
    for (const fault of faults) process.stdout.write(`✗ ${fault}\n`);
    return faults.length === 0;
  } finally {
    await loop?.stop();
    if (loop) await keepEvents(loop);
    await stage.remove();
    await rm(temporary, { recursive: true, force: true });
  }
}

function newRun(
  { minutes, seed, sandbox }: Asked,
  stage: Stage,
  loop: Loop,
  mark: ProcessMark,
  temporary: string,
): SoakRun {
  const { folder } = stage.workspace;
  return new SoakRun(stage, loop, {
    ...{ minutes, seed, inSandbox: sandbox },
    sample: async () => ({
      ...takeSample(loop.pid, { folder, temporary }),
      processes: (await mark.processes()).length,
      images: sandbox ? 0 : await countImages(stage),
    }),
    say: (line) => process.stdout.write(`${line}\n`),
  });
}

function reportOf(run: SoakRun): { readonly text: string; readonly faults: readonly string[] } {
  const { table, faults } = reportSamples(run.samples);
  const { happened, work, answers, seconds } = run;
  const lines = [
    `${(seconds / 60).toFixed(0)} minutes, ${happened.length} events (${countsOf(happened)}), ${work.saves} saves.`,
    `${answers.requests} requests, of which ${answers.failures.length} failed; ${work.ended} programs ended.`,
  ];
  return { text: `${lines.join('\n')}\n\n${timesTable(work.times)}\n${table}`, faults: [...run.faults, ...faults] };
}

async function keepEvents(loop: Loop): Promise<void> {
  await mkdir(evidence, { recursive: true });
  const events = loop.events.map((event) => JSON.stringify(event));
  await writeFile(path.join(evidence, 'events.jsonl'), [...events, loop.stderr].join('\n'));
}

const options = {
  minutes: { type: 'string', default: '60' },
  seed: { type: 'string', default: '1' },
  sandbox: { type: 'boolean', default: false },
  table: { type: 'string' },
} as const;
try {
  const { values } = parseArgs({ options });
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  if (!(minutes > 0)) throw new Error('--minutes takes a number above 0');
  if (!Number.isSafeInteger(seed)) throw new Error('--seed takes a whole number');
  // A sandbox is this run's own; a cluster is everybody's.
  if (!values.sandbox) takeLock();
  await output('npm', ['run', '--silent', 'build'], { cwd: root });
  process.exitCode = (await soak({ minutes, seed, sandbox: values.sandbox, table: values.table })) ? 0 : 1;
} catch (error) {
  process.stderr.write(`soak: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
