import path from 'node:path';
import type { BuildReport, Command, Docker, RunCommand } from '../../engine/outside.ts';
import { sanitizeLine } from '../../lib/sanitize.ts';
import type { ClusterTarget } from '../../model/cluster.ts';
import { environmentFault, outsideFault, type Problem } from '../../model/errors.ts';
import type { ImageSpec } from '../../model/project.ts';
import { carryIntoNode } from './carry-into-node.ts';
import { RawJsonReader, type RawJsonResult } from './rawjson.ts';

/** The label by which devloop knows its own images again. */
const imageLabel = 'dev.devloop.image=true';

/** What is known of the docker of this machine once it has been checked. */
export interface DockerTools {
  /** The buildx plugin itself: called directly it saves a docker that only looks for it, about 80 ms a build. */
  readonly buildx: string;
}

/** Docker through its own command line, on the daemon of the cluster. */
export function createDocker(run: RunCommand, target: ClusterTarget, { buildx }: DockerTools): Docker {
  const env = target.dockerEnv;
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
        { file: 'docker', args: ['image', 'inspect', '--format', '{{.Id}}', reference], env },
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
      await buildImage(run, { file: buildx, args: buildArguments(image, reference), env }, image, report, signal);
      await carry(reference, signal);
      (await known)?.add(reference);
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

async function buildImage(
  run: RunCommand,
  command: Command,
  image: ImageSpec,
  report: BuildReport,
  signal: AbortSignal,
): Promise<void> {
  const reader = new RawJsonReader({ step: report.step, output: (line) => report.output(sanitizeLine(line)) });
  const onLine = (line: string, stream: string) => stream === 'stderr' && reader.line(line);
  const result = await run({ ...command, onLine }, signal);
  signal.throwIfAborted();
  if (result.exitCode !== 0) throw outsideFault(buildProblem(image, reader.result()));
}

function buildArguments(image: ImageSpec, reference: string): string[] {
  return [
    // The builder that works in the daemon itself: what it builds is at once in the daemon's image store.
    ...['build', '--builder', 'default', '--progress', 'rawjson', '--provenance=false'],
    ...['--tag', reference, '--file', image.dockerfile],
    ...['--label', imageLabel],
    ...(image.target ? ['--target', image.target] : []),
    ...Object.entries(image.args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    image.context,
  ];
}

function buildProblem(image: ImageSpec, { failures, other }: RawJsonResult): Problem {
  const service = path.posix.basename(image.repository);
  const title = `The build of ${service} failed`;
  const [failure] = failures;
  const lines = failure ? failure.output.map(sanitizeLine) : other.map(sanitizeLine);
  return {
    title,
    why: failure ? `${failure.step}: ${lastWords(failure.error)}` : (lines.at(-1) ?? 'docker buildx said nothing'),
    fix: 'Correct it and save: the next save builds again. The last good pod keeps running.',
    evidence: lines.slice(-30),
  };
}

/** BuildKit wraps an error in the chain of who saw it; the cause stands last. */
const lastWords = (error: string): string =>
  sanitizeLine(error.replace(/^.*?(did not complete successfully: )/s, '$1').split('\n')[0] ?? '');

const daemonFault = (stderr: string) =>
  environmentFault({
    title: 'The Docker daemon does not answer',
    why: sanitizeLine(stderr.trim().split('\n').at(-1) || 'docker said nothing'),
    fix: 'Start Docker (for Minikube: minikube start) and try again.',
  });
