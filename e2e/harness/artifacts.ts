import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Kubectl } from './kubectl.ts';
import { artifacts } from './paths.ts';
import { target } from './target.ts';

/** The folder of a scenario's evidence, emptied of an earlier run's. */
export async function clearArtifacts(scenario: string): Promise<void> {
  await rm(path.join(artifacts, target, scenario), { recursive: true, force: true });
}

/** Keeps what a person needs to find out why a scenario failed. */
export async function keepArtifacts(
  scenario: string,
  texts: Record<string, string>,
  kubectl: Kubectl,
): Promise<string> {
  const folder = path.join(artifacts, target, scenario);
  await mkdir(folder, { recursive: true });
  const cluster = {
    'objects.txt': await kubectl.try('get', 'all,configmap,secret,pvc,serviceaccount', '--output', 'wide'),
    'pods.txt': await kubectl.try('describe', 'pods'),
    'kubernetes-events.txt': await kubectl.try('get', 'events', '--sort-by', '.lastTimestamp'),
    'pod-logs.txt': await podLogs(kubectl),
  };
  for (const [name, text] of Object.entries({ ...texts, ...cluster })) await writeFile(path.join(folder, name), text);
  return folder;
}

async function podLogs(kubectl: Kubectl): Promise<string> {
  const names = (await kubectl.try('get', 'pods', '--output', 'name'))
    .split('\n')
    .filter((name) => name.startsWith('pod/'));
  const logs = names.map(async (name) => {
    const now = await kubectl.try('logs', name, '--all-containers', '--tail=200');
    const before = await kubectl.try('logs', name, '--all-containers', '--tail=200', '--previous');
    return `=== ${name}\n${now}\n--- previous\n${before}`;
  });
  return (await Promise.all(logs)).join('\n');
}
