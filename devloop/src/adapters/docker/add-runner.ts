import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BuildReport } from '../../engine/outside.ts';
import { encodeWord } from '../../lib/shell-words.ts';
import { outsideFault } from '../../model/errors.ts';
import { type Daemon, runBuildx } from './buildx.ts';
import type { LayerKind } from './look-into-image.ts';

/** What each layer has of the runner's files. */
const layerFiles: Readonly<Record<LayerKind, readonly string[]>> = {
  node: ['init.sh', 'runner.cjs', 'standby.cjs'],
  'node-without-shell': ['runner.cjs', 'standby.cjs'],
  shell: ['runner.sh', 'agent.sh'],
  none: [],
};

// The fields of `docker image inspect` that are read here.
interface ImageInspect {
  readonly Os: string;
  readonly Architecture: string;
  readonly Variant?: string;
  readonly Config: { readonly Entrypoint?: readonly string[] | null; readonly Cmd?: readonly string[] | null };
}

/**
 * Builds an image with the runner of live updates from one without.
 * @param folder where the runner's files are
 * @param base repository:tag of what it is built on
 * @param reference repository:tag of what it makes
 * @throws Fault (outside) with docker's own error
 */
export async function addRunner(
  daemon: Daemon,
  folder: string,
  layer: LayerKind,
  base: string,
  reference: string,
  labels: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const image = await inspect(daemon, base, signal);
  const above = await mkdtemp(path.join(tmpdir(), 'devloop-layer-'));
  try {
    const build = {
      reference,
      dockerfile: path.join(folder, `${layer}.Dockerfile`),
      context: await makeContext(above, folder, layer),
      labels,
      // An image for another platform than the daemon's would be looked for in a registry.
      platform: [image.Os, image.Architecture, image.Variant].filter(Boolean).join('/'),
      args: { BASE: base, ...(layer !== 'none' && programArguments(layer, image, reference)) },
    };
    await runBuildx(daemon, build, silent, failed, signal);
  } finally {
    await rm(above, { recursive: true, force: true });
  }
}

/** Its steps are not the user's. */
const silent: BuildReport = { step: () => {}, output: () => {} };

const failed = {
  title: 'The runner of live updates could not be added to the image',
  fix: 'Remove `live` of the service to build its image without; and tell us: this should not happen.',
};

/** Setting an entrypoint drops the command that the image had: both travel as text, for the runner to start. */
function programArguments(layer: LayerKind, { Config }: ImageInspect, reference: string): Record<string, string> {
  const textOf = (words: readonly string[]) =>
    layer === 'shell' ? words.map(encodeWord).join(' ') : JSON.stringify(words);
  return {
    DEVLOOP_LAYER_IMAGE: reference,
    DEVLOOP_LAYER_ENTRYPOINT: textOf(Config.Entrypoint ?? []),
    DEVLOOP_LAYER_CMD: textOf(Config.Cmd ?? []),
  };
}

/** The files that go into the image, with the modes that they have there whatever the umask here is. */
async function makeContext(above: string, folder: string, layer: LayerKind): Promise<string> {
  const context = path.join(above, 'context');
  await mkdir(context);
  await chmod(context, 0o755);
  for (const name of layerFiles[layer]) {
    await copyFile(path.join(folder, name), path.join(context, name));
    await chmod(path.join(context, name), 0o644);
  }
  if (layer === 'shell') {
    const run = path.join(context, 'run');
    await mkdir(run);
    // Any user of the container writes there, and only removes what is their own.
    await chmod(run, 0o1777);
  }
  return context;
}

async function inspect({ run, env }: Daemon, reference: string, signal: AbortSignal): Promise<ImageInspect> {
  const args = ['image', 'inspect', '--format', '{{json .}}', reference];
  const { exitCode, stdout, stderr } = await run({ file: 'docker', args, env, about: { image: reference } }, signal);
  signal.throwIfAborted();
  if (exitCode === 0) return JSON.parse(stdout) as ImageInspect;
  throw outsideFault({ ...failed, why: stderr.trim().split('\n').at(-1) || 'docker image inspect said nothing' });
}
