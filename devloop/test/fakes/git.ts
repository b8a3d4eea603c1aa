import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const settings = ['user.name=test', 'user.email=test@localhost', 'commit.gpgsign=false', 'rerere.enabled=false'];
const options = settings.flatMap((setting) => ['-c', setting]);
/** Not this machine's configuration, and no repository around this one. */
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GIT_EDITOR: 'true' };

/** Runs git to its end, and nothing else meanwhile. */
export const gitSync = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', [...options, ...args], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });

/** Runs git while the rest goes on. @returns its exit code */
export const git = (folder: string, ...args: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn('git', [...options, ...args], { cwd: folder, env, stdio: 'ignore' });
    child.on('error', reject).on('close', (code) => resolve(code ?? -1));
  });

/** Writes files and commits all that there is. */
export async function commit(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--message', 'files');
}

/** A new repository on the branch `main`; what the tests write themselves is left out. */
export async function initGit(folder: string): Promise<void> {
  await git(folder, 'init', '--quiet', '--initial-branch', 'main');
  writeFileSync(path.join(folder, '.git/info/exclude'), '.fence\n');
}
