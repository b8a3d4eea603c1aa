import type { Duplex } from 'node:stream';
import type { LiveChange, LiveContainer, LiveDigest, RunnerKind } from '../engine/outside.ts';
import { encodeLine } from '../lib/shell-words.ts';
import type { Clock } from '../model/clock.ts';
import { messageOf, outsideFault } from '../model/errors.ts';
import { brokenFault, refusalFault, writeFault } from './container-faults.ts';
import type { ProtocolReader } from './protocol/reader.ts';

/** Milliseconds between two signs of life, and how long one is waited for. */
const heartbeat = 10_000;
/** Small changes go out together, in pieces of about so many bytes; large files in pieces of that size. */
const pieceSize = 64 * 1024;

export interface Way {
  readonly stream: Duplex;
  /** Stands behind the runner's hello. */
  readonly reader: ProtocolReader;
  readonly runner: RunnerKind;
  /** What the runner's hello said; empty when nothing was kept. */
  readonly mark: string;
  /** Named in messages. */
  readonly pod: string;
  readonly clock: Clock;
}

/** What a request was answered. */
type Answer = { readonly ok: true; readonly words: string[] } | { readonly ok: false; code: string; message: string };

interface Pending {
  readonly kind: string;
  readonly onLine?: ((line: string) => void) | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** The client of a runner that has said hello. */
export class ContainerClient implements LiveContainer {
  readonly closed: Promise<void>;
  #mark: string | undefined;
  readonly #way: Way;
  readonly #pending = new Map<string, Pending>();
  #lastId = 0;
  /** Settles when all that was asked for before has been sent. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Settles when the command or restart that holds up later requests has been answered. */
  #barrier: Promise<unknown> = Promise.resolve();
  /** Settles when nobody is half through a request. */
  #wire: Promise<unknown> = Promise.resolve();
  #broken: Error | undefined;
  #heard = true;
  #asked = false;
  #cancelBeat: () => void = () => undefined;

  constructor(way: Way) {
    this.#way = way;
    this.#mark = way.mark || undefined;
    way.stream.on('error', () => undefined);
    this.closed = this.#read();
    this.#beat();
  }

  get mark(): string | undefined {
    return this.#mark;
  }

  async apply(changes: readonly LiveChange[]): Promise<void> {
    const answers: Promise<Answer>[] = [];
    let piece: Buffer[] = [];
    let size = 0;
    const send = () => {
      if (piece.length > 0) this.#send('change', piece);
      piece = [];
      size = 0;
    };
    for (const change of changes) {
      const { id, answer } = this.#expect(change.kind);
      answers.push(answer);
      const parts = requestOf(id, change);
      piece.push(...parts);
      size += parts.reduce((sum, part) => sum + part.length, 0);
      if (size >= pieceSize) send();
    }
    send();
    const failed = (await Promise.all(answers)).flatMap((answer, index) => {
      const change = changes[index];
      return answer.ok || !change ? [] : [{ path: change.path, ...answer }];
    });
    if (failed[0]) throw writeFault(this.#way.pod, failed[0], failed.slice(1));
  }

  async run(command: readonly string[], onLine: (line: string) => void): Promise<number> {
    const answer = await this.#ask(['run', ...command], onLine);
    if (!answer.ok) throw refusalFault(`Cannot run ${command[0]} in pod ${this.#way.pod}`, answer);
    return Number(answer.words[0]);
  }

  async restart(): Promise<void> {
    const answer = await this.#ask(['restart']);
    if (!answer.ok) throw refusalFault(`Cannot restart the program in pod ${this.#way.pod}`, answer);
  }

  async standBy(ahead: string | undefined): Promise<void> {
    if (this.#way.runner !== 'node') return;
    const answer = await this.#ask(['standby', ahead ?? '']);
    if (!answer.ok) throw refusalFault(`Cannot start a process ahead in pod ${this.#way.pod}`, answer);
  }

  async listening(port: number, timeout: number, path?: string): Promise<boolean | undefined> {
    const answer = await this.#ask(['listening', port, Math.round(timeout), path ?? '']);
    if (!answer.ok) throw refusalFault(`Cannot look at port ${port} in pod ${this.#way.pod}`, answer);
    const [word] = answer.words;
    return word === 'unknown' ? undefined : word === 'yes';
  }

  async setMark(mark: string): Promise<void> {
    const answer = await this.#ask(['mark', mark]);
    if (!answer.ok) throw refusalFault(`Cannot leave a note in pod ${this.#way.pod}`, answer);
    this.#mark = mark || undefined;
  }

  async digests(paths: readonly string[]): Promise<readonly LiveDigest[]> {
    const answers = await Promise.all(paths.map((path) => this.#ask(['digest', path])));
    return answers.map((answer, index) => {
      if (!answer.ok) throw refusalFault(`Cannot read ${paths[index]} in pod ${this.#way.pod}`, answer);
      return digestOf(answer.words);
    });
  }

  close(): void {
    this.#way.stream.destroy();
  }

  #ask(words: readonly (string | number)[], onLine?: (line: string) => void): Promise<Answer> {
    const [kind] = words;
    const { id, answer } = this.#expect(String(kind), onLine);
    let line: Buffer;
    try {
      line = encodeLine([id, ...words]);
    } catch (error) {
      this.#pending.delete(id);
      return Promise.reject(error);
    }
    if (kind === 'ping') this.#write([line]);
    else this.#send(String(kind), [line], answer);
    return answer;
  }

  #expect(kind: string, onLine?: (line: string) => void): { id: string; answer: Promise<Answer> } {
    this.#lastId += 1;
    const id = String(this.#lastId);
    const answer = new Promise<Answer>((resolve, reject) => {
      if (this.#broken) reject(this.#broken);
      else this.#pending.set(id, { kind, onLine, resolve, reject });
    });
    // It may be rejected before anybody waits for it.
    answer.catch(() => undefined);
    return { id, answer };
  }

  /** Sends a request in its turn. The runner must stay free to answer pings: nothing follows a command until its end. */
  #send(kind: string, parts: readonly Buffer[], answer?: Promise<Answer>): void {
    const before = this.#turn;
    const send = async () => {
      await before;
      if (kind !== 'listening') await this.#barrier;
      await this.#write(parts);
      if (kind === 'run' || kind === 'restart') this.#barrier = answer?.catch(() => undefined) ?? this.#barrier;
    };
    this.#turn = send();
  }

  /** Resolves when the stream takes more, or has ended. */
  #write(parts: readonly Buffer[]): Promise<unknown> {
    const before = this.#wire;
    this.#wire = (async () => {
      await before;
      for (const piece of piecesOf(parts)) {
        const { stream } = this.#way;
        if (stream.destroyed || !stream.writable) return;
        if (stream.write(piece)) continue;
        await new Promise<void>((resolve) => {
          const go = () => {
            stream.off('drain', go);
            stream.off('close', go);
            resolve();
          };
          stream.on('drain', go);
          stream.on('close', go);
        });
        this.#heard = true;
      }
    })();
    return this.#wire;
  }

  async #read(): Promise<void> {
    const { reader, stream, pod } = this.#way;
    let why = 'the container has ended, or its connection was cut';
    try {
      for (let line = await reader.line(); line; line = await reader.line()) this.#take(line);
    } catch (error) {
      why = stream.errored ? messageOf(stream.errored) : messageOf(error);
    }
    this.#broken = brokenFault(pod, why);
    this.#cancelBeat();
    stream.destroy();
    for (const { reject } of this.#pending.values()) reject(this.#broken);
    this.#pending.clear();
  }

  #take([id = '', kind = '', ...words]: readonly string[]): void {
    this.#heard = true;
    const pending = this.#pending.get(id);
    if (!pending) throw new Error('the runner answered what nobody asked');
    if (kind === 'line') {
      pending.onLine?.(words[0] ?? '');
      return;
    }
    this.#pending.delete(id);
    if (kind === 'ok') pending.resolve({ ok: true, words: words.slice(1) });
    else pending.resolve({ ok: false, code: words[0] ?? 'FAILED', message: words[1] || 'the runner gives no reason' });
  }

  #beat(): void {
    const { clock, runner, stream } = this.#way;
    if (this.#asked && !this.#heard) {
      stream.destroy(new Error(`nothing was heard for ${heartbeat / 1000} seconds`));
      return;
    }
    this.#heard = false;
    // The shell does one thing at a time.
    this.#asked = runner === 'node' || ![...this.#pending.values()].some(({ kind }) => kind === 'run');
    if (this.#asked) this.#ask(['ping']).catch(() => undefined);
    this.#cancelBeat = clock.after(heartbeat, () => this.#beat());
  }
}

function requestOf(id: string, change: LiveChange): Buffer[] {
  switch (change.kind) {
    case 'file': {
      const { buffer, byteOffset, byteLength } = change.content;
      const head = encodeLine([id, 'file', change.mode.toString(8), byteLength, change.path]);
      return [head, Buffer.from(buffer, byteOffset, byteLength)];
    }
    case 'link':
      return [encodeLine([id, 'link', change.path, change.target])];
    case 'delete':
      return [encodeLine([id, 'delete', change.path])];
  }
}

/** Small parts together, large ones in slices. */
function* piecesOf(parts: readonly Buffer[]): Generator<Buffer> {
  let small: Buffer[] = [];
  for (const part of parts) {
    if (part.length < pieceSize) {
      small.push(part);
      continue;
    }
    if (small.length > 0) yield Buffer.concat(small);
    small = [];
    for (let at = 0; at < part.length; at += pieceSize) yield part.subarray(at, at + pieceSize);
  }
  if (small.length > 0) yield Buffer.concat(small);
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
