import { findBaseImage } from './base-images.ts';
import { ImageFolder } from './image-folder.ts';
import type { LocalImages } from './local-image.ts';

/** The images that are built in a folder, and those that programs of this machine stand for. @param folder absolute */
export function localImages(folder: string): LocalImages {
  const built = new ImageFolder(folder);
  return { find: (reference) => built.find(reference) ?? findBaseImage(reference, folder) };
}
