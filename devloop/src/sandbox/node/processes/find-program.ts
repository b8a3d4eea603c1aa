import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Why a program did not start, in the words of the container runtime. */
export class StartError extends Error {
  /** 127: there is no such program; 126: it cannot be run. */
  readonly exitCode: 126 | 127;

  constructor(exitCode: 126 | 127, message: string) {
    super(message);
    this.name = 'StartError';
    this.exitCode = exitCode;
  }
}

/**
 * The file that a program's name stands for, as a container runtime looks it up.
 * @param searchPath a PATH
 * @param folder where the program starts; a name with a slash is relative to it
 * @throws StartError in runc's words (https://github.com/opencontainers/runc/blob/v1.0.0-rc92/libcontainer/standard_init_linux.go)
 */
export function findProgram(name: string, searchPath: string, folder: string): string {
  if (name.includes('/')) {
    const file = path.resolve(folder, name);
    const state = stateOf(file);
    if (state === 'absent') throw new StartError(127, `exec: "${name}": stat ${name}: no such file or directory`);
    if (state === 'locked') throw new StartError(126, `exec: "${name}": permission denied`);
    return file;
  }
  for (const place of searchPath.split(path.delimiter).filter(Boolean)) {
    const file = path.resolve(folder, place, name);
    if (stateOf(file) === 'runs') return file;
  }
  throw new StartError(127, `exec: "${name}": executable file not found in $PATH`);
}

function stateOf(file: string): 'absent' | 'locked' | 'runs' {
  try {
    if (statSync(file).isDirectory()) return 'locked';
  } catch {
    return 'absent';
  }
  try {
    accessSync(file, constants.X_OK);
    return 'runs';
  } catch {
    return 'locked';
  }
}
