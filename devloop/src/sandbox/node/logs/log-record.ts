/** One line of a log, or a part of one; `data` ends with a newline unless it is a part. */
export interface LogRecord {
  /** RFC 3339 with nine decimals. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly data: Buffer;
}

/** Longer lines are kept in parts of this size, as Docker does. Bytes. */
export const partSize = 16 * 1024;

/**
 * A record as it lies in the file, in the format of container runtimes: time, stream, `F` for a whole line or `P` for a
 * part, and the text. https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
 */
export function encodeRecord({ time, stream, data }: LogRecord): Buffer {
  const whole = data.at(-1) === 10;
  const head = Buffer.from(`${time} ${stream} ${whole ? 'F' : 'P'} `);
  return Buffer.concat(whole ? [head, data] : [head, data, Buffer.from('\n')]);
}

/** The records of a file. Parts of a line are records of their own. */
export function decodeRecords(file: Buffer): LogRecord[] {
  const records: LogRecord[] = [];
  for (let start = 0; start < file.length; ) {
    const newline = file.indexOf(10, start);
    const end = newline < 0 ? file.length : newline;
    const head = file.subarray(start, Math.min(end, start + 48)).toString('latin1');
    const [, time, stream, tag] = /^(\S+) (stdout|stderr) ([FP]) /.exec(head) ?? [];
    if (time && tag) {
      const text = start + `${time} ${stream} ${tag} `.length;
      const data = file.subarray(text, tag === 'F' ? end + 1 : end);
      records.push({ time, stream: stream === 'stderr' ? 'stderr' : 'stdout', data });
    }
    start = end + 1;
  }
  return records;
}

/** Cuts a stream of bytes into lines and parts of too long lines. */
export class LineCutter {
  #rest: Buffer = Buffer.alloc(0);

  /** @returns the lines that are complete now */
  push(chunk: Buffer): Buffer[] {
    const cut: Buffer[] = [];
    let bytes = this.#rest.length ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      const newline = bytes.indexOf(10);
      const size = newline >= 0 && newline < partSize ? newline + 1 : bytes.length >= partSize ? partSize : 0;
      if (!size) break;
      cut.push(bytes.subarray(0, size));
      bytes = bytes.subarray(size);
    }
    this.#rest = Buffer.from(bytes);
    return cut;
  }

  /** What is left at the end of the stream. */
  end(): Buffer[] {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length ? [rest] : [];
  }
}
