import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';

/**
 * Makes the file of a hold, unless somebody has it.
 * @param text who takes it
 * @throws the system's error when it cannot be written
 */
export async function makeHold(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // On a full disk the file is made before its text fails.
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') await rm(file, { force: true });
    throw error;
  }
}

/** What stands in the file of a hold; empty when it is gone, or is just being written. */
export const readHold = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

/**
 * Removes the hold of a process that has died. Of several that find it, one does so: the others would remove the hold
 * that the first one takes next.
 * @param holder what stood in it
 * @param late whoever else removes it has had time enough
 * @returns whether it was this one
 */
export async function removeHold(file: string, holder: string, late: boolean): Promise<boolean> {
  const guard = `${file}.removing`;
  // Whoever made it has died over it: it is there for two calls of the system.
  if (late) await rm(guard, { recursive: true, force: true });
  try {
    await mkdir(guard);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
  if ((await readHold(file)) === holder) await rm(file, { recursive: true, force: true });
  await rm(guard, { recursive: true, force: true });
  return true;
}
