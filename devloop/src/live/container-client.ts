import type { LiveChange, LiveContainer, LiveDigest } from '../engine/outside.ts';
import { outsideFault } from '../model/errors.ts';
import { refusalFault, writeFault } from './container-faults.ts';
import { RunnerRequests, type Way } from './runner-requests.ts';

/** The client of a runner that has said hello. */
export class ContainerClient implements LiveContainer {
  readonly closed: Promise<void>;
  readonly #way: Way;
  readonly #requests: RunnerRequests;
  #mark: string | undefined;

  constructor(way: Way) {
    this.#way = way;
    this.#requests = new RunnerRequests(way);
    this.closed = this.#requests.closed;
    this.#mark = way.mark || undefined;
  }

  get mark(): string | undefined {
    return this.#mark;
  }

  async apply(changes: readonly LiveChange[]): Promise<void> {
    const failed = (await this.#requests.change(changes)).flatMap((answer, index) => {
      const change = changes[index];
      return answer.ok || !change ? [] : [{ path: change.path, ...answer }];
    });
    if (failed[0]) throw writeFault(this.#way.pod, failed[0], failed.slice(1));
  }

  async run(command: readonly string[], onLine: (line: string) => void): Promise<number> {
    const answer = await this.#requests.ask(['run', ...command], onLine);
    if (!answer.ok) throw refusalFault(`Cannot run ${command[0]} in pod ${this.#way.pod}`, answer);
    return Number(answer.words[0]);
  }

  async restart(): Promise<void> {
    const answer = await this.#requests.ask(['restart']);
    if (!answer.ok) throw refusalFault(`Cannot restart the program in pod ${this.#way.pod}`, answer);
  }

  async standBy(ahead: string | undefined): Promise<void> {
    if (this.#way.runner !== 'node') return;
    const answer = await this.#requests.ask(['standby', ahead ?? '']);
    if (!answer.ok) throw refusalFault(`Cannot start a process ahead in pod ${this.#way.pod}`, answer);
  }

  async listening(port: number, timeout: number, path?: string): Promise<boolean | undefined> {
    const answer = await this.#requests.ask(['listening', port, Math.round(timeout), path ?? '']);
    if (!answer.ok) throw refusalFault(`Cannot look at port ${port} in pod ${this.#way.pod}`, answer);
    const [word] = answer.words;
    return word === 'unknown' ? undefined : word === 'yes';
  }

  async setMark(mark: string): Promise<void> {
    const answer = await this.#requests.ask(['mark', mark]);
    if (!answer.ok) throw refusalFault(`Cannot leave a note in pod ${this.#way.pod}`, answer);
    this.#mark = mark || undefined;
  }

  async digests(paths: readonly string[]): Promise<readonly LiveDigest[]> {
    const answers = await Promise.all(paths.map((path) => this.#requests.ask(['digest', path])));
    return answers.map((answer, index) => {
      if (!answer.ok) throw refusalFault(`Cannot read ${paths[index]} in pod ${this.#way.pod}`, answer);
      return digestOf(answer.words);
    });
  }

  close(): void {
    this.#way.stream.destroy();
  }
}

function digestOf([kind, first = '', second = '']: readonly string[]): LiveDigest {
  switch (kind) {
    case 'file':
      return { kind, mode: Number.parseInt(first, 8), sha256: second };
    case 'link':
      return { kind, target: first };
    case 'folder':
    case 'missing':
      return { kind };
    default:
      throw outsideFault({ title: 'A container gave a broken answer', why: `${kind} is no kind of file` });
  }
}
