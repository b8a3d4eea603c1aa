import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.ts';
import { names, SoakFolder } from './soak-folder.ts';

/** What an edit has done. */
export interface MadeEdit {
  readonly what: string;
  /** The files that devloop has to have heard of, relative to the folder. */
  readonly touched: readonly string[];
}

/** With more files than these a folder goes. */
const mostFiles = 150;

/** Random edits of a folder. */
export class SoakEdits {
  /** What the program has to answer with. */
  marker = 'first';
  readonly #folder: SoakFolder;
  readonly #random: Random;
  #markers = 0;
  /** One that is not possible now makes nothing. */
  readonly #kinds: readonly (() => MadeEdit | undefined | Promise<MadeEdit>)[] = [
    () => this.#save(),
    () => this.#burst(),
    () => this.#add(),
    () => this.#change(),
    () => this.#delete(),
    () => this.#rename(),
    () => this.#setMode(),
    () => this.#link(),
    () => this.#addFolder(),
    () => this.#renameFolder(),
    () => this.#deleteFolder(),
    () => this.#swap(),
  ];

  /** @param folder absolute */
  constructor(folder: string, random: Random) {
    this.#folder = new SoakFolder(folder);
    this.#random = random;
  }

  async make(): Promise<MadeEdit> {
    const isFull = this.#folder.entries().length > mostFiles;
    const made = isFull ? this.#deleteFolder() : await this.#random.pick(this.#kinds)?.();
    return made ?? this.#save();
  }

  #save(): MadeEdit {
    this.#markers += 1;
    this.marker = `text ${this.#markers}`;
    this.#folder.write('text.txt', this.marker);
    return { what: 'a new text', touched: ['text.txt'] };
  }

  async #burst(): Promise<MadeEdit> {
    this.#save();
    await sleep(5);
    return { ...this.#save(), what: 'two saves' };
  }

  #add(): MadeEdit | undefined {
    const file = this.#folder.freeName(this.#random);
    if (file === undefined) return undefined;
    this.#folder.write(file, this.#content());
    return { what: 'a new file', touched: [file] };
  }

  #change(): MadeEdit | undefined {
    const file = this.#random.pick(this.#folder.files());
    if (file === undefined) return undefined;
    this.#folder.write(file, this.#content());
    return { what: 'a changed file', touched: [file] };
  }

  #delete(): MadeEdit | undefined {
    const file = this.#random.pick(this.#folder.entries());
    if (file === undefined) return undefined;
    this.#folder.remove(file);
    return { what: 'a deleted file', touched: [file] };
  }

  #rename(): MadeEdit | undefined {
    const file = this.#random.pick(this.#folder.entries());
    const to = this.#folder.freeName(this.#random);
    if (file === undefined || to === undefined) return undefined;
    this.#folder.move(file, to);
    return { what: 'a renamed file', touched: [file, to] };
  }

  #setMode(): MadeEdit | undefined {
    const file = this.#random.pick(this.#folder.files());
    if (file === undefined) return undefined;
    const before = fs.statSync(this.#folder.at(file)).mode & 0o777;
    const mode = this.#random.pick([0o644, 0o755, 0o600, 0o444].filter((one) => one !== before)) ?? 0o644;
    fs.chmodSync(this.#folder.at(file), mode);
    return { what: 'another mode', touched: [file] };
  }

  #link(): MadeEdit | undefined {
    const link = this.#folder.freeName(this.#random);
    if (link === undefined) return undefined;
    this.#folder.link(link, this.#random.pick([...names, '../src/text.txt', 'nowhere']) ?? '');
    return { what: 'a new link', touched: [link] };
  }

  #addFolder(): MadeEdit | undefined {
    const folder = this.#folder.freeName(this.#random);
    if (folder === undefined) return undefined;
    const touched = names.slice(0, 2 + this.#random.below(8)).map((name) => `${folder}/${name}`);
    for (const file of touched) this.#folder.write(file, this.#content());
    return { what: 'a new folder', touched };
  }

  #renameFolder(): MadeEdit | undefined {
    const folder = this.#random.pick(this.#folder.folders());
    const to = this.#folder.freeName(this.#random);
    if (folder === undefined || to === undefined || to.startsWith(`${folder}/`)) return undefined;
    const before = this.#folder.inside(folder);
    this.#folder.move(folder, to);
    return before.length === 0
      ? undefined
      : { what: 'a renamed folder', touched: [...before, ...this.#folder.inside(to)] };
  }

  #deleteFolder(): MadeEdit | undefined {
    const folder = this.#random.pick(this.#folder.folders());
    const touched = folder === undefined ? [] : this.#folder.inside(folder);
    if (folder === undefined || touched.length === 0) return undefined;
    this.#folder.remove(folder);
    return { what: 'a deleted folder', touched };
  }

  /** A file becomes a folder, or a folder a file. */
  #swap(): MadeEdit | undefined {
    const folders = this.#folder.folders();
    const entry = this.#random.pick([...this.#folder.entries(), ...folders]);
    if (entry === undefined) return undefined;
    const isFolder = folders.includes(entry);
    const file = isFolder ? entry : `${entry}/${names[0]}`;
    this.#folder.remove(entry);
    this.#folder.write(file, this.#content());
    return { what: isFolder ? 'a folder became a file' : 'a file became a folder', touched: [file] };
  }

  /** Never the same twice; now and then large. */
  #content(): Buffer {
    const size = this.#random.below(20) === 0 ? 1_000_000 : this.#random.below(5000);
    return randomBytes(size + 8);
  }
}
