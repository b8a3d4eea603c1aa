import { hiddenTexts } from './hidden-texts.ts';
import { TextMask } from './text-mask.ts';

/** The secret values that are known, by where they come from. */
export class HiddenValues {
  readonly #bySource = new Map<string, readonly string[]>();
  /** Made anew when it is asked for: the values of a namespace come one after the other. */
  #mask: TextMask | undefined;

  /** Takes the place of the values that the source had before; none is the end of it. */
  hide(source: string, values: readonly string[]): void {
    const known = this.#bySource.get(source) ?? [];
    if (known.length === values.length && known.every((value, index) => value === values[index])) return;
    if (values.length > 0) this.#bySource.set(source, values);
    else this.#bySource.delete(source);
    this.#mask = undefined;
  }

  /** The text with stars for each of them; the same when it has none. */
  mask(text: string): string {
    this.#mask ??= new TextMask([...new Set([...this.#bySource.values()].flat())].flatMap(hiddenTexts));
    return this.#mask.mask(text);
  }

  get isEmpty(): boolean {
    return this.#bySource.size === 0;
  }
}
