const shown = '********';

/** Texts are told apart by so many first characters. */
const startLength = 4;

/** Finds texts that nobody may see, and puts stars in their place. Its time grows with the text, not with their number. */
export class TextMask {
  /** The hidden texts by the hash of their first characters, the longest first: one may be the beginning of another. */
  readonly #byStart = new Map<number, string[]>();
  /** A bit for each hash that a hidden text begins with: most places of most texts are passed over by it. */
  readonly #starts = new Uint8Array(8192);

  /** @param hidden texts of four characters and more; shorter ones are not hidden */
  constructor(hidden: Iterable<string>) {
    for (const text of [...new Set(hidden)].sort((a, b) => b.length - a.length)) {
      if (text.length < startLength) break;
      let start = 0;
      for (let at = 0; at < startLength; at += 1) start = nextHash(start, text.charCodeAt(at));
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), text]);
      this.#starts[start >> 3] = (this.#starts[start >> 3] ?? 0) | (1 << (start & 7));
    }
  }

  /** The same text when nothing of it is hidden. */
  mask(text: string): string {
    if (this.#byStart.size === 0) return text;
    // A field that is asked for at each character takes twice the time.
    const starts = this.#starts;
    let made = '';
    let from = 0;
    let hash = 0;
    for (let end = 0; end < text.length; end += 1) {
      hash = nextHash(hash, text.charCodeAt(end));
      if ((((starts[hash >> 3] as number) >> (hash & 7)) & 1) === 0) continue;
      const at = end - startLength + 1;
      const found = at < from ? undefined : this.#byStart.get(hash)?.find((hidden) => text.startsWith(hidden, at));
      if (found === undefined) continue;
      made += text.slice(from, at) + shown;
      from = at + found.length;
      end = from - 1;
    }
    return from === 0 ? text : made + text.slice(from);
  }
}

/** Of the last four characters: what came before them is shifted out. */
const nextHash = (hash: number, code: number): number => ((hash << 4) ^ code) & 0xffff;
