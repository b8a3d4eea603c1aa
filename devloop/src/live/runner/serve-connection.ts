import fs from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { encodeLine } from '../../lib/shell-words.ts';
import { ProtocolReader } from '../protocol/reader.ts';
import { awaitListening } from './await-listening.ts';
import { deletePath, openFile, writeLink } from './change-files.ts';
import { digestPath } from './digest-path.ts';
import type { Program } from './program.ts';
import type { Commands } from './run-command.ts';
import type { RunnerSettings } from './settings.ts';
import type { Standby } from './standby.ts';
import { describeError } from './system-error.ts';

/** Milliseconds until a connection has to have said who it is. */
const helloTimeout = 5000;
const largestFile = 1024 ** 3;

export interface Served {
  readonly settings: RunnerSettings;
  readonly program: Program;
  readonly standby: Standby;
  readonly commands: Commands;
  /** What a client has left here for the next one. */
  mark: string;
  /** How many clients are connected. */
  clients: number;
}

/** Serves one client until its connection ends, or it breaks the protocol. */
export async function serveConnection(socket: Socket, served: Served): Promise<void> {
  const ended = new AbortController();
  socket.on('error', () => undefined);
  socket.once('close', () => ended.abort());
  socket.setNoDelay(true);
  const timer = setTimeout(() => socket.destroy(), helloTimeout);
  try {
    const reader = new ProtocolReader(socket);
    const hello = await reader.line();
    clearTimeout(timer);
    const refused = hello && refusalOf(hello, served.settings);
    if (refused) socket.end(encodeLine(['refused', refused]));
    else if (hello) {
      socket.write(encodeLine(['hello', 1, 'node', served.mark]));
      await serveClient(new Requests(socket, reader, served, ended.signal), served);
    }
  } catch {
    // The connection broke, or the client did.
  } finally {
    clearTimeout(timer);
    socket.destroySoon();
  }
}

async function serveClient(requests: Requests, served: Served): Promise<void> {
  served.clients += 1;
  try {
    await requests.serve();
  } finally {
    served.clients -= 1;
    // Nobody is there who could restart the program.
    if (served.clients === 0) served.standby.end();
  }
}

function refusalOf([word, version, image, token]: readonly string[], settings: RunnerSettings): string | undefined {
  if (word !== 'hello' || version !== '1') return 'version';
  if (settings.token && token !== settings.token) return 'token';
  return image === settings.image ? undefined : 'image';
}

class Requests {
  readonly #socket: Socket;
  readonly #reader: ProtocolReader;
  readonly #served: Served;
  readonly #ended: AbortSignal;

  constructor(socket: Socket, reader: ProtocolReader, served: Served, ended: AbortSignal) {
    this.#socket = socket;
    this.#reader = reader;
    this.#served = served;
    this.#ended = ended;
  }

  async serve(): Promise<void> {
    let underWay = Promise.resolve();
    for (let line = await this.#reader.line(); line; line = await this.#reader.line()) {
      const [id = '', kind = '', ...words] = line;
      if (!/^\d+$/.test(id)) throw new Error('a request without a number');
      // These two wait for none.
      if (kind === 'ping') this.#write(id, 'ok', 0);
      else if (kind === 'listening') void this.#answer(id, () => this.#listening(words));
      else {
        await underWay;
        if (kind === 'file') await this.#file(id, words);
        else {
          const work = this.#workOf(id, kind, words);
          underWay = this.#answer(id, work);
          // While these two go on, the client may want to know whether we live.
          if (kind !== 'run' && kind !== 'restart') await underWay;
        }
      }
    }
  }

  #workOf(id: string, kind: string, words: readonly string[]): () => Promise<string[]> | string[] {
    const { program, commands } = this.#served;
    const [first = '', second = ''] = words;
    switch (kind) {
      case 'link':
        return () => {
          writeLink(this.#locate(first), second);
          return [];
        };
      case 'delete':
        return () => {
          deletePath(this.#locate(first));
          return [];
        };
      case 'digest':
        return () => digestPath(this.#locate(first));
      case 'mark':
        return () => {
          this.#served.mark = first;
          return [];
        };
      case 'standby':
        return () => {
          this.#served.standby.prepare(first);
          return [];
        };
      case 'restart':
        return () => program.restart().then(() => []);
      case 'run':
        return () =>
          commands.run(words, (text) => this.#write(id, 'line', text), this.#ended).then((code) => [`${code}`]);
      default:
        throw new Error('an unknown request');
    }
  }

  async #file(id: string, [mode = '', length = '', name = '']: readonly string[]): Promise<void> {
    const size = Number(length);
    if (!/^[0-7]{1,4}$/.test(mode) || !/^\d+$/.test(length) || size > largestFile) throw new Error('a broken file');
    const start = performance.now();
    let file: number | undefined;
    let failed: unknown;
    // After an error the bytes are read all the same: what follows them is the next request.
    const attempt = (work: () => void) => {
      if (failed !== undefined) return;
      try {
        work();
      } catch (error) {
        failed = error;
      }
    };
    attempt(() => {
      file = openFile(this.#locate(name), Number.parseInt(mode, 8));
    });
    try {
      let missing = size;
      await this.#reader.bytes(size, (chunk) => {
        missing -= chunk.length;
        // What is sent acknowledges what has come: else the next piece would wait 40 ms for that, as socat, which the
        // kubelet forwards a port with, does not send it before (Nagle's algorithm and delayed acknowledgement).
        if (missing > 0) this.#socket.write('\n');
        attempt(() => writeAll(file ?? -1, chunk));
      });
    } finally {
      if (file !== undefined) fs.closeSync(file);
    }
    if (failed === undefined) this.#write(id, 'ok', elapsed(start));
    else this.#write(id, 'no', ...describeError(failed));
  }

  async #listening([port = '', timeout = '', path = '']: readonly string[]): Promise<string[]> {
    const { program } = this.#served;
    // The old process may still listen.
    await program.settled();
    const over = new AbortController();
    const end = () => over.abort();
    const forget = program.onRestart(end);
    this.#ended.addEventListener('abort', end);
    try {
      return [(await awaitListening(Number(port), path, Number(timeout), over.signal)) ? 'yes' : 'no'];
    } finally {
      forget();
      this.#ended.removeEventListener('abort', end);
    }
  }

  async #answer(id: string, work: () => Promise<string[]> | string[]): Promise<void> {
    const start = performance.now();
    try {
      const words = await work();
      this.#write(id, 'ok', elapsed(start), ...words);
    } catch (error) {
      this.#write(id, 'no', ...describeError(error));
    }
  }

  /** @returns a promise when the client does not keep up */
  #write(...words: (string | number)[]): Promise<void> | undefined {
    if (!this.#socket.writable || this.#socket.write(encodeLine(words))) return undefined;
    return new Promise((resolve) => {
      this.#socket.once('drain', resolve);
      this.#socket.once('close', () => resolve());
    });
  }

  #locate(name: string): string {
    if (!name) throw new Error('a path is missing');
    return path.resolve(this.#served.settings.cwd, name);
  }
}

function writeAll(file: number, chunk: Buffer): void {
  for (let at = 0; at < chunk.length; ) at += fs.writeSync(file, chunk, at);
}

/** Milliseconds, to a tenth. */
const elapsed = (start: number): number => Math.round((performance.now() - start) * 10) / 10;
