import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { output, run } from './command.ts';

export type ToolName = 'Chromium' | 'tmux';

interface Tool {
  readonly name: ToolName;
  /** The names under which systems have it. */
  readonly commands: readonly string[];
  /** Debian's package. */
  readonly package: string;
}

const chromium: Tool = {
  name: 'Chromium',
  commands: ['chromium', 'chromium-browser', 'google-chrome'],
  package: 'chromium',
};
const tmux: Tool = { name: 'tmux', commands: ['tmux'], package: 'tmux' };

/** The programs that scenarios drive: installs those that a root Debian lacks, and fails elsewhere. */
export async function ensureTools(): Promise<void> {
  for (const tool of [chromium, tmux]) {
    if (await find(tool)) continue;
    if (!(await isRootDebian())) throw new Error(`${tool.name} is not installed. Install it and run this again.`);
    process.stderr.write(`e2e: installing ${tool.package}\n`);
    await output('apt-get', ['update', '-qq'], { timeout: 300_000 });
    const install = ['install', '-y', '-qq', '--no-install-recommends', tool.package];
    await output('apt-get', install, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 600_000 });
  }
}

/** Whether this machine has a program. */
export const hasTool = async (name: ToolName): Promise<boolean> =>
  (await find(name === 'tmux' ? tmux : chromium)) !== undefined;

/** The path of the browser. */
export async function browserPath(): Promise<string> {
  const file = await find(chromium);
  if (!file) throw new Error('Chromium is not installed: `npm run e2e` installs it on Debian.');
  return file;
}

async function find({ commands }: Tool): Promise<string | undefined> {
  for (const command of commands) {
    const found = await run('which', [command]);
    if (found.code === 0) return found.stdout.trim();
  }
  return undefined;
}

async function isRootDebian(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return os.userInfo().uid === 0 && /^ID=debian$/m.test(release);
}
