import { closeSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { LogQuery } from '../node-access.ts';
import { decodeRecords, encodeRecord, LineCutter, type LogRecord } from './log-record.ts';

/** A file goes aside at this size, and the one before it goes: a log keeps between one and two times as much. Bytes. */
const fileSize = 10 * 1024 * 1024;

const newline = 0x0a;

export type LogSelection = Pick<LogQuery, 'follow' | 'timestamps' | 'tailLines' | 'limitBytes' | 'since'>;

/** The log of one run of a container: a file, and those who follow it. */
export class ContainerLog {
  readonly #path: string;
  readonly #now: () => number;
  readonly #limit: number;
  readonly #cutters = { stdout: new LineCutter(), stderr: new LineCutter() };
  readonly #followers = new Set<{ readonly record: (record: LogRecord) => void; readonly end: () => void }>();
  #file: number | undefined;
  #size = 0;
  #last = 0n;

  /** @param path absolute; @param now epoch milliseconds */
  constructor(path: string, now: () => number, limit = fileSize) {
    this.#path = path;
    this.#now = now;
    this.#limit = limit;
    this.#file = openSync(path, 'w', 0o600);
  }

  write(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    for (const data of this.#cutters[stream].push(chunk)) this.#add(stream, data);
  }

  /** Writes what has no newline yet, and ends those who follow. */
  end(): void {
    if (this.#file === undefined) return;
    try {
      for (const stream of ['stdout', 'stderr'] as const) {
        for (const data of this.#cutters[stream].end()) this.#add(stream, data);
      }
    } finally {
      closeSync(this.#file);
      this.#file = undefined;
      for (const { end } of [...this.#followers]) end();
      this.#followers.clear();
    }
  }

  /** The records that are kept, oldest first. */
  records(): LogRecord[] {
    const read = (path: string): Buffer => {
      try {
        return readFileSync(path);
      } catch {
        return Buffer.alloc(0);
      }
    };
    return decodeRecords(Buffer.concat([read(`${this.#path}.1`), read(this.#path)]));
  }

  /** The last lines, for a termination message. */
  tail(lines: number): string {
    return Buffer.concat(
      this.records()
        .slice(-lines)
        .map(({ data }) => data),
    ).toString();
  }

  /**
   * What the kubelet sends for a log request: `tail` is taken first, then `since`, and the bytes are cut at the end.
   * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/kubelet/kuberuntime/logs/logs.go
   */
  read({ follow, timestamps, tailLines, limitBytes, since }: LogSelection): Readable {
    let left = limitBytes ?? Number.POSITIVE_INFINITY;
    const from = since === undefined ? '' : new Date(since).toISOString().slice(0, -1);
    const all = this.records();
    const chosen = tailLines === undefined ? all : all.slice(Math.max(0, all.length - tailLines));
    let isNewLine = true;
    const bytesOf = ({ time, data }: LogRecord): Buffer | undefined => {
      // Of a long line only the first part has its time in front.
      const isBeginning = isNewLine;
      isNewLine = data.at(-1) === newline;
      if (time < from) return undefined;
      const line = timestamps && isBeginning ? Buffer.concat([Buffer.from(`${time} `), data]) : data;
      const bytes = line.subarray(0, left);
      left -= bytes.length;
      return bytes;
    };
    const first = chosen.flatMap((record) => bytesOf(record) ?? []);
    if (!follow || this.#file === undefined || left <= 0)
      return Readable.from(first.length ? [Buffer.concat(first)] : []);

    const follower = {
      record: (record: LogRecord) => {
        const bytes = bytesOf(record);
        if (bytes?.length) output.push(bytes);
        if (left <= 0) follower.end();
      },
      end: () => {
        this.#followers.delete(follower);
        output.push(null);
      },
    };
    const output = new Readable({
      read: () => {},
      destroy: (error, done) => {
        this.#followers.delete(follower);
        done(error);
      },
    });
    this.#followers.add(follower);
    if (first.length) output.push(Buffer.concat(first));
    return output;
  }

  #add(stream: 'stdout' | 'stderr', data: Buffer): void {
    if (this.#file === undefined || !data.length) return;
    const record: LogRecord = { time: this.#time(), stream, data };
    const bytes = encodeRecord(record);
    if (this.#size > 0 && this.#size + bytes.length > this.#limit) this.#rotate();
    writeSync(this.#file, bytes);
    this.#size += bytes.length;
    for (const follower of [...this.#followers]) follower.record(record);
  }

  #rotate(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    renameSync(this.#path, `${this.#path}.1`);
    this.#file = openSync(this.#path, 'w', 0o600);
    this.#size = 0;
  }

  /** The clock knows milliseconds only: the digits behind them count up, so that no two lines are of the same time. */
  #time(): string {
    const now = BigInt(Math.floor(this.#now())) * 1_000_000n;
    this.#last = now > this.#last ? now : this.#last + 1n;
    const seconds = new Date(Number(this.#last / 1_000_000n)).toISOString().slice(0, 19);
    return `${seconds}.${String(this.#last % 1_000_000_000n).padStart(9, '0')}Z`;
  }
}
