/**
 * A longer line is cut: a program that never ends one must not fill the memory. In UTF-16 units. An object that Kubernetes
 * tells of is one line, and no larger than some 3 MB, which is what etcd takes.
 */
const longestLine = 8 * 1024 * 1024;

/** Cuts a stream of text chunks into lines; a carriage return before the newline is dropped. */
export class LineSplitter {
  #rest = '';
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: string): void {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      const line = this.#rest + chunk.slice(from, end);
      this.#rest = '';
      from = end + 1;
      this.#onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    this.#rest += chunk.slice(from);
    if (this.#rest.length > longestLine) this.end();
  }

  /** Hands over what is left when the stream has ended without a newline. */
  end(): void {
    if (this.#rest) this.#onLine(this.#rest);
    this.#rest = '';
  }
}
