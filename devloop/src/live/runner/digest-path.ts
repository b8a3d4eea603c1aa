import fs from 'node:fs';
import { codeOf } from './system-error.ts';

/** What is at a path, as the words of an answer. */
export async function digestPath(file: string): Promise<string[]> {
  try {
    const stats = fs.lstatSync(file);
    if (stats.isSymbolicLink()) return ['link', fs.readlinkSync(file)];
    if (stats.isDirectory()) return ['folder'];
    if (!stats.isFile()) throw new Error('neither a file, a link nor a folder');
    return ['file', (stats.mode & 0o7777).toString(8), await sha256(file)];
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return ['missing'];
    throw error;
  }
}

async function sha256(file: string): Promise<string> {
  // Not at the top: the program is started first.
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
