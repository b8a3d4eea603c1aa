import type { ClusterHandlers } from '../../engine/outside.ts';

/** What one of several watches says of the API server. */
export interface WatchReach {
  /** It does not answer; may be said again with each try. */
  readonly lost: (why: string) => void;
  /** It answers, or this watch has ended. */
  readonly connected: () => void;
}

/**
 * Whether the cluster can be reached, by all its watches together: it is lost once, with the reason of the watch that
 * failed first, however many fail after that and however often; and connected once, when the last of them works again.
 */
export class ClusterReach {
  readonly #handlers: Pick<ClusterHandlers, 'lost' | 'connected'>;
  readonly #failing = new Set<WatchReach>();

  constructor(handlers: Pick<ClusterHandlers, 'lost' | 'connected'>) {
    this.#handlers = handlers;
  }

  watch(): WatchReach {
    const watch: WatchReach = {
      lost: (why) => {
        if (this.#failing.size === 0) this.#handlers.lost(why);
        this.#failing.add(watch);
      },
      connected: () => {
        if (this.#failing.delete(watch) && this.#failing.size === 0) this.#handlers.connected();
      },
    };
    return watch;
  }
}
