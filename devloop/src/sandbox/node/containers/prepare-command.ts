import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LocalImage } from '../../images/local-image.ts';
import type { Container } from '../../store/objects.ts';
import { containerEnv } from '../env/container-env.ts';
import { expand } from '../env/expand.ts';
import { foreignEnv, runsTheHook } from '../env/foreign-env.ts';
import { hostIP, type PodContext } from '../node-context.ts';
import type { HookSettings } from '../pod-hook/settings.ts';
import { createRewriter } from '../volumes/mounts.ts';
import { makeParents } from '../volumes/parents.ts';
import { copyImage } from './copy-image.ts';

/** A container's program as it is started on this machine. */
export interface PreparedCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Puts the folders of volumes in place of mount paths, for programs that are started later. */
  readonly rewrite: (text: string) => string;
  /** Where the container leaves its last words. */
  readonly terminationLog: string;
}

/** @throws ConfigError when the spec refers to what is not there */
export async function prepareCommand(
  of: PodContext,
  container: Container,
  image: LocalImage,
): Promise<PreparedCommand> {
  const pod = of.pod();
  const place = path.join(of.folder, 'containers', container.name);
  const home = path.join(of.folder, 'home');
  const terminationLog = path.join(place, 'termination-log');
  const specEnv = containerEnv(of.node.store, { pod, podIP: of.podIP, hostIP }, container, of.node.allocatable);
  const temporary = path.join(of.folder, 'tmp');
  await Promise.all([place, home, temporary].map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
  await writeFile(terminationLog, '', { mode: 0o600 });
  const mounts = await of.volumes.mountsOf(container, specEnv);
  const terminationMount = {
    mountPath: container.terminationMessagePath ?? '/dev/termination-log',
    source: terminationLog,
  };
  const parents = await makeParents(path.join(place, 'parents'), mounts);
  const rewrite = createRewriter([...parents, ...mounts, terminationMount]);

  const { command, args } = container;
  const expandAll = (texts: readonly string[]) => texts.map((text) => rewrite(expand(text, specEnv)));
  const program = command?.length ? expandAll(command) : image.entrypoint;
  const rest = args?.length ? expandAll(args) : command?.length ? [] : image.command;
  const own = [...program, ...rest];
  // A command of the pod's replaces the image's own, and with it the runner.
  const runner = command?.length ? undefined : image.live;

  const facts = {
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name,
    HOME: home,
    // What a program leaves in a container's /tmp goes with the container.
    TMPDIR: mounts.find(({ mountPath }) => mountPath === '/tmp')?.source ?? temporary,
  };
  const given = Object.entries({ ...image.env, ...specEnv }).map(([name, value]) => [name, rewrite(value)]);
  // What is this machine's own stays: the project itself may be in /tmp, over which a volume is mounted in the container.
  const plain = { ...of.node.env, ...facts, ...Object.fromEntries(given) };
  const { env, reserved } = await withLocalPorts(of, container, plain, own[0] ?? '');
  const shared = { rewrite, terminationLog };
  if (runner) {
    const folder = path.join(place, 'image');
    await copyImage(image.folder, folder);
    const identity = { DEVLOOP_IMAGE: image.reference, DEVLOOP_TOKEN: runner.token };
    const [started, ...others] = own;
    return {
      ...shared,
      // The runner would look for it in the PATH.
      argv: ['node', runner.file, ...(started === 'node' ? [of.node.nodeProgram, ...others] : own)],
      env: withHook(of, container, { ...env, ...identity }, { reserved, runner: runner.file }),
      // Wherever the container says that it starts: what is sent to it is relative to this, and never goes elsewhere.
      folder,
    };
  }
  return {
    ...shared,
    argv: own,
    env: withHook(of, container, env, { reserved }),
    // Not a parent of mounts: `/app` means the image's folder, though a file is mounted at `/app/config.json`.
    folder: await folderOf(
      container.workingDir && createRewriter(mounts)(expand(container.workingDir, specEnv)),
      image.folder,
    ),
  };
}

/** The container's own folder is one of its image: where this machine does not have it, the image's folder stands for it. */
async function folderOf(asked: string | undefined, folder: string): Promise<string> {
  if (!asked) return folder;
  const found = await stat(path.resolve(folder, asked)).catch(() => undefined);
  return found?.isDirectory() ? path.resolve(folder, asked) : folder;
}

/** Programs that the hook does not run in get local ports in their env. */
async function withLocalPorts(
  of: PodContext,
  { name, ports }: Container,
  env: Record<string, string>,
  program: string,
) {
  if (runsTheHook(program)) return { env, reserved: {} };
  const values = new Set(Object.values(env));
  const own = new Map<number, number>();
  for (const { containerPort } of ports ?? []) {
    if (!values.has(String(containerPort)) || own.has(containerPort)) continue;
    own.set(containerPort, await of.node.ports.reserve(of.podIP, name, containerPort));
  }
  const namespace = of.pod().metadata.namespace ?? '';
  return {
    env: foreignEnv(env, namespace, { own, service: of.node.proxy.portOf }),
    reserved: Object.fromEntries([...own].map(([port, local]) => [String(local), port])),
  };
}

function withHook(
  { node, podIP, pod }: PodContext,
  container: Container,
  env: Readonly<Record<string, string>>,
  own: Pick<HookSettings, 'reserved' | 'runner'>,
): Record<string, string> {
  const { name: podName, namespace = '' } = pod().metadata;
  const settings: HookSettings = {
    network: path.join(node.folder, 'network'),
    address: podIP,
    namespace,
    podName,
    container: container.name,
    lifeline: node.lifeline,
    ...own,
  };
  const hook = /[\s"\\]/.test(node.hookFile) ? JSON.stringify(node.hookFile) : node.hookFile;
  const options = env['NODE_OPTIONS'];
  return {
    ...env,
    // `node` in a shell's command is the one that devloop runs with, unless the container has its own.
    PATH: [env['PATH'], path.dirname(node.nodeProgram)].filter(Boolean).join(path.delimiter),
    NODE_OPTIONS: options ? `--require=${hook} ${options}` : `--require=${hook}`,
    DEVLOOP_SANDBOX: JSON.stringify(settings),
  };
}
