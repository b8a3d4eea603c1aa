import fs from 'node:fs';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';

interface ContainerConfig {
  readonly Config: { readonly Labels: Readonly<Record<string, string>> | null };
}

/** Milliseconds from look to look for new containers and files. */
const beat = 50;

/**
 * What dockerd has kept of the output of a namespace's containers, read from its own files. They are opened as soon as they
 * are there, as the kubelet deletes those of pods that are gone, and dockerd the oldest of those that it rotates.
 */
export class ContainerLogs {
  readonly #folder: string;
  readonly #namespace: string;
  /** Open files by inode, oldest first, of each container; none of those that are others'. */
  readonly #open = new Map<string, Map<number, number> | undefined>();
  readonly #timer: NodeJS.Timeout;

  /** @param dataRoot dockerd's */
  constructor(dataRoot: string, namespace: string) {
    this.#folder = path.join(dataRoot, 'containers');
    this.#namespace = namespace;
    this.#look();
    this.#timer = setInterval(() => this.#look(), beat);
  }

  /** How many files dockerd has begun. */
  get files(): number {
    return this.#containers().reduce((sum, files) => sum + files.size, 0);
  }

  /** The numbered lines of each container, oldest first. */
  lines(): string[][] {
    const all = this.#containers().map((files) => [...files.values()].flatMap((file) => numberedLines(readAll(file))));
    return all.filter((lines) => lines.length > 0);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const files of this.#containers()) for (const file of files.values()) fs.closeSync(file);
    this.#open.clear();
  }

  #containers(): ReadonlyMap<number, number>[] {
    return [...this.#open.values()].filter((files) => files !== undefined);
  }

  #look(): void {
    for (const id of fs.readdirSync(this.#folder)) {
      try {
        if (!this.#open.has(id)) this.#open.set(id, this.#isOurs(id) ? new Map() : undefined);
        const files = this.#open.get(id);
        if (files) openNew(path.join(this.#folder, id), `${id}-json.log`, files);
      } catch {
        // It is being made, and has no file yet; or it is gone.
      }
    }
  }

  #isOurs(id: string): boolean {
    const text = fs.readFileSync(path.join(this.#folder, id, 'config.v2.json'), 'utf8');
    const labels = (JSON.parse(text) as ContainerConfig).Config.Labels ?? {};
    return labels['io.kubernetes.pod.namespace'] === this.#namespace;
  }
}

/** Opens the files that are new, oldest first: dockerd adds a number to the names of those that it has ended, and counts up. */
function openNew(folder: string, name: string, files: Map<number, number>): void {
  const numberOf = (entry: string) => Number(entry.slice(name.length + 1) || 0);
  const entries = fs.readdirSync(folder).filter((entry) => entry.startsWith(name));
  for (const entry of entries.sort((one, other) => numberOf(other) - numberOf(one))) {
    const file = fs.openSync(path.join(folder, entry), 'r');
    const { ino } = fs.fstatSync(file);
    // Rotation may have moved it since the folder was read: the number of the file itself is what tells.
    if (files.has(ino)) fs.closeSync(file);
    else files.set(ino, file);
  }
}

function readAll(file: number): string {
  const bytes = Buffer.alloc(fs.fstatSync(file).size);
  return bytes.subarray(0, fs.readSync(file, bytes, 0, bytes.length, 0)).toString('utf8');
}

function numberedLines(text: string): string[] {
  const whole = text.split('\n').slice(0, -1);
  return whole.map((line) => String(JSON.parse(line).log).trimEnd()).filter(isNumbered);
}

/** Is it one of those that the program of the fixture writes twenty of each second? */
export const isNumbered = (text: string): boolean => text.startsWith('line ');
