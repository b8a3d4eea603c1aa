import { cp, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type CommandResult, output, run } from './command.ts';
import { copyProject } from './workspace.ts';

const cache = path.join(
  process.env['DEVLOOP_CLUSTER_HOME'] ?? path.join(os.homedir(), '.cache/devloop-cluster'),
  'clean-debian',
);

/**
 * A Debian in a folder with Node 20, npm and the project, and nothing else: no Docker, no Minikube, no Helm, no
 * kubectl. What runs there sees no other files; it shares this machine's network, so that its loopback ports can be
 * asked from here.
 */
export class CleanMachine {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Must run as root on Debian. The first one takes half a minute, to install Debian. */
  static async create(): Promise<CleanMachine> {
    await installDebian();
    const root = await mkdtemp(path.join(os.tmpdir(), 'devloop-clean-'));
    await output('cp', ['-a', `${cache}/.`, root]);
    await installNode(root);
    await copyProject(path.join(root, 'project'));
    return new CleanMachine(root);
  }

  /** The words of a command that runs a shell line there, in the project's folder; its mounts end with it. */
  enter(line: string): string[] {
    const mounts = `mount --rbind /dev ${this.root}/dev && mount -t proc proc ${this.root}/proc`;
    const environment = [
      'HOME=/root',
      'PATH=/usr/bin:/bin',
      'TERM=xterm-256color',
      'LANG=C.UTF-8',
      'npm_config_fund=false',
    ];
    const inside = `exec chroot ${this.root} /usr/bin/env -i ${environment.join(' ')} /bin/sh -c "$0"`;
    return [
      'unshare',
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      `${mounts} && ${inside}`,
      `cd /project && ${line}`,
    ];
  }

  /** Runs a shell line there to its end. @param timeout milliseconds */
  run(line: string, timeout = 120_000): Promise<CommandResult> {
    const [file = '', ...args] = this.enter(line);
    return run(file, args, { timeout });
  }

  /** What runs there now: pid and command line of each process. */
  async processes(): Promise<string[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const inside = await Promise.all(
      pids.map(async (pid) => {
        const root = await readlink(`/proc/${pid}/root`).catch(() => '');
        if (root !== this.root) return undefined;
        const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
        return `${pid} ${words.replaceAll('\0', ' ').trim()}`;
      }),
    );
    return inside.filter((line) => line !== undefined);
  }

  /** Every file there with its size and time, but for those below the folders that are left out. */
  async files(leftOut: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const skipped = new Set(['/proc', '/dev', '/sys', ...leftOut]);
    const walk = async (folder: string): Promise<void> => {
      for (const entry of await readdir(path.join(this.root, folder), { withFileTypes: true })) {
        const file = path.posix.join(folder, entry.name);
        if (skipped.has(file)) continue;
        if (entry.isDirectory()) await walk(file);
        else {
          const { size, mtimeMs } = await lstat(path.join(this.root, file));
          found.set(file, `${size} bytes, ${mtimeMs}`);
        }
      }
    };
    await walk('/');
    return found;
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

async function installDebian(): Promise<void> {
  const done = path.join(cache, '.installed');
  if (await lstat(done).catch(() => undefined)) return;
  await rm(cache, { recursive: true, force: true });
  await mkdir(path.dirname(cache), { recursive: true });
  if ((await run('which', ['debootstrap'])).code !== 0) {
    await output('apt-get', ['update', '-qq'], { timeout: 300_000 });
    await output('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'debootstrap'], { timeout: 300_000 });
  }
  // The mirror that this machine itself takes its packages from.
  const policy = await output('apt-cache', ['policy', 'base-files']);
  const mirror = /^\s+\d+ (\S+) bookworm\/main/m.exec(policy)?.[1];
  if (!mirror) throw new Error(`apt-cache names no mirror of Debian 12:\n${policy}`);
  await output('debootstrap', ['--variant=minbase', 'bookworm', cache, mirror], { timeout: 600_000 });
  await writeFile(done, '');
}

/** This machine's own Node and npm, with how npm reaches its registry. */
async function installNode(root: string): Promise<void> {
  // As outside of `npm run`, which puts the repository's Node first and tells npm where to look.
  const own = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => !folder.includes('node_modules'));
  const outside = Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_'));
  const env = { ...Object.fromEntries(outside), PATH: own.join(path.delimiter) };
  const node = (await output('which', ['node'], { env })).trim();
  const npm = (await output('npm', ['root', '--global'], { env })).trim();
  await cp(node, path.join(root, 'usr/bin/node'), { dereference: true });
  await cp(path.join(npm, 'npm'), path.join(root, 'usr/lib/node_modules/npm'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', path.join(root, 'usr/bin/npm'));
  await symlink('../lib/node_modules/npm/bin/npx-cli.js', path.join(root, 'usr/bin/npx'));
  for (const file of ['/etc/resolv.conf', '/etc/hosts']) await cp(file, path.join(root, file), { dereference: true });
  await copyNpmSettings(root, env);
}

async function copyNpmSettings(root: string, env: NodeJS.ProcessEnv): Promise<void> {
  const settings = JSON.parse(await output('npm', ['config', 'ls', '--json'], { env })) as Record<string, unknown>;
  const { registry, cafile, userconfig } = settings;
  const lines = [`registry=${registry}`];
  if (typeof cafile === 'string') {
    await mkdir(path.join(root, path.dirname(cafile)), { recursive: true });
    await cp(cafile, path.join(root, cafile), { dereference: true });
    lines.push(`cafile=${cafile}`);
  }
  // Credentials of a private registry, where the machine has any.
  const own = typeof userconfig === 'string' ? await readFile(userconfig, 'utf8').catch(() => '') : '';
  lines.push(...own.split('\n').filter((line) => line.startsWith('//')));
  await writeFile(path.join(root, 'root/.npmrc'), `${lines.join('\n')}\n`, { mode: 0o600 });
}
