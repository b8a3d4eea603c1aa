import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command, RunCommand } from '../../engine/outside.ts';
import type { ClusterTarget } from '../../model/cluster.ts';
import { outsideFault } from '../../model/errors.ts';

/**
 * Takes an image from the daemon into a node that has an image store of its own (kind, k3d, microk8s, and Minikube
 * with containerd, cri-o or several nodes).
 * @throws Fault (outside) when the cluster's own tool fails
 */
export async function carryIntoNode(
  run: RunCommand,
  target: ClusterTarget,
  reference: string,
  signal: AbortSignal,
): Promise<void> {
  const about = { image: reference };
  if (target.kind !== 'microk8s') {
    await must(run, { ...loadCommand(target, reference), about }, signal);
    return;
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'devloop-image-'));
  try {
    const file = path.join(folder, 'image.tar');
    const args = ['save', '--output', file, reference];
    await must(run, { file: 'docker', args, env: target.dockerEnv, about }, signal);
    await must(run, { file: 'microk8s', args: ['images', 'import', file], about }, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// kind: https://kind.sigs.k8s.io/docs/user/quick-start/#loading-an-image-into-your-cluster
// k3d: https://k3d.io/stable/usage/commands/k3d_image_import/
// minikube: https://minikube.sigs.k8s.io/docs/commands/image/#minikube-image-load
function loadCommand({ kind, profile, dockerEnv }: ClusterTarget, reference: string): Command {
  const cluster = profile ?? kind;
  switch (kind) {
    case 'kind':
      return { file: 'kind', args: ['load', 'docker-image', reference, '--name', cluster] };
    case 'k3d':
      return { file: 'k3d', args: ['image', 'import', reference, '--cluster', cluster] };
    default:
      return { file: 'minikube', args: ['--profile', cluster, 'image', 'load', reference], env: dockerEnv };
  }
}

async function must(run: RunCommand, command: Command, signal: AbortSignal): Promise<void> {
  const result = await run(command, signal);
  signal.throwIfAborted();
  if (result.exitCode === 0) return;
  throw outsideFault({
    title: 'The image could not be taken into the cluster',
    why: result.stderr.trim().split('\n').at(-1) || `${command.file} failed with exit code ${result.exitCode}`,
    fix: `Run it by hand to see more: ${command.file} ${command.args.join(' ')}`,
  });
}
