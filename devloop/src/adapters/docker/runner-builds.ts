import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BuildReport, RunnerKind } from '../../engine/outside.ts';
import { sanitizeLine } from '../../lib/sanitize.ts';
import { outsideFault } from '../../model/errors.ts';
import type { ImageSpec } from '../../model/project.ts';
import { addRunner } from './add-runner.ts';
import type { Daemon } from './buildx.ts';
import { type LayerKind, lookIntoImage } from './look-into-image.ts';

/** The label that tells the kind of an image's runner. */
const runnerLabel = 'dev.devloop.runner';
const runnerKinds: readonly RunnerKind[] = ['node', 'shell', 'none'];

const appSuffix = '-app';

/** Is it the user's own image, which is there only while the runner's is built on it? */
export const isAppTag = (tag: string): boolean => tag.endsWith(appSuffix);

const stepName = 'add the runner of live updates';

/** Builds images with the runner of live updates in a layer of its own, on top of what the user's Dockerfile makes. */
export class RunnerBuilds {
  readonly #daemon: Daemon;
  readonly #folder: string;
  readonly #kinds = new Map<string, RunnerKind>();
  // What an image has does not change with its sources.
  readonly #layers = new Map<string, LayerKind>();

  /** @param folder absolute, where the runner's files and its Dockerfiles are */
  constructor(daemon: Daemon, folder: string) {
    this.#daemon = daemon;
    this.#folder = folder;
  }

  /**
   * @param buildApp builds the user's own image under a reference
   * @param label of the image that it makes, besides its runner's
   * @throws Fault (outside)
   */
  async build(
    image: ImageSpec,
    reference: string,
    buildApp: (reference: string) => Promise<void>,
    label: string,
    report: BuildReport,
    signal: AbortSignal,
  ): Promise<void> {
    const app = `${reference}${appSuffix}`;
    let built = false;
    try {
      await buildApp(app);
      built = true;
      this.#kinds.set(reference, await this.#add(image, app, reference, label, report, signal));
    } finally {
      // One that is cut off may have got as far as its tag.
      if (built || signal.aborted) await this.#untag(app);
    }
  }

  /**
   * The runner of an image that the daemon has. @param reference repository:tag
   * @throws Fault (outside) when it does not have it
   */
  async kindOf(reference: string, signal: AbortSignal): Promise<RunnerKind> {
    const kind = this.#kinds.get(reference) ?? (await labelledKind(this.#daemon, reference, signal));
    this.#kinds.set(reference, kind);
    return kind;
  }

  async #add(
    image: ImageSpec,
    app: string,
    reference: string,
    label: string,
    report: BuildReport,
    signal: AbortSignal,
  ): Promise<RunnerKind> {
    const startedAt = performance.now();
    const tell = (status: 'running' | 'done' | 'failed') => {
      const ms = Math.round(performance.now() - startedAt);
      report.step({ id: stepName, name: stepName, status, ...(status !== 'running' && { ms }) });
    };
    tell('running');
    try {
      const layer = await this.#layerOf(image, app, signal);
      const kind = layer === 'node-without-shell' ? 'node' : layer;
      if (kind === 'none') report.output('The image has neither Node 18 nor a shell: it cannot be updated live.');
      const labels = [label, `${runnerLabel}=${kind}`];
      await addRunner(this.#daemon, this.#folder, layer, app, reference, labels, signal);
      tell('done');
      return kind;
    } catch (error) {
      if (!signal.aborted) tell('failed');
      throw error;
    }
  }

  async #layerOf(image: ImageSpec, app: string, signal: AbortSignal): Promise<LayerKind> {
    const dockerfile = await readFile(image.dockerfile, 'utf8');
    const key = hashOf([dockerfile, image.context, image.target ?? null, Object.entries(image.args)]);
    const layer = this.#layers.get(key) ?? (await lookIntoImage(this.#daemon, app, signal));
    this.#layers.set(key, layer);
    return layer;
  }

  /** Its layers stay, as those of the image on top. */
  async #untag(app: string): Promise<void> {
    const { run, env } = this.#daemon;
    await run({ file: 'docker', args: ['image', 'rm', '--no-prune', app], env, about: { image: app } });
  }
}

const hashOf = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

async function labelledKind({ run, env }: Daemon, reference: string, signal: AbortSignal): Promise<RunnerKind> {
  const args = ['image', 'inspect', '--format', '{{json .Config.Labels}}', reference];
  const { exitCode, stdout, stderr } = await run({ file: 'docker', args, env, about: { image: reference } }, signal);
  signal.throwIfAborted();
  if (exitCode !== 0) {
    throw outsideFault({
      title: `Docker does not know the image ${reference}`,
      why: sanitizeLine(stderr.trim().split('\n').at(-1) || 'docker image inspect said nothing'),
      fix: 'The next save of the service builds it anew.',
    });
  }
  const kind = (JSON.parse(stdout) as Record<string, string> | null)?.[runnerLabel];
  return runnerKinds.find((known) => known === kind) ?? 'absent';
}
