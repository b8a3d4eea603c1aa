import { randomUUID } from 'node:crypto';
import type { CommandResult } from '../../engine/outside.ts';
import { sanitizeLine } from '../../lib/sanitize.ts';
import { outsideFault } from '../../model/errors.ts';
import type { Daemon } from './buildx.ts';

/** Which layer an image gets: named as its Dockerfile is. */
export type LayerKind = 'node' | 'node-without-shell' | 'shell' | 'none';

/** The runner's bundle is for this major version of Node and later. */
const oldestNode = 18;

/** docker's own exit code when the container could not be made: https://docs.docker.com/reference/cli/docker/container/run/#exit-status */
const dockerFailed = 125;

/**
 * Finds whether an image has Node and a shell, by starting them: about half a second.
 * @throws Fault (outside) when docker cannot start a container of it
 */
export async function lookIntoImage(daemon: Daemon, reference: string, signal: AbortSignal): Promise<LayerKind> {
  const [node, shell] = await Promise.all([
    tryProgram(daemon, reference, 'node', ['--version'], signal),
    tryProgram(daemon, reference, 'sh', ['-c', ':'], signal),
  ]);
  const hasShell = shell.exitCode === 0;
  const version = /^v(\d+)\./.exec(node.stdout.trim())?.[1];
  if (node.exitCode === 0 && Number(version) >= oldestNode) return hasShell ? 'node' : 'node-without-shell';
  return hasShell ? 'shell' : 'none';
}

async function tryProgram(
  { run, env }: Daemon,
  reference: string,
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<CommandResult> {
  signal.throwIfAborted();
  const name = `devloop-look-${randomUUID()}`;
  const options = ['--rm', '--pull=never', '--network', 'none', '--name', name, '--entrypoint', program];
  const about = { image: reference };
  const command = { file: 'docker', args: ['run', ...options, reference, ...args], env, about };
  const result = await run(command, signal);
  if (signal.aborted) {
    // A docker that is cut off between making and starting a container leaves it behind.
    await run({ file: 'docker', args: ['rm', '--force', '--volumes', name], env, about });
    throw signal.reason;
  }
  if (result.exitCode === dockerFailed) throw lookFault(reference, result.stderr);
  return result;
}

const lookFault = (reference: string, stderr: string) =>
  outsideFault({
    title: 'The image cannot be looked into',
    why: sanitizeLine(stderr.trim().split('\n')[0] || `docker run ${reference} said nothing`),
    fix: 'devloop starts `node --version` and `sh` in it, to see how it can be updated live. See that the daemon runs containers: docker run --rm --entrypoint sh IMAGE',
  });
