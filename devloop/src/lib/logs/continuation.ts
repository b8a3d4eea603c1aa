import { levelOf } from './log-level.ts';

/** What a run of lines that belong together is, as far as its next line needs to know. */
type Block = 'line' | 'error' | 'python' | 'pythonEnd' | 'go' | 'node';

/** A stack frame, or what Java, .NET and Ruby put between frames: it belongs to the line before, whatever that is. */
const frame =
  /^\s+at\s|^\s+\.\.\. \d+ (?:more|common frames)|^\s*Caused by: |^\s+Suppressed: |^\s+--- End of |^\s+from \S+:\d+:in |^\s+\[cause\]: /;
const traceback = /^Traceback \(most recent call last\)/;
const chained = /^(?:During handling of the above exception|The above exception was the direct cause)/;
const goStart = /^(?:panic: |fatal error: |goroutine \d+ \[)/;
const goLine = /^(?:$|\s|goroutine \d+ \[|created by |\[signal |exit status \d|[\w./*()-]+\(.*\)$|\.\.\.)/;
const nodeStart = /^(?:file:\/\/|node:|\/)\S+:\d+$/;
const nodeLine = /^(?:$|\s|[\w$.]*Error\b|Node\.js v\d|[\]})]+$)/;
const closing = /^[\]})]+[;,]?$/;

const mostLines = 500;
const longestGap = 1000;

/**
 * Tells which lines of one container belong to the line before them: the frames of a stack trace, Python's and Go's
 * blocks, and indented lines after an error. A pause of a second, or 500 lines, end a group in any case.
 */
export class ContinuationTracker {
  #block: Block | undefined;
  #head = '';
  #lines = 0;
  #at = 0;

  /** Does this next line belong to the one before? @param at epoch milliseconds */
  continues(text: string, at: number): boolean {
    const near = this.#block !== undefined && at - this.#at <= longestGap && this.#lines < mostLines;
    const block = near ? this.#next(text) : undefined;
    this.#at = at;
    this.#lines = block ? this.#lines + 1 : 1;
    this.#block = block ?? begin(text);
    if (!block) this.#head = text;
    return block !== undefined;
  }

  /** The block after this line; undefined when the line begins a new one. */
  #next(text: string): Block | undefined {
    const block = this.#block;
    if (block === 'python') return this.#python(text);
    if (block === 'go' && goLine.test(text)) return 'go';
    if (block === 'node' && nodeLine.test(text)) return 'node';
    if (block === 'pythonEnd' && (text === '' || chained.test(text))) return 'pythonEnd';
    if (frame.test(text)) return block === 'line' ? 'error' : block;
    if (block === 'error' && closing.test(text)) return 'error';
    const isError = () => block !== 'line' || levelOf(this.#head) === 'error';
    if (traceback.test(text)) return isError() ? 'python' : undefined;
    if (/^\s+\S/.test(text)) return isError() ? 'error' : undefined;
    return undefined;
  }

  #python(text: string): Block {
    // The first line that is not indented is the exception itself, and the last of the block.
    return text === '' || /^\s/.test(text) || traceback.test(text) ? 'python' : 'pythonEnd';
  }
}

function begin(text: string): Block {
  if (traceback.test(text)) return 'python';
  if (goStart.test(text)) return 'go';
  return nodeStart.test(text) ? 'node' : 'line';
}
