/** The first wait between restarts, and the longest; after twice the longest in peace it starts over. Milliseconds. */
const shortest = 10_000;
const longest = 300_000;

/**
 * The kubelet's back-off: nothing before the first restart, then 10 s, doubled each time up to 5 min, and forgotten
 * after 10 min. https://github.com/kubernetes/client-go/blob/v0.20.2/util/flowcontrol/backoff.go
 */
export class RestartBackoff {
  #wait = 0;
  #last = 0;

  /** How long a container waits that failed at `since`; 0: it may start. Epoch milliseconds, milliseconds. */
  left(since: number, now: number): number {
    if (this.#wait === 0 || since - this.#last > 2 * longest) return 0;
    return Math.max(0, this.#wait - (now - since));
  }

  /** Counts a start. */
  next(now: number): void {
    const isOver = now - this.#last > 2 * longest;
    this.#wait = this.#wait === 0 || isOver ? shortest : Math.min(this.#wait * 2, longest);
    this.#last = now;
  }

  get wait(): number {
    return this.#wait;
  }

  reset(): void {
    this.#wait = 0;
  }
}

/** A duration in whole seconds, as Go prints it: `10s`, `1m20s`, `5m0s`. @param ms milliseconds */
export function goDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
