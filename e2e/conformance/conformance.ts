import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { artifacts, root } from '../harness/paths.ts';
import { allChecks } from './checks/all-checks.ts';
import { knownDifferences } from './known-differences.ts';
import { judgeBoth, judgeOne, table, unexplained } from './report.ts';
import { runChecks, type Seen } from './run-checks.ts';
import { realCluster, sandbox, type Target } from './targets.ts';

export type Targets = readonly Target['name'][];

const start = { real: realCluster, sandbox };

// A machine with 2 cores: the real one spends them on containers, the sandbox on its own process and theirs.
const atOnce = 6;

/**
 * Runs the checks against the targets, one target after the other, and judges what they showed.
 * @param part only checks whose name has it; all when not given
 * @param tell is told the progress, line by line
 */
export async function conformance(
  targets: Targets,
  part: string | undefined,
  tell: (line: string) => void,
): Promise<{ readonly report: string; readonly failed: number }> {
  const checks = allChecks.filter(({ name }) => part === undefined || name.includes(part));
  if (checks.length === 0) throw new Error(`No check is named like ${part}`);
  const results: Partial<Record<Target['name'], Seen[]>> = {};
  for (const name of targets) {
    const began = performance.now();
    results[name] = await runOn(name, (target) =>
      runChecks(target, checks, atOnce, (seen) =>
        tell(`${name} ${seen.error ? 'FAILED' : 'ok'} ${seen.name} ${seen.milliseconds} ms`),
      ),
    );
    tell(`${name}: ${checks.length} checks in ${Math.round((performance.now() - began) / 1000)} s`);
    await keep(name, results[name]);
  }
  const { real, sandbox } = results;
  const verdicts = real && sandbox ? judgeBoth(real, sandbox, knownDifferences) : judgeOne(real ?? sandbox ?? []);
  const document = await readFile(path.join(root, 'docs/sandbox.md'), 'utf8').catch(() => '');
  const names = allChecks.map(({ name }) => name);
  const complaints = unexplained(knownDifferences, names, document);
  const failed = verdicts.filter(({ outcome }) => outcome === 'failed').length + complaints.length;
  return { report: [table(verdicts), ...complaints].join('\n'), failed };
}

async function runOn(name: Target['name'], use: (target: Target) => Promise<Seen[]>): Promise<Seen[]> {
  const target = await start[name]();
  return use(target).finally(target.stop);
}

/** Keeps the values, for a person who wonders about a difference. */
async function keep(name: string, seen: readonly Seen[]): Promise<void> {
  const folder = path.join(artifacts, 'conformance');
  await mkdir(folder, { recursive: true });
  const values = Object.fromEntries(seen.map(({ name, value, error }) => [name, error ? { error } : value]));
  await writeFile(path.join(folder, `${name}.json`), `${JSON.stringify(values, undefined, 2)}\n`);
}
