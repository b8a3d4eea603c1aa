import fs from 'node:fs';
import path from 'node:path';
import { codeOf } from './system-error.ts';

/**
 * Opens a file to be written from its start: in place where that is possible, so that watchers of the file see it
 * change; else as a new one. Folders above it are made.
 */
export function openFile(file: string, mode: number): number {
  clear(file, (stats) => !stats.isFile());
  try {
    return openInPlace(file, mode);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') {
      makeFolder(path.dirname(file));
      return openInPlace(file, mode);
    }
    // Another user's file in a folder that we may write, or a program that runs.
    if (!['EACCES', 'EPERM', 'ETXTBSY'].includes(codeOf(error))) throw error;
    try {
      fs.unlinkSync(file);
    } catch {
      throw error;
    }
    return openInPlace(file, mode);
  }
}

export function writeLink(file: string, target: string): void {
  makeFolder(path.dirname(file));
  clear(file, () => true);
  fs.symlinkSync(target, file);
}

export function deletePath(file: string): void {
  try {
    clear(file, () => true);
  } catch (error) {
    if (codeOf(error) !== 'ENOTDIR') throw error;
  }
}

function openInPlace(file: string, mode: number): number {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = fs.constants;
  const opened = fs.openSync(file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode);
  try {
    if ((fs.fstatSync(opened).mode & 0o7777) !== mode) fs.fchmodSync(opened, mode);
    return opened;
  } catch (error) {
    fs.closeSync(opened);
    throw error;
  }
}

/** Makes a folder and those above it; a file that stands where a folder is needed goes. */
function makeFolder(folder: string): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = path.dirname(folder);
  if (above !== folder) makeFolder(above);
  clear(folder, () => true);
  fs.mkdirSync(folder);
}

/** Removes what is at a path when it is so. */
function clear(file: string, is: (stats: fs.Stats) => boolean): void {
  const stats = lookAt(file);
  if (!stats || !is(stats)) return;
  if (path.dirname(file) === file) throw new Error('this is the whole file system');
  fs.rmSync(file, { recursive: true, force: true });
}

function lookAt(file: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
