import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isoTime } from '../lib/time-text.ts';
import type { ProjectSpec } from '../model/project.ts';
import { stateFolder } from './state-folder.ts';

/**
 * Writes a text into a new file of the project's state folder, which only its owner reads: logs may hold secrets.
 * @param at epoch milliseconds; the file has it in its name
 * @returns the file's path
 */
export async function saveLog(project: ProjectSpec, text: string, at: number): Promise<string> {
  const folder = await stateFolder(project, 'logs');
  const time = isoTime(at).replaceAll(/[:.]/g, '-').replace('T', '_').replace('Z', '');
  const file = path.join(folder, `${time}.log`);
  await writeFile(file, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}
