import fs from 'node:fs';
import path from 'node:path';
import type { Random } from './random.ts';

/** The program's own files stay, so that it can start. */
const kept = ['server.mjs', 'list-files.mjs', 'text.txt'];
/** They are few, so that what was a file comes back as a folder or a link. */
export const names: readonly string[] = Array.from({ length: 25 }, (_, index) => `name ${index}`);

/** The folder that is edited; paths are relative to it. */
export class SoakFolder {
  readonly #root: string;

  /** @param root absolute */
  constructor(root: string) {
    this.#root = root;
  }

  at(file: string): string {
    return path.join(this.#root, file);
  }

  write(file: string, content: string | Buffer): void {
    fs.mkdirSync(path.dirname(this.at(file)), { recursive: true });
    fs.writeFileSync(this.at(file), content);
  }

  link(file: string, target: string): void {
    fs.mkdirSync(path.dirname(this.at(file)), { recursive: true });
    fs.symlinkSync(target, this.at(file));
  }

  move(from: string, to: string): void {
    fs.renameSync(this.at(from), this.at(to));
  }

  remove(file: string): void {
    fs.rmSync(this.at(file), { recursive: true });
  }

  /** The files and links that may go. */
  entries(): string[] {
    return this.#list((entry) => !entry.isDirectory()).filter((file) => !kept.includes(file));
  }

  files(): string[] {
    return this.entries().filter((file) => fs.lstatSync(this.at(file)).isFile());
  }

  folders(): string[] {
    return this.#list((entry) => entry.isDirectory());
  }

  /** The files and links below a folder. */
  inside(folder: string): string[] {
    return this.entries().filter((file) => file.startsWith(`${folder}/`));
  }

  /** A path of at most four parts where nothing is yet; undefined when what was picked is there. */
  freeName(random: Random): string | undefined {
    const folder = random.pick(['', '', ...this.folders().filter((one) => one.split('/').length < 4)]);
    const file = path.join(folder ?? '', random.pick(names) ?? '');
    return fs.lstatSync(this.at(file), { throwIfNoEntry: false }) ? undefined : file;
  }

  /** Links are not followed. */
  #list(isWanted: (entry: fs.Dirent) => boolean, folder = ''): string[] {
    const entries = fs.readdirSync(this.at(folder), { withFileTypes: true });
    const found = entries.flatMap((entry) => {
      const file = path.join(folder, entry.name);
      return [...(isWanted(entry) ? [file] : []), ...(entry.isDirectory() ? this.#list(isWanted, file) : [])];
    });
    return found.sort();
  }
}
