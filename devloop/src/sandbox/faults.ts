/** What an API request is answered with instead of the truth. */
export type Answer =
  | { readonly kind: 'status'; readonly code: 410 | 429 | 500 | 503; readonly retryAfterSeconds?: number }
  /** The connection stays open and says nothing. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'delay'; readonly ms: number };

/** A request as a fault sees it. */
export interface FaultRequest {
  readonly method: string;
  /** `pods`, `deployments`; undefined outside resources. */
  readonly resource?: string;
  readonly subresource?: string;
  readonly watch: boolean;
  readonly path: string;
}

interface Rule {
  readonly matches: (request: FaultRequest) => boolean;
  readonly answer: Answer;
  left: number;
}

/**
 * The faults that a test asks of the sandbox. None at the start; each lasts for its count, or until it is lifted.
 * The API server asks `answerTo` for every request, and registers what can be cut.
 */
export class Faults {
  readonly #rules = new Set<Rule>();
  readonly #watches = new Set<() => void>();
  readonly #logs = new Set<() => void>();
  readonly #forwards = new Set<() => void>();
  /** True: every port-forward connection is refused. */
  refuseForwards = false;

  /**
   * Answers requests that match with a fault.
   * @param times how many of them; default: until it is lifted
   * @returns what lifts it
   */
  answer(matches: (request: FaultRequest) => boolean, answer: Answer, times = Number.POSITIVE_INFINITY): () => void {
    const rule: Rule = { matches, answer, left: times };
    this.#rules.add(rule);
    return () => this.#rules.delete(rule);
  }

  /** The fault for a request, if there is one; counts it. */
  answerTo(request: FaultRequest): Answer | undefined {
    for (const rule of this.#rules) {
      if (!rule.matches(request)) continue;
      rule.left -= 1;
      if (rule.left <= 0) this.#rules.delete(rule);
      return rule.answer;
    }
    return undefined;
  }

  /** Cuts every open watch connection without a word, unanswered ones too. Returns how many there were. */
  dropWatches(): number {
    return cutAll(this.#watches);
  }

  /** Cuts every open log stream in the middle of a line. Returns how many there were. */
  cutLogs(): number {
    return cutAll(this.#logs);
  }

  /**
   * Has every port-forward session that is open stand still, as when the kubelet is stopped: nothing is read or written
   * any more, and nothing closed. Returns how many there were.
   */
  freezeForwards(): number {
    return cutAll(this.#forwards);
  }

  /** The API server's: something that can be cut while it is open. Returns what takes it off the list. */
  open(kind: 'watch' | 'log' | 'forward', cut: () => void): () => void {
    const all = { watch: this.#watches, log: this.#logs, forward: this.#forwards }[kind];
    all.add(cut);
    return () => all.delete(cut);
  }
}

function cutAll(all: Set<() => void>): number {
  const cuts = [...all];
  all.clear();
  for (const cut of cuts) cut();
  return cuts.length;
}
