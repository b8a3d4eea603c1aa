import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { connect } from '../adapters/kubernetes/connection.ts';
import type { Docker, Files, RunCommand } from '../engine/outside.ts';
import type { Bundles } from '../live/bundles.ts';
import { environmentFault } from '../model/errors.ts';
import type { ImageSpec, ProjectSpec } from '../model/project.ts';
import { createLocalImages, recipeTag, withoutRecipe } from '../sandbox/images/create-local-images.ts';
import { sandboxContext } from '../sandbox/kubeconfig.ts';
import { runSandboxThread, type SandboxThread } from './run-sandbox-thread.ts';
import { holdSandbox, type SandboxHold } from './sandbox-hold.ts';
import { stateFault, stateFolder } from './state-folder.ts';

/** What a command does with the sandbox: runs the pods in it, changes its objects, or only looks at one that runs. */
export type SandboxUse = 'run' | 'change' | 'look';

/** A sandbox as a session uses it. */
export interface OpenSandbox {
  readonly kubeconfig: string;
  readonly docker: Docker;
  readonly files: Files;
  readonly helmEnv: Readonly<Record<string, string>>;
  /** Whether this process runs it, rather than another. */
  readonly ephemeral: boolean;
  readonly close: () => Promise<void>;
}

/**
 * The project's sandbox: the one that another devloop runs, else one of this process.
 * @param warn told of mistakes of the sandbox's own, once of each
 * @throws Fault (usage) when a service has no recipe and pods are to run; (environment) when there is none to look at
 */
export async function openSandbox(
  project: ProjectSpec,
  use: SandboxUse,
  run: RunCommand,
  files: Files,
  bundles: Pick<Bundles, 'build'>,
  warn: (text: string) => void,
): Promise<OpenSandbox> {
  if (use === 'run') requireRecipes(project);
  const folder = await stateFolder(project, 'sandbox');
  const kubeconfig = path.join(folder, 'kubeconfig');
  const env = containerEnv(project);
  let sandbox: SandboxThread | undefined;
  const imagesFolder = await stateFolder(project, 'sandbox/images');
  const beside = (name: string) => new URL(name, import.meta.url);
  const runnerFile = fileURLToPath(beside('runner/runner.cjs'));
  const images = createLocalImages({
    folder: imagesFolder,
    bundle: (spec) => bundles.build(spec),
    runnerFile,
    run,
    files,
    env,
    inUse: async () => sandbox?.imagesInUse(),
  });
  const hold = await holdSandbox(folder, systemClock, () => answers(kubeconfig)).catch((error: unknown) => {
    throw stateFault(folder, error);
  });
  const parts = {
    kubeconfig,
    docker: images,
    // What stands for an image changes with its recipe too.
    files: {
      ...files,
      imageTag: async (image: ImageSpec) => recipeTag(await files.imageTag(image), image, runnerFile),
    },
    // Helm would keep what it learns of the API in the user's home.
    helmEnv: {
      KUBECONFIG: kubeconfig,
      KUBECACHEDIR: path.join(folder, 'cache'),
      HELM_CACHE_HOME: path.join(folder, 'cache'),
    },
  };
  if (hold === 'taken') return { ...parts, ephemeral: false, close: images.close };
  try {
    if (use === 'look') throw notRunning();
    const hookFile = fileURLToPath(beside('pod-hook.cjs'));
    const runPods = use === 'run';
    sandbox = await runSandboxThread(
      beside('sandbox-thread.js'),
      { folder, imagesFolder, env, nodeProgram: process.execPath, hookFile, runPods },
      tellOnce(warn),
      (why, kept) => warn(`${why}. The sandbox begins anew; what it could not read is kept as ${kept}`),
    );
  } catch (error) {
    await hold.release();
    throw error;
  }
  return { ...parts, ephemeral: true, close: () => closeAll(sandbox, images.close, hold) };
}

/** What fails is tried again and again: one warning is enough. */
function tellOnce(warn: (text: string) => void): (where: string, message: string) => void {
  const told = new Set<string>();
  return (where, message) => {
    const text = `A fault of the sandbox itself (${where}): ${message}`;
    if (told.has(text)) return;
    told.add(text);
    warn(text);
  };
}

async function closeAll(sandbox: SandboxThread | undefined, closeImages: () => Promise<void>, hold: SandboxHold) {
  await sandbox?.close();
  await closeImages();
  await hold.release();
}

function requireRecipes({ services }: ProjectSpec): void {
  for (const { image } of services) if (image && !image.recipe) throw withoutRecipe(image);
}

/** The project's own programs come first, as in npm's scripts. */
function containerEnv({ root }: ProjectSpec): Record<string, string> {
  const { PATH = '', LANG } = process.env;
  return {
    PATH: [path.join(root, 'node_modules/.bin'), path.dirname(process.execPath), PATH].join(path.delimiter),
    ...(LANG !== undefined && { LANG }),
  };
}

async function answers(kubeconfig: string): Promise<boolean> {
  try {
    await connect(sandboxContext, kubeconfig).json('GET', '/version');
    return true;
  } catch {
    return false;
  }
}

const notRunning = () =>
  environmentFault({
    title: 'The sandbox does not run',
    why: 'its pods run inside `devloop up`, and there is none for this project',
    fix: 'Start it: devloop up',
  });
