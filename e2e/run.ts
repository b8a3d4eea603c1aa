// npm run e2e [-- PART_OF_A_FILE_NAME...]: every scenario on a real cluster, one at a time.
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ensureCluster } from './harness/cluster.ts';
import { output } from './harness/command.ts';
import { Kubectl, namespacePrefix } from './harness/kubectl.ts';
import { takeLock } from './harness/lock.ts';
import { artifacts, root } from './harness/paths.ts';
import { ensureTools } from './harness/tools.ts';

const folder = path.join(root, 'e2e/scenarios');

async function chosen(parts: readonly string[]): Promise<string[]> {
  const all = (await readdir(folder)).filter((file) => file.endsWith('.scenario.ts')).sort();
  const files = parts.length === 0 ? all : all.filter((file) => parts.some((part) => file.includes(part)));
  if (files.length === 0)
    throw new Error(`No scenario is named like ${parts.join(' or ')}. There are: ${all.join(', ')}`);
  return files.map((file) => path.join(folder, file));
}

async function prepare(): Promise<void> {
  await ensureTools();
  const { context, env, what } = await ensureCluster();
  process.stderr.write(`e2e: on ${what}\n`);
  const kubectl = new Kubectl(context, 'default', env);
  for (const { metadata } of await kubectl.list('namespaces')) {
    if (metadata.name.startsWith(namespacePrefix)) await new Kubectl(context, metadata.name, env).deleteNamespace();
  }
  await output('npm', ['run', '--silent', 'build'], { cwd: root });
}

function test(files: readonly string[]): Promise<number> {
  // One at a time: they share the cluster, the forwarded ports and the NodePort of the chart.
  const args = ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    // From a terminal the child has had the signal too; from elsewhere it would go on without this process.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

try {
  const files = await chosen(process.argv.slice(2));
  takeLock();
  await prepare();
  process.exitCode = await test(files);
  if (process.exitCode !== 0)
    process.stderr.write(`e2e: the evidence of each failure is in ${path.relative(root, artifacts)}/\n`);
} catch (error) {
  process.stderr.write(`e2e: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 3;
}
