import fs from 'node:fs';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';

interface ContainerConfig {
  readonly Config: { readonly Labels: Readonly<Record<string, string>> | null };
}

/** Milliseconds from look to look for new containers. */
const beat = 50;

/**
 * What dockerd has kept of the output of a namespace's containers, read from its own files. They are opened as soon as they
 * are there, as the kubelet deletes those of pods that are gone.
 */
export class ContainerLogs {
  readonly #folder: string;
  readonly #namespace: string;
  readonly #open = new Map<string, number | undefined>();
  readonly #timer: NodeJS.Timeout;

  /** @param dataRoot dockerd's */
  constructor(dataRoot: string, namespace: string) {
    this.#folder = path.join(dataRoot, 'containers');
    this.#namespace = namespace;
    this.#look();
    this.#timer = setInterval(() => this.#look(), beat);
  }

  /** The numbered lines of each container, oldest first. */
  lines(): string[][] {
    const files = [...this.#open.values()].filter((file) => file !== undefined);
    return files.map((file) => numberedLines(readAll(file))).filter((lines) => lines.length > 0);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const file of this.#open.values()) if (file !== undefined) fs.closeSync(file);
    this.#open.clear();
  }

  #look(): void {
    for (const id of fs.readdirSync(this.#folder)) {
      if (this.#open.has(id)) continue;
      try {
        const text = fs.readFileSync(path.join(this.#folder, id, 'config.v2.json'), 'utf8');
        const labels = (JSON.parse(text) as ContainerConfig).Config.Labels ?? {};
        const isOurs = labels['io.kubernetes.pod.namespace'] === this.#namespace;
        this.#open.set(id, isOurs ? fs.openSync(path.join(this.#folder, id, `${id}-json.log`), 'r') : undefined);
      } catch {
        // It is being made, and has no file yet; or it is gone.
      }
    }
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
