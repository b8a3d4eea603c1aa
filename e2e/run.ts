// npm run e2e [-- PART_OF_A_FILE_NAME...]: every scenario on a real cluster, one at a time.
// node e2e/run.ts --sandbox [PART_OF_A_FILE_NAME...]: those that need no Docker on sandboxes, several at a time.
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureCluster } from './harness/cluster.ts';
import { output } from './harness/command.ts';
import { Kubectl, namespacePrefix } from './harness/kubectl.ts';
import { takeLock } from './harness/lock.ts';
import { artifacts, root } from './harness/paths.ts';
import { type Target, targetVariable } from './harness/target.ts';
import { ensureTools } from './harness/tools.ts';

const folder = path.join(root, 'e2e/scenarios');
// It makes a whole machine, which takes minutes and brings its own sandbox.
// The others: the cluster's run has them, and npm test is to take no more than three minutes.
const notOnSandbox = ['clean-machine', 'helm-cut-off', 'live-pods', 'live-verify'].map((name) => `${name}.scenario.ts`);
// They share a real cluster, the forwarded ports and the NodePort of the chart; a sandbox is each one's own.
const filesAtOnce = { cluster: 1, sandbox: 4 };

async function chosen(target: Target, parts: readonly string[]): Promise<string[]> {
  const all = (await readdir(folder)).filter((file) => file.endsWith('.scenario.ts')).sort();
  const here = target === 'sandbox' ? all.filter((file) => !notOnSandbox.includes(file)) : all;
  const files = parts.length === 0 ? here : here.filter((file) => parts.some((part) => file.includes(part)));
  if (files.length === 0)
    throw new Error(`No scenario is named like ${parts.join(' or ')}. There are: ${here.join(', ')}`);
  return files.map((file) => path.join(folder, file));
}

async function prepareCluster(): Promise<void> {
  takeLock();
  await ensureTools();
  const { context, env, what } = await ensureCluster();
  process.stderr.write(`e2e: on ${what}\n`);
  const kubectl = new Kubectl(context, 'default', env);
  for (const { metadata } of await kubectl.list('namespaces')) {
    if (metadata.name.startsWith(namespacePrefix)) await new Kubectl(context, metadata.name, env).deleteNamespace();
  }
}

function test(target: Target, files: readonly string[]): Promise<number> {
  const args = ['--test', `--test-concurrency=${filesAtOnce[target]}`, '--test-reporter=spec', ...files];
  const env = { ...process.env, [targetVariable]: target };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
    // From a terminal the child has had the signal too; from elsewhere it would go on without this process.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

try {
  const { values, positionals } = parseArgs({ options: { sandbox: { type: 'boolean' } }, allowPositionals: true });
  const target = values.sandbox ? 'sandbox' : 'cluster';
  const files = await chosen(target, positionals);
  if (target === 'cluster') await prepareCluster();
  await output('npm', ['run', '--silent', 'build'], { cwd: root });
  process.exitCode = await test(target, files);
  if (process.exitCode !== 0)
    process.stderr.write(`e2e: the evidence of each failure is in ${path.relative(root, artifacts)}/${target}/\n`);
} catch (error) {
  process.stderr.write(`e2e: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 3;
}
