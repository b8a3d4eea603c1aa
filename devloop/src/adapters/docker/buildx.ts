import type { BuildReport, RunCommand } from '../../engine/outside.ts';
import { sanitizeLine } from '../../lib/sanitize.ts';
import { outsideFault, type Problem } from '../../model/errors.ts';
import { RawJsonReader, type RawJsonResult } from './rawjson.ts';

/** Where docker's programs work, and which. */
export interface Daemon {
  readonly run: RunCommand;
  /** The environment that leads to it. */
  readonly env: Readonly<Record<string, string>>;
  /** The buildx plugin itself. */
  readonly buildx: string;
}

/** One `docker-buildx build`. */
export interface Build {
  /** repository:tag of what it makes */
  readonly reference: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly labels: readonly string[];
  readonly target?: string;
  /** As `docker --platform` has it; the daemon's own when not given. */
  readonly platform?: string;
  readonly args: Readonly<Record<string, string>>;
}

/**
 * Builds an image into the daemon's image store.
 * @param failed what the fault says: its title and the next step
 * @throws Fault (outside) with the builder's own error as evidence
 */
export async function runBuildx(
  { run, env, buildx }: Daemon,
  build: Build,
  report: BuildReport,
  failed: Required<Pick<Problem, 'title' | 'fix'>>,
  signal: AbortSignal,
): Promise<void> {
  const reader = new RawJsonReader({ step: report.step, output: (line) => report.output(sanitizeLine(line)) });
  const onLine = (line: string, stream: string) => stream === 'stderr' && reader.line(line);
  const result = await run(
    { file: buildx, args: argumentsOf(build), env, onLine, about: { image: build.reference } },
    signal,
  );
  signal.throwIfAborted();
  if (result.exitCode !== 0) throw outsideFault({ ...failed, ...causeOf(reader.result()) });
}

function argumentsOf({ reference, dockerfile, context, labels, target, platform, args }: Build): string[] {
  return [
    // The builder that works in the daemon itself: what it builds is at once in the daemon's image store, and what is
    // there already it takes for a base without asking a registry:
    // https://github.com/moby/moby/blob/v20.10.24/builder/builder-next/adapters/containerimage/pull.go (ResolveImageConfig)
    ...['build', '--builder', 'default', '--progress', 'rawjson', '--provenance=false'],
    ...['--tag', reference, '--file', dockerfile],
    ...labels.flatMap((label) => ['--label', label]),
    ...(target ? ['--target', target] : []),
    ...(platform ? ['--platform', platform] : []),
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    context,
  ];
}

function causeOf({ failures, other }: RawJsonResult): Pick<Problem, 'why' | 'evidence'> {
  const [failure] = failures;
  const lines = failure ? failure.output.map(sanitizeLine) : other.map(sanitizeLine);
  return {
    why: failure ? `${failure.step}: ${lastWords(failure.error)}` : (lines.at(-1) ?? 'docker buildx said nothing'),
    evidence: lines.slice(-30),
  };
}

/** BuildKit wraps an error in the chain of who saw it; the cause stands last. */
const lastWords = (error: string): string =>
  sanitizeLine(error.replace(/^.*?(did not complete successfully: )/s, '$1').split('\n')[0] ?? '');
