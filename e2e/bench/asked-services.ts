import assert from 'node:assert/strict';
import type { Loop } from '../harness/devloop.ts';
import { request } from '../harness/http.ts';
import { Poller } from '../harness/poller.ts';
import type { Asking } from './measurement.ts';

/**
 * Milliseconds between questions to one service. All together ask as often as one poller does of one service: more would
 * measure how many connections the kubelet can open.
 */
const beat = 500;

/** Several services, of which an edit changes some: it is live when devloop has said so of each. */
export class AskedServices implements Asking {
  readonly #loop: Loop;
  readonly #services: readonly string[];
  readonly #urls: readonly string[];
  readonly #pollers: readonly Poller[];

  /** @param ports of all services; those that an edit changes come first */
  constructor(loop: Loop, services: readonly string[], ports: readonly number[]) {
    this.#loop = loop;
    this.#services = services;
    this.#urls = ports.map((port) => `http://127.0.0.1:${port}/`);
    this.#pollers = this.#urls.map((url) => new Poller(url, beat));
  }

  get requests(): number {
    return this.#pollers.reduce((sum, poller) => sum + poller.requests, 0);
  }

  get failures(): string[] {
    return this.#pollers.flatMap((poller) => poller.failures);
  }

  async firstWith(text: string, timeout: number): Promise<number> {
    const from = this.#loop.mark();
    const lives = this.#services.map((name) =>
      this.#loop.next('service.live', ({ service }) => service === name, { from, timeout }),
    );
    await Promise.all(lives);
    const at = performance.now();
    const urls = this.#urls.slice(0, this.#services.length);
    const answers = await Promise.all(urls.map((url) => request(url)));
    // Not polled: an edit that is said to be live has to be in the very next answer.
    for (const { body } of answers) assert.ok(body.includes(text), `${body} has ${text}`);
    return at;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#pollers.map((poller) => poller.stop()));
  }
}
