import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from './processes.ts';

const file = path.join(os.tmpdir(), 'devloop-e2e.lock');

/**
 * Makes this process the only one on the machine that runs scenarios or the benchmark: two would take each other's
 * ports and remove each other's namespaces. Held until the process ends.
 */
export function takeLock(): void {
  try {
    writeFileSync(file, `${process.pid}`, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = Number(readFileSync(file, 'utf8'));
    if (isAlive(holder)) throw new Error(`Another run of e2e or bench is under way (pid ${holder}). Wait for its end.`);
    // A killed run left it.
    rmSync(file);
    writeFileSync(file, `${process.pid}`, { flag: 'wx' });
  }
  process.once('exit', () => rmSync(file, { force: true }));
}
