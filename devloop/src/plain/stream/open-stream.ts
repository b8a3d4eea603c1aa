import { sanitizeLine } from '../../lib/sanitize.ts';
import { renderSpans } from '../../lib/spans.ts';
import type { Clock } from '../../model/clock.ts';
import type { Intents } from '../../model/intents.ts';
import type { Store } from '../../state/store.ts';
import { commandLine } from '../command-line.ts';
import { createTeller } from '../tell.ts';
import { footerRows } from './footer-rows.ts';
import { listenForKeys } from './listen-for-keys.ts';
import { nextSecond } from './running-work.ts';
import { createScrollback } from './scrollback.ts';

export interface StreamOptions {
  readonly store: Store;
  readonly intents: Pick<Intents, 'quit' | 'interrupt'>;
  readonly clock: Clock;
  /** Keys are read where it is a terminal. */
  readonly stdin: NodeJS.ReadStream;
  /** A terminal; its columns and rows are followed as they change. */
  readonly stdout: NodeJS.WriteStream;
  /** Whether to use colours and other styles; glyphs and words say the same without them. */
  readonly color: boolean;
  /** Whether to print each command that was run. */
  readonly verbose: boolean;
}

/** Milliseconds: lines come by the thousand, and the footer is drawn anew with each batch. */
const batchTime = 50;

/**
 * Prints a loop as the plain printer does, into the terminal's own scrollback, with a footer of a few rows below that
 * says how the services are and what runs. Nothing is written while nothing changes. It has to be given all events.
 * @returns what prints the rest, erases the footer and gives the terminal back; it may be called again
 */
export function openStream(options: StreamOptions): () => void {
  const { store, intents, clock, stdin, stdout, color, verbose } = options;
  const tell = createTeller({ color });
  const scrollback = createScrollback((text, written) => stdout.write(text, written));
  const stopKeys = listenForKeys(stdin, intents);
  const keys = stopKeys ? 'q quit' : 'Ctrl-C quit';
  let lines: string[] = [];
  let drawn: string | undefined;
  let writing = false;
  let isLate = false;
  let isOpen = true;
  let cancelFlush: (() => void) | undefined;
  let cancelTick: (() => void) | undefined;

  const takeLines = () => {
    const text = lines.map((line) => `${line}\n`).join('');
    lines = [];
    return text;
  };
  const flush = () => {
    cancelFlush = undefined;
    cancelTick?.();
    const state = store.getState();
    const now = clock.now();
    const { columns, rows } = stdout;
    const footer = footerRows(state, now, { columns, rows }, keys).map((row) => renderSpans(row, color));
    const tick = nextSecond(state, now);
    cancelTick = tick === undefined ? undefined : clock.after(tick, flush);
    const look = `${columns}x${rows}\n${footer.join('\n')}`;
    if (lines.length === 0 && look === drawn) return;
    // A terminal that takes text slowly gets the next batch when it has taken this one.
    isLate = writing;
    if (writing) return;
    drawn = look;
    writing = true;
    scrollback.write(takeLines(), footer, () => {
      writing = false;
      if (isLate && isOpen) schedule();
    });
  };
  const schedule = () => {
    cancelFlush ??= clock.after(batchTime, flush);
  };
  const unsubscribe = store.subscribe((event) => {
    lines.push(...tell(event));
    if (verbose && event.type === 'command.ended') lines.push(sanitizeLine(commandLine(event.command)));
    schedule();
  });
  stdout.on('resize', schedule);
  schedule();

  return () => {
    if (!isOpen) return;
    isOpen = false;
    unsubscribe();
    stdout.off('resize', schedule);
    cancelFlush?.();
    cancelTick?.();
    stopKeys?.();
    scrollback.end(takeLines());
  };
}
