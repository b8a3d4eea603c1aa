import type { Duplex } from 'node:stream';
import type { LiveChange, RunnerKind } from '../engine/outside.ts';
import { encodeLine } from '../lib/shell-words.ts';
import type { Clock } from '../model/clock.ts';
import { messageOf } from '../model/errors.ts';
import { changeRequest } from './change-request.ts';
import { brokenFault } from './container-faults.ts';
import { PieceWriter, pieceSize } from './piece-writer.ts';
import type { ProtocolReader } from './protocol/reader.ts';

/** Milliseconds between two signs of life, and how long one is waited for. */
const heartbeat = 10_000;

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
export type Answer =
  | { readonly ok: true; readonly words: string[] }
  | { readonly ok: false; code: string; message: string };

interface Pending {
  readonly kind: string;
  readonly onLine?: ((line: string) => void) | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** What is asked of a runner that has said hello, and what it answers: one connection, many requests. */
export class RunnerRequests {
  /** Resolves when the connection or the container has ended; what has no answer then is rejected. */
  readonly closed: Promise<void>;
  readonly #way: Way;
  readonly #pending = new Map<string, Pending>();
  #lastId = 0;
  /** Settles when all that was asked for before has been sent. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Settles when the command or restart that holds up later requests has been answered. */
  #barrier: Promise<unknown> = Promise.resolve();
  readonly #writer: PieceWriter;
  #broken: Error | undefined;
  #heard = true;
  #asked = false;
  #cancelBeat: () => void = () => undefined;

  constructor(way: Way) {
    this.#way = way;
    this.#writer = new PieceWriter(way.stream, () => {
      this.#heard = true;
    });
    way.stream.on('error', () => undefined);
    this.closed = this.#read();
    this.#beat();
  }

  /** @param words the kind of the request, and what it takes */
  ask(words: readonly (string | number)[], onLine?: (line: string) => void): Promise<Answer> {
    const [kind] = words;
    const { id, answer } = this.#expect(String(kind), onLine);
    let line: Buffer;
    try {
      line = encodeLine([id, ...words]);
    } catch (error) {
      this.#pending.delete(id);
      return Promise.reject(error);
    }
    if (kind === 'ping') this.#writer.write([line]);
    else this.#send(String(kind), [line], answer);
    return answer;
  }

  /** Asks for changes, many in a piece. @returns the answers in their order */
  change(changes: readonly LiveChange[]): Promise<Answer[]> {
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
      const parts = changeRequest(id, change);
      piece.push(...parts);
      size += parts.reduce((sum, part) => sum + part.length, 0);
      if (size >= pieceSize) send();
    }
    send();
    return Promise.all(answers);
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
      await this.#writer.write(parts);
      if (kind === 'run' || kind === 'restart') this.#barrier = answer?.catch(() => undefined) ?? this.#barrier;
    };
    this.#turn = send();
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
    if (this.#asked) this.ask(['ping']).catch(() => undefined);
    this.#cancelBeat = clock.after(heartbeat, () => this.#beat());
  }
}
