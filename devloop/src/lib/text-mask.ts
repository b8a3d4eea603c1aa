const shown = '********';

/** Finds texts that nobody may see, and puts stars in their place. Its time grows with the text, not with their number. */
export class TextMask {
  /** The hidden texts by their first two characters, the longest first: one may be the beginning of another. */
  readonly #byStart = new Map<number, string[]>();
  /** A bit for each two characters that a hidden text may begin with: most places of most texts are passed over by it. */
  readonly #starts = new Uint8Array(8192);

  /** @param hidden texts of two characters and more */
  constructor(hidden: Iterable<string>) {
    for (const text of [...new Set(hidden)].sort((a, b) => b.length - a.length)) {
      const start = startOf(text.charCodeAt(0), text.charCodeAt(1));
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), text]);
      this.#starts[start >> 3] = (this.#starts[start >> 3] ?? 0) | (1 << (start & 7));
    }
  }

  /** The same text when nothing of it is hidden. */
  mask(text: string): string {
    if (this.#byStart.size === 0) return text;
    let made = '';
    let from = 0;
    let next = text.charCodeAt(0);
    for (let at = 0; at < text.length - 1; at += 1) {
      const start = startOf(next, text.charCodeAt(at + 1));
      next = text.charCodeAt(at + 1);
      if (((this.#starts[start >> 3] ?? 0) & (1 << (start & 7))) === 0) continue;
      const found = this.#byStart.get(start)?.find((hidden) => text.startsWith(hidden, at));
      if (found === undefined) continue;
      made += text.slice(from, at) + shown;
      from = at + found.length;
      at = from - 1;
      next = text.charCodeAt(from);
    }
    return from === 0 ? text : made + text.slice(from);
  }
}

const startOf = (first: number, second: number): number => ((first << 8) ^ second) & 0xffff;
