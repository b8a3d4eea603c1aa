import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
// The one place of the sandbox that reaches for the process: signals to groups go no other way.
import { kill } from 'node:process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Signals one process and nothing that it started. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** Signals a process group. @returns false when it has no process any more */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

/** The fields of `/proc/<pid>/stat` behind the name, which may have blanks and brackets itself. */
export function statFields(pid: number | string): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/**
 * What tells a process from a later one of the same id: its start time, in the system's own words. Undefined when there
 * is no such process.
 */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  if (platform() === 'linux') return statFields(pid)?.[19];
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() || undefined;
}
