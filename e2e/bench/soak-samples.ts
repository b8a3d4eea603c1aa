import fs from 'node:fs';
import type { Stage } from '../harness/stage.ts';
import { spreadOf } from './stats.ts';

/** What devloop and the container's runner take at one moment; memory is what is resident, in MB. */
export interface Sample {
  readonly devloopMemory: number;
  readonly devloopFiles: number;
  readonly runnerMemory: number;
  /** Of the container, with its runner. */
  readonly processes: number;
}

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** MB */
  readonly memory: number;
  readonly args: string;
  readonly folder: string;
}

/** So many samples at the start do not count: what is loaded once has been loaded then. */
const warmUp = 10;
/** So many of the next, and of the last, are compared. */
const compared = 10;

/** What a value may become, from what it was. */
const allowed: Readonly<Record<keyof Sample, (before: number) => number>> = {
  devloopMemory: (before) => before * 1.5 + 50,
  devloopFiles: (before) => before + 20,
  runnerMemory: (before) => before * 1.5 + 50,
  processes: (before) => before + 2,
};

/** Looks at the devloop of a stage and at its one pod; undefined while that is replaced. */
export async function takeSample({ workspace, kubectl }: Stage, inSandbox: boolean): Promise<Sample | undefined> {
  const rows = processTable(fs);
  const devloop = rows.find(({ args, folder }) => args.includes('cli.js up ') && folder === workspace.folder);
  if (!devloop) throw new Error(`No devloop runs in ${workspace.folder}`);
  const inContainer = inSandbox ? withRunner(rows, workspace.folder) : await rowsOfPod(kubectl);
  const runner = inContainer.find(isRunner);
  return (
    runner && {
      devloopMemory: devloop.memory,
      devloopFiles: fs.readdirSync(`/proc/${devloop.pid}/fd`).length,
      runnerMemory: runner.memory,
      processes: inContainer.length,
    }
  );
}

/** The samples as a table, and what has grown too much in them. */
export function growthOf(samples: readonly Sample[]): { readonly table: string; readonly faults: readonly string[] } {
  const isEnough = samples.length >= warmUp + 2 * compared;
  const names = Object.keys(allowed) as (keyof Sample)[];
  const rows = names.map((name) => {
    const early = spreadOf(
      samples
        .slice(isEnough ? warmUp : 0)
        .map((one) => one[name])
        .slice(0, compared),
    ).median;
    const late = spreadOf(samples.slice(-compared).map((one) => one[name])).median;
    return { name, early, late, most: spreadOf(samples.map((one) => one[name])).max };
  });
  const text = (value: number) => value.toFixed(0).padStart(8);
  const lines = rows.map(
    ({ name, early, late, most }) => `${name.padEnd(14)}${[early, late, most].map(text).join('')}`,
  );
  return {
    table: [`${`${samples.length} samples`.padEnd(14)}   early    late    most`, ...lines].join('\n'),
    faults: rows
      .filter(({ name, early, late }) => isEnough && late > allowed[name](early))
      .map(({ name, early, late }) => `${name} has grown from ${early} to ${late}`),
  };
}

const isRunner = ({ args }: ProcessRow): boolean => args.includes('runner.cjs');

/** The runner that was started last below a folder, and all that it has started. */
function withRunner(rows: readonly ProcessRow[], folder: string): ProcessRow[] {
  const runner = rows.findLast((row) => isRunner(row) && row.folder.startsWith(folder));
  const found = runner ? [runner] : [];
  for (const { pid } of found) found.push(...rows.filter(({ parent }) => parent === pid));
  return found;
}

async function rowsOfPod(kubectl: Stage['kubectl']): Promise<ProcessRow[]> {
  const pods = await kubectl.list('pods');
  const pod = pods.find(({ metadata }) => !metadata.deletionTimestamp);
  const script = `const rows = (${processTable})(require('fs')).filter(({ pid }) => pid !== process.pid);
console.log(JSON.stringify(rows));`;
  const text = await kubectl.try('exec', pod?.metadata.name ?? '', '--', 'node', '-e', script);
  return text.startsWith('[') ? JSON.parse(text) : [];
}

/** The processes that run. It goes into the container as its text, and so uses nothing from outside. proc(5), `status`. */
function processTable({ readdirSync, readFileSync, readlinkSync }: typeof fs): ProcessRow[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const numberOf = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const folder = readlinkSync(`/proc/${pid}/cwd`);
      return [{ pid: Number(pid), parent: numberOf('PPid'), memory: numberOf('VmRSS') / 1024, args, folder }];
    } catch {
      return [];
    }
  });
}
