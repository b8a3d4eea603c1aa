/** So many of a container's last lines are remembered, to find the place again. */
const rememberedLines = 256;
/** A stream is asked for from so long before the last line: writers' times are not quite in the order of the file. Milliseconds. */
const marginMs = 2000;

/** When a line was written: epoch milliseconds, and nanoseconds within the millisecond. */
interface LineTime {
  readonly at: number;
  readonly nanos: number;
}

/**
 * How far the log of a container has been told, over its runs.
 *
 * Kubernetes can be asked for a log from a second on, not from a line on. Which of the lines that come then were told
 * already cannot be seen from their times alone: lines may share one, those of stdout and stderr are not quite in their
 * order, and the clock of a node may be set back. So the last lines are remembered in the order of the file, and what
 * comes is compared with them one by one.
 */
export class LogPosition {
  readonly #at = new Float64Array(rememberedLines);
  readonly #nanos = new Int32Array(rememberedLines);
  readonly #length = new Int32Array(rememberedLines);
  #count = 0;
  #last = '';
  #newest: LineTime = { at: Number.NEGATIVE_INFINITY, nanos: 0 };

  /** Epoch milliseconds to ask from; undefined before the first line. */
  get since(): number | undefined {
    return this.#count === 0 ? undefined : (this.#at[(this.#count - 1) % rememberedLines] ?? 0) - marginMs;
  }

  /**
   * Notes a line that is told.
   * @param timestamp RFC 3339
   * @param at the same in epoch milliseconds
   */
  add(timestamp: string, at: number, text: string): void {
    const nanos = nanosIn(timestamp);
    const place = this.#count % rememberedLines;
    this.#at[place] = at;
    this.#nanos[place] = nanos;
    this.#length[place] = text.length;
    this.#count += 1;
    this.#last = timestamp;
    if (compare({ at, nanos }, this.#newest) > 0) this.#newest = { at, nanos };
  }

  /**
   * For one stream that was taken up again: tells of its lines, one after the other, whether they are new.
   * @param onGap called before the first new line when the last one that was told has not come again: what was written
   * between the two is not there any more. Both are timestamps, RFC 3339
   */
  resume(
    onGap: (after: string, before: string) => void = () => {},
  ): (timestamp: string, at: number, text: string, isWhole: boolean) => boolean {
    const oldest = Math.max(0, this.#count - rememberedLines);
    let next = oldest;
    let isNew = this.#count === 0;
    return (timestamp, at, text, isWhole) => {
      if (isNew) return true;
      const nanos = nanosIn(timestamp);
      for (let known = next; known < this.#count; known += 1) {
        const place = known % rememberedLines;
        if (this.#at[place] !== at || this.#nanos[place] !== nanos) continue;
        const length = this.#length[place] ?? 0;
        // A stream may end within a line that was told before.
        if (isWhole ? length !== text.length : length < text.length) continue;
        next = known + 1;
        return false;
      }
      // Older than all that is remembered; where that was rotated away, the first line is newer than all that was told.
      if (next === oldest && compare({ at, nanos }, this.#newest) < 0) return false;
      isNew = true;
      if (next < this.#count) onGap(this.#last, timestamp);
      return true;
    };
  }
}

const compare = (a: LineTime, b: LineTime): number => a.at - b.at || a.nanos - b.nanos;

/** The digits behind the third decimal of the second, of six. */
function nanosIn(timestamp: string): number {
  const digits = /\.\d{3}(\d{1,6})/.exec(timestamp)?.[1] ?? '';
  return Number(digits.padEnd(6, '0'));
}
