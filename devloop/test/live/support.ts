import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { systemClock } from '../../src/adapters/clock/system-clock.ts';
import type { LiveChange, LiveContainer } from '../../src/engine/outside.ts';
import { encodeWord } from '../../src/lib/shell-words.ts';
import { connectContainer, dialContainer, type LiveTarget } from '../../src/live/connect-container.ts';
import { runnerPorts } from '../../src/live/protocol/ports.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

const source = path.join(import.meta.dirname, '../../src/live');

/** A folder as the image's layer has it: the runner, bundled as the build does it, and the scripts. */
export function createLayer(): TempFolder {
  const layer = createTempFolder();
  chmodSync(layer.root, 0o755);
  buildSync({
    entryPoints: {
      runner: path.join(source, 'runner/main.ts'),
      standby: path.join(source, 'runner/standby-preload.ts'),
    },
    outdir: layer.root,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node18',
    minifySyntax: true,
    logLevel: 'silent',
  });
  for (const name of ['init.sh', 'runner.sh', 'agent.sh'])
    copyFileSync(path.join(source, 'shell', name), layer.path(name));
  return layer;
}

/** What runs a container's program. */
export interface Kind {
  readonly name: string;
  /** The words before the container's arguments. */
  readonly entrypoint: (layer: TempFolder) => readonly string[];
  readonly runner: 'node' | 'shell';
  /** PATH, where it is not the test's own. */
  readonly path?: (layer: TempFolder) => string;
}

export const nodeKind: Kind = {
  name: 'the Node runner',
  entrypoint: (layer) => [process.execPath, layer.path('runner.cjs')],
  runner: 'node',
};
export const initKind: Kind = {
  name: 'the Node runner under init.sh',
  entrypoint: (layer) => ['sh', layer.path('init.sh')],
  runner: 'node',
};
const busybox = spawnSync('busybox', ['true']).status === 0;
const dash = spawnSync('dash', ['-c', 'true']).status === 0;
export const shellKinds: readonly Kind[] = [
  dash
    ? { name: 'runner.sh under dash', entrypoint: (layer) => ['dash', layer.path('runner.sh')], runner: 'shell' }
    : {
        name: 'runner.sh under sh (this machine has no dash)',
        entrypoint: (layer) => ['sh', layer.path('runner.sh')],
        runner: 'shell',
      },
  ...(busybox
    ? [
        {
          name: 'runner.sh under busybox, with no other tool',
          entrypoint: (layer: TempFolder) => [`${applets(layer)}/sh`, layer.path('runner.sh')],
          runner: 'shell',
          path: applets,
        } as const,
      ]
    : []),
];
/** Part of a test's name, so that one reads what has been tested. */
export const shellsTested = busybox ? 'all shells' : 'this machine has no busybox: that shell is NOT tested here';

function applets(layer: TempFolder): string {
  const folder = layer.path('applets');
  if (!existsSync(folder)) {
    mkdirSync(folder);
    spawnSync('busybox', ['--install', '-s', folder]);
  }
  return folder;
}

export interface Container {
  readonly child: ChildProcess;
  /** Where its program starts. */
  readonly folder: TempFolder;
  readonly image: string;
  /** All that it has printed so far. */
  readonly output: () => string;
  /** Resolves when it has printed this text `times` times. */
  readonly printed: (text: string, times?: number) => Promise<void>;
  readonly connect: (target?: Partial<LiveTarget>) => Promise<LiveContainer>;
  /** The same, tried once: for a container that is known to listen. */
  readonly connectOnce: (target?: Partial<LiveTarget>) => Promise<LiveContainer>;
  /** A bare connection behind the hello, where the test speaks itself. */
  readonly open: () => Promise<Duplex>;
  /** Its exit code or the name of the signal that ended it. */
  readonly exit: Promise<number | string | null>;
}

export interface ContainerOptions {
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly image?: string;
  /** Not root, whatever the test is. */
  readonly ordinaryUser?: boolean;
}

/** Both ends of a program's stdin and stdout, as Kubernetes' exec gives them. */
function streamOf(stdin: Writable, stdout: Readable): Duplex {
  stdin.on('error', () => undefined);
  const stream: Duplex = new Duplex({
    read: () => stdout.resume(),
    write: (chunk, _encoding, done) => stdin.write(chunk, () => done()),
    final: (done) => stdin.end(() => done()),
    destroy: (error, done) => {
      stdin.destroy();
      stdout.destroy();
      done(error);
    },
  });
  stdout.on('data', (chunk) => stream.push(chunk) || stdout.pause());
  stdout.on('end', () => stream.push(null));
  return stream;
}

/** Resolves when it is so. */
export async function until(is: () => boolean): Promise<void> {
  for (const end = performance.now() + 15_000; !is(); await sleep(5)) {
    if (performance.now() > end) throw new Error(`it did not come to be: ${is}`);
  }
}

/** False for one that has ended and only waits for its parent. */
export function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

let count = 0;

/** Starts containers, and ends them all. */
export class Containers {
  readonly #layer: TempFolder;
  readonly #kind: Kind;
  readonly #started: { child: ChildProcess; folder: TempFolder; agents: ChildProcess[] }[] = [];

  constructor(layer: TempFolder, kind: Kind) {
    this.#layer = layer;
    this.#kind = kind;
  }

  start(options: ContainerOptions = {}): Container {
    const { entrypoint = [], command = [], args = [], env = {}, files = {}, ordinaryUser = false } = options;
    count += 1;
    const { image = `test/${process.pid}:${count}` } = options;
    const folder = createTempFolder(files);
    const layer = this.#layer;
    const kind = this.#kind;
    const run = path.join(folder.root, '.run');
    mkdirSync(run, { mode: 0o1777 });
    chmodSync(run, 0o1777);
    chmodSync(folder.root, 0o777);
    const inWords = (words: readonly string[]) =>
      kind.runner === 'node' ? JSON.stringify(words) : words.map(encodeWord).join(' ');
    const all = {
      PATH: kind.path?.(layer) ?? `${path.dirname(process.execPath)}:${process.env['PATH']}`,
      DEVLOOP_ENTRYPOINT: inWords(entrypoint),
      DEVLOOP_CMD: inWords(command),
      DEVLOOP_IMAGE: image,
      DEVLOOP_RUN: run,
      ...env,
    };
    const user = ordinaryUser && process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const spawned = { cwd: folder.root, env: all, detached: true, ...user } as const;
    const [file = '', ...first] = kind.entrypoint(layer);
    const child = spawn(file, [...first, ...args], { ...spawned, stdio: ['ignore', 'pipe', 'pipe'] });
    const agents: ChildProcess[] = [];
    this.#started.push({ child, folder, agents });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    const exit = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string | null);

    const dial = async (port: number) => {
      const socket = net.connect(port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    };
    const agent = async (): Promise<Duplex> => {
      const script = file === process.execPath ? [] : [layer.path('agent.sh')];
      const started = spawn(file, script, { ...spawned, stdio: ['pipe', 'pipe', 'inherit'] });
      agents.push(started);
      return streamOf(started.stdin, started.stdout);
    };
    const connectOnce = async (target: Partial<LiveTarget> = {}) => {
      const whole = { pod: 'pod-1', image, clock: systemClock, ...target };
      const { signal } = new AbortController();
      return kind.runner === 'node'
        ? dialContainer(dial, whole, signal)
        : connectContainer(await agent(), whole, signal);
    };
    const container: Container = {
      child,
      folder,
      image,
      output: () => output,
      printed: async (text, times = 1) => {
        await until(() => output.split(text).length > times || child.exitCode !== null || child.signalCode !== null);
        if (output.split(text).length <= times) throw new Error(`it ended, and had printed ${output}`);
      },
      connect: async (target) => {
        // The runner may not listen yet.
        for (const end = performance.now() + 5000; ; await sleep(10)) {
          try {
            return await connectOnce(target);
          } catch (error) {
            if (performance.now() > end) throw error;
          }
        }
      },
      connectOnce,
      open: async () => {
        for (const port of kind.runner === 'node' ? runnerPorts : [0]) {
          const stream = port ? await dial(port).catch(() => undefined) : await agent();
          if (!stream) continue;
          stream.on('error', () => undefined);
          stream.write(`hello 1 ${image} %\n`);
          // Another test's container may answer on that port, and end.
          const [answer] = (await once(stream, 'data').catch(() => [Buffer.alloc(0)])) as [Buffer];
          if (answer.toString().startsWith('hello 1 ')) return stream;
          stream.destroy();
        }
        throw new Error('no runner of this container listens');
      },
      exit,
    };
    return container;
  }

  async end(): Promise<void> {
    for (const { child, folder, agents } of this.#started.splice(0)) {
      for (const each of [child, ...agents]) {
        if (each.pid === undefined) continue;
        try {
          process.kill(-each.pid, 'SIGKILL');
        } catch {
          // It has ended with all that it started.
        }
        if (each.exitCode === null && each.signalCode === null) await once(each, 'exit');
      }
      folder.remove();
    }
  }
}

/** A change that writes a file. */
export const file = (path: string, content: string | Uint8Array, mode = 0o644): LiveChange => ({
  kind: 'file',
  path,
  mode,
  content: typeof content === 'string' ? Buffer.from(content) : content,
});

/** Says that it runs, and with what; ends on SIGTERM like most programs. */
export const idle = ['sh', '-c', 'echo "up $$ [$1] $COLOR"; while :; do sleep 0.05; done', 'name'];
