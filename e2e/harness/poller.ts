import { request } from './http.ts';

/**
 * Asks a URL on a fixed beat, each time over a new connection; a beat is left out while an answer is still to come. More
 * at once would measure how many port-forward connections the kubelet can open (each one is a process there), not edits.
 */
export class Poller {
  readonly failures: string[] = [];
  readonly #url: string;
  readonly #tooSlow: number;
  readonly #timer: NodeJS.Timeout;
  #open: Promise<void> | undefined;
  readonly #waiting = new Map<string, (at: number) => void>();
  #requests = 0;

  /**
   * @param interval milliseconds from beat to beat
   * @param tooSlow milliseconds for an answer
   */
  constructor(url: string, interval = 10, tooSlow = 2000) {
    this.#url = url;
    this.#tooSlow = tooSlow;
    this.#timer = setInterval(() => this.#ask(), interval);
  }

  get requests(): number {
    return this.#requests;
  }

  /** When (`performance.now()`) the first answer with this text came. */
  firstWith(text: string, timeout: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error(`No answer with ${text} in ${timeout / 1000} s`)), timeout);
      this.#waiting.set(text, (at) => {
        clearTimeout(deadline);
        this.#waiting.delete(text);
        resolve(at);
      });
    });
  }

  /** Ends the beat and waits for the answer that is still to come. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#open;
  }

  #ask(): void {
    if (this.#open) return;
    this.#requests += 1;
    this.#open = request(this.#url, { timeout: this.#tooSlow })
      .then(
        ({ status, body }) => {
          const at = performance.now();
          if (status < 200 || status > 299) this.failures.push(`status ${status}`);
          for (const [text, resolve] of this.#waiting) if (body.includes(text)) resolve(at);
        },
        (error: NodeJS.ErrnoException) => {
          const what = error.name === 'TimeoutError' ? `no answer in ${this.#tooSlow} ms` : error.message;
          this.failures.push(`${what} at ${new Date().toISOString()}`);
        },
      )
      .finally(() => {
        this.#open = undefined;
      });
  }
}
