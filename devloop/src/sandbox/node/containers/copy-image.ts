import { constants } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { manifestName } from '../../images/image-folder.ts';

/**
 * Makes a folder a copy of an image's, whatever was there: a container that is started again is as its image again.
 * Links stay links, such as the one to the project's packages.
 */
export async function copyImage(image: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(image, to, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    // It has the token.
    filter: (file) => file !== path.join(image, manifestName),
  });
}
