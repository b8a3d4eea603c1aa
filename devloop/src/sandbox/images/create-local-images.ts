import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BuildReport, Docker, Files, Live, RunCommand } from '../../engine/outside.ts';
import { type Fault, outsideFault, usageFault } from '../../model/errors.ts';
import type { CommandSubject } from '../../model/operation.ts';
import { type ImageSpec, type RecipeSpec, recipeBundle } from '../../model/project.ts';
import { copyFolder } from './copy-folder.ts';
import { ImageFolder } from './image-folder.ts';
import type { LocalImage, LocalImages } from './local-image.ts';
import { localImages } from './local-images.ts';

/** What stands for Docker in the sandbox: it builds by recipe, and knows what this machine can run. */
export type LocalImageBuilder = LocalImages & Docker & { readonly close: () => Promise<void> };

export interface LocalImageOptions {
  /** Absolute; it is made when the first image is built. */
  readonly folder: string;
  /** Makes the bundles of recipes. */
  readonly bundle: Live['bundle'];
  /** The runner's program, absolute: images that take live updates name it. */
  readonly runnerFile: string;
  /** Runs a recipe's build command. */
  readonly run: RunCommand;
  readonly files: Pick<Files, 'contextFiles'>;
  /** The environment of build commands, laid over devloop's own. */
  readonly env: Readonly<Record<string, string>>;
  /** References that pods run, and that are not to be removed; undefined when it is not known: nothing is removed. */
  readonly inUse: () => Promise<ReadonlySet<string> | undefined>;
}

export function createLocalImages(options: LocalImageOptions): LocalImageBuilder {
  const { folder, bundle, runnerFile, run, files, env, inUse } = options;
  const images = new ImageFolder(folder);
  // What cannot be removed now is tried again after the next build.
  let pruning: Promise<void> = Promise.resolve();

  async function build(image: ImageSpec, tag: string, report: BuildReport, signal: AbortSignal): Promise<void> {
    const { recipe } = image;
    if (!recipe) throw withoutRecipe(image);
    const reference = `${image.repository}:${tag}`;
    const target = images.pathOf(reference);
    await rm(target, { recursive: true, force: true });
    await mkdir(target, { recursive: true, mode: 0o700 });
    if (recipe.folder) await copyFolder(recipe.folder, target, await files.contextFiles(image));
    signal.throwIfAborted();
    if (recipe.build) await runBuild(recipe.build, target, { image: reference }, report, signal);
    if (recipe.bundle) await writeBundle(recipe.bundle, target);
    signal.throwIfAborted();
    const live = image.runner === undefined ? {} : { live: { file: runnerFile, token: newToken() } };
    await images.finish({ ...localImage(reference, recipe, target), ...live });
    // Nobody waits for it: an edit is on its way to its pod.
    pruning = pruning.then(() => prune(reference)).catch(() => {});
  }

  async function writeBundle(entry: string, to: string): Promise<void> {
    const built = await bundle(recipeBundle(entry));
    await Promise.all([
      ...built.files.map(({ name, content }) => writeFile(path.join(to, name), content)),
      writeFile(path.join(to, 'package.json'), '{ "type": "module" }\n'),
    ]);
  }

  async function prune(reference: string): Promise<void> {
    const kept = await inUse();
    if (kept) await images.prune(reference, kept);
  }

  async function runBuild(
    command: readonly string[],
    cwd: string,
    about: CommandSubject,
    report: BuildReport,
    signal: AbortSignal,
  ) {
    const [file = '', ...args] = command;
    const last: string[] = [];
    const onLine = (line: string) => {
      report.output(line);
      last.push(line);
      if (last.length > 40) last.shift();
    };
    const { exitCode } = await run({ file, args, cwd, env, onLine, about }, signal);
    signal.throwIfAborted();
    if (exitCode !== 0) throw buildFault(command, exitCode, last);
  }

  return {
    find: localImages(folder).find,
    hasImage: async (reference) => images.find(reference) !== undefined,
    // What a recipe makes has none: a folder that was made anew counts as another.
    imageId: async () => undefined,
    runnerOf: async (reference) => {
      const live = images.find(reference)?.live;
      return live ? { kind: 'node', token: live.token } : { kind: 'absent' };
    },
    build,
    // Old ones go after each build, as only the sandbox knows what its pods run.
    listImages: async () => [],
    removeImage: async () => false,
    close: () => pruning,
  };
}

/**
 * The tag of what a recipe makes: it changes with the image's own content tag, with the recipe, and with the runner.
 * @param contentTag of the image's build context, which the recipe's files are part of
 * @param runnerFile the runner's program, which images that take live updates name
 */
export const recipeTag = (contentTag: string, { recipe, runner }: ImageSpec, runnerFile: string): string =>
  createHash('sha256')
    .update(JSON.stringify([contentTag, recipe ?? null, runner === undefined ? null : [runner, runnerFile]]))
    .digest('hex')
    .slice(0, contentTag.length);

const newToken = (): string => randomBytes(16).toString('hex');

const localImage = (reference: string, { start, env = {} }: RecipeSpec, folder: string): LocalImage => ({
  reference,
  id: `sandbox://${reference}`,
  entrypoint: [],
  command: start,
  folder,
  env,
});

/** The fault for a service that the sandbox does not know how to run. */
export function withoutRecipe({ repository }: ImageSpec): Fault {
  const service = repository.slice(repository.lastIndexOf('/') + 1);
  return usageFault({
    title: `The sandbox cannot run ${service}`,
    why: 'there is no Docker here, and the configuration does not say how to run it without',
    fix: `Add services.${service}.sandbox, such as { bundle: 'src/server.ts' } or { start: ['npm', 'start'] }; or start Minikube.`,
  });
}

const buildFault = (command: readonly string[], exitCode: number, evidence: readonly string[]): Fault =>
  outsideFault({
    title: `\`${command.join(' ')}\` failed`,
    why: `it ended with exit code ${exitCode}`,
    fix: 'Correct it and save: the next change tries again. The pods that run are untouched.',
    evidence,
  });
