import path from 'node:path';
import type { Docker, RunCommand } from '../../engine/outside.ts';
import { sanitizeLine } from '../../lib/sanitize.ts';
import type { ClusterTarget } from '../../model/cluster.ts';
import { environmentFault } from '../../model/errors.ts';
import type { ImageSpec } from '../../model/project.ts';
import { type Build, type Daemon, runBuildx } from './buildx.ts';
import { carryIntoNode } from './carry-into-node.ts';
import { listImages } from './list-images.ts';
import { RunnerBuilds } from './runner-builds.ts';

/** The label by which devloop knows its own images again. */
const imageLabel = 'dev.devloop.image=true';

/** What is known of the docker of this machine once it has been checked. */
export interface DockerTools {
  /** The buildx plugin itself: called directly it saves a docker that only looks for it, about 80 ms a build. */
  readonly buildx: string;
}

/**
 * Docker through its own command line, on the daemon of the cluster.
 * @param runnerFolder absolute, where the files of the runner of live updates are
 */
export function createDocker(
  run: RunCommand,
  target: ClusterTarget,
  { buildx }: DockerTools,
  runnerFolder: string,
): Docker {
  const env = target.dockerEnv;
  const daemon: Daemon = { run, env, buildx };
  const runnerBuilds = new RunnerBuilds(daemon, runnerFolder);
  const carried = new Set<string>();
  let known: Promise<Set<string>> | undefined;

  /** The node of a cluster that was made anew has lost what it was given: once a run it is given again. */
  async function carry(reference: string, signal: AbortSignal): Promise<void> {
    if (target.images === 'shared' || carried.has(reference)) return;
    await carryIntoNode(run, target, reference, signal);
    carried.add(reference);
  }

  return {
    hasImage: async (reference, signal) => {
      known ??= ownImages(run, env).catch((error: unknown) => {
        // The next build asks again.
        known = undefined;
        throw error;
      });
      const own = await known;
      signal.throwIfAborted();
      // Only what was there once can be there still: an edit's new content is never asked for.
      if (!own.has(reference)) return false;
      const result = await run(
        {
          file: 'docker',
          args: ['image', 'inspect', '--format', '{{.Id}}', reference],
          env,
          about: { image: reference },
        },
        signal,
      );
      if (result.exitCode === 0) {
        await carry(reference, signal);
        return true;
      }
      if (/no such image/i.test(result.stderr)) return false;
      signal.throwIfAborted();
      throw daemonFault(result.stderr);
    },
    build: async (image, tag, report, signal) => {
      const reference = `${image.repository}:${tag}`;
      const buildApp = (to: string, ...labels: string[]) =>
        runBuildx(daemon, appBuild(image, to, labels), report, failureOf(image), signal);
      await (image.runner === undefined
        ? buildApp(reference, imageLabel)
        : runnerBuilds.build(image, reference, buildApp, imageLabel, report, signal));
      // Built once more, the node's is the old one.
      carried.delete(reference);
      await carry(reference, signal);
      (await known)?.add(reference);
    },
    imageId: async (reference, signal) => {
      const args = ['image', 'inspect', '--format', '{{.Id}}', reference];
      const result = await run({ file: 'docker', args, env }, signal);
      return result.exitCode === 0 ? result.stdout.trim() : undefined;
    },
    runnerOf: async (reference, signal) => ({ kind: await runnerBuilds.kindOf(reference, signal) }),
    listImages: (repositories, signal) => listImages(run, env, repositories, signal),
    removeImage: async (reference, signal) => {
      // Without force: it fails for an image that a container uses.
      const { exitCode } = await run(
        { file: 'docker', args: ['image', 'rm', reference], env, about: { image: reference } },
        signal,
      );
      return exitCode === 0;
    },
  };
}

/** The images in the daemon that devloop has built, as repository:tag. All builds share the answer: none cuts it off. */
async function ownImages(run: RunCommand, env: Readonly<Record<string, string>>): Promise<Set<string>> {
  const args = ['image', 'ls', '--filter', `label=${imageLabel}`, '--format', '{{.Repository}}:{{.Tag}}'];
  const result = await run({ file: 'docker', args, env });
  if (result.exitCode !== 0) throw daemonFault(result.stderr);
  return new Set(result.stdout.split('\n').filter(Boolean));
}

// The fields of `docker info --format '{{json .}}'` that are read here.
interface DockerInfo {
  readonly ServerErrors?: readonly string[];
  readonly ClientInfo?: {
    readonly Plugins?: readonly { readonly Name: string; readonly Path?: string; readonly Err?: unknown }[] | null;
  };
}

/** @throws Fault (environment) when docker, its daemon or buildx is missing */
export async function checkDocker(run: RunCommand, env: Readonly<Record<string, string>>): Promise<DockerTools> {
  const result = await run({ file: 'docker', args: ['info', '--format', '{{json .}}'], env });
  const info = parseInfo(result.stdout);
  if (!info || info.ServerErrors?.length) throw daemonFault(info?.ServerErrors?.join(' ') ?? result.stderr);
  const plugin = info.ClientInfo?.Plugins?.find(({ Name, Err }) => Name === 'buildx' && !Err);
  if (plugin?.Path) return { buildx: plugin.Path };
  throw environmentFault({
    title: 'docker buildx is missing',
    why: 'devloop builds with BuildKit, and docker knows no plugin named buildx',
    fix: 'Install the buildx plugin of Docker (package docker-buildx or docker-buildx-plugin).',
  });
}

function parseInfo(stdout: string): DockerInfo | undefined {
  try {
    return JSON.parse(stdout) as DockerInfo;
  } catch {
    return undefined;
  }
}

const failureOf = ({ repository }: ImageSpec) => ({
  title: `The build of ${path.posix.basename(repository)} failed`,
  fix: 'Correct it and save: the next save builds again. The last good pod keeps running.',
});

function appBuild(image: ImageSpec, reference: string, labels: readonly string[]): Build {
  const { dockerfile, context, target, args } = image;
  return { reference, dockerfile, context, labels, args, ...(target !== undefined && { target }) };
}

const daemonFault = (stderr: string) =>
  environmentFault({
    title: 'The Docker daemon does not answer',
    why: sanitizeLine(stderr.trim().split('\n').at(-1) || 'docker said nothing'),
    fix: 'Start Docker (for Minikube: minikube start) and try again.',
  });
