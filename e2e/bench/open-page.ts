import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Asking } from './measurement.ts';

declare global {
  interface Window {
    /** Lost when the page is loaded anew. */
    openedOnce?: true;
  }
}

/** A page that is open in a browser, and must show edits without being loaded anew. */
export class OpenPage {
  readonly #page: Page;
  #requests = 0;
  #failures: string[] = [];

  private constructor(page: Page) {
    this.#page = page;
    page.on('request', () => {
      this.#requests += 1;
    });
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? 'failed';
      // That is the page itself: Next.js stops to read an answer when it has what it needs.
      if (why !== 'net::ERR_ABORTED') this.#failures.push(why);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.#failures.push(`status ${response.status()}`);
    });
  }

  static async watch(page: Page): Promise<OpenPage> {
    const open = new OpenPage(page);
    await page.evaluate(() => {
      window.openedOnce = true;
    });
    return open;
  }

  /** From here on requests are counted anew. */
  begin(): Asking {
    this.#requests = 0;
    this.#failures = [];
    const requests = () => this.#requests;
    return {
      get requests() {
        return requests();
      },
      failures: this.#failures,
      firstWith: (text, timeout) => this.#firstWith(text, timeout),
      stop: async () => {},
    };
  }

  async #firstWith(text: string, timeout: number): Promise<number> {
    const shows = (wanted: string) => document.querySelector('h1')?.textContent?.includes(wanted) ?? false;
    await this.#page.waitForFunction(shows, text, { timeout });
    const at = performance.now();
    assert.equal(await this.#page.evaluate(() => window.openedOnce), true, 'the page was not loaded anew');
    return at;
  }
}
