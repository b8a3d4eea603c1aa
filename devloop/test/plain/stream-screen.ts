import xterm from '@xterm/headless';
import type { LoopEvent } from '../../src/model/events.ts';
import { openStream } from '../../src/plain/stream/open-stream.ts';
import { createStore } from '../../src/state/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { startTime } from '../support/sample.ts';
import { fakeStdin, fakeStdout } from '../support/screen.ts';

/** `--ui stream` on a terminal that exists only in memory. */
export interface StreamScreen {
  readonly feed: (...events: readonly LoopEvent[]) => Promise<void>;
  readonly advance: (ms: number) => Promise<void>;
  readonly type: (text: string) => Promise<void>;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  /** The rows as a user sees them. */
  readonly screen: () => string;
  /** Every line that the terminal has, also those that have scrolled away; what it has wrapped is one line. */
  readonly lines: () => string[];
  /** From now on the terminal takes the text of a write only when the result is called. */
  readonly holdWrites: () => () => void;
  readonly written: () => string;
  readonly timers: () => number;
  readonly asked: readonly string[];
  readonly rawModes: readonly boolean[];
  readonly close: () => Promise<void>;
}

/** @param options.before what the terminal shows already */
export async function openStreamScreen(
  columns = 80,
  rows = 24,
  { color = false, verbose = false, before = '' } = {},
): Promise<StreamScreen> {
  const clock = createFakeClock(startTime);
  const store = createStore(clock.now);
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 200_000 });
  const stdout = fakeStdout(terminal, columns, rows);
  const stdin = fakeStdin();
  const rawModes: boolean[] = [];
  stdin.setRawMode = (mode) => {
    rawModes.push(mode);
    return stdin;
  };
  const asked: string[] = [];
  const intents = { quit: () => asked.push('quit'), interrupt: () => asked.push('interrupt') };
  stdout.stream.write(before);
  const close = openStream({ store, intents, clock, stdin, stdout: stdout.stream, color, verbose });

  const settle = async () => {
    for (let seen = -1; seen !== stdout.written().length; ) {
      seen = stdout.written().length;
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise<void>((resolve) => terminal.write('', resolve));
    }
  };
  // In steps, as time goes: what is written is done before the next second.
  const advance = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1000) {
      clock.advance(Math.min(1000, left));
      await settle();
    }
  };
  const rowsFrom = (first: number) => {
    const { active } = terminal.buffer;
    return Array.from({ length: active.length - first }, (_, index) => active.getLine(first + index)).flatMap(
      (row) => row ?? [],
    );
  };
  await advance(50);
  return {
    feed: async (...events) => {
      for (const event of events) store.dispatch(event);
      await advance(50);
    },
    advance,
    type: async (text) => {
      stdin.push(text);
      await settle();
    },
    resize: async (toColumns, toRows) => {
      terminal.resize(toColumns, toRows);
      stdout.resize(toColumns, toRows);
      await advance(50);
    },
    screen: () =>
      rowsFrom(terminal.buffer.active.baseY)
        .map((row) => row.translateToString(true))
        .join('\n')
        .trimEnd(),
    lines: () => {
      const lines: string[] = [];
      for (const row of rowsFrom(0)) {
        const text = row.translateToString(false);
        if (row.isWrapped) lines.push(`${lines.pop()}${text}`);
        else lines.push(text);
      }
      return lines.map((line) => line.trimEnd());
    },
    holdWrites: () => {
      const { stream } = stdout;
      const write = stream.write.bind(stream);
      const held: (() => void)[] = [];
      stream.write = ((text: string, done?: () => void) => write(text, () => done && held.push(done))) as typeof write;
      return () => {
        stream.write = write;
        for (const done of held) done();
      };
    },
    written: stdout.written,
    timers: clock.pending,
    asked,
    rawModes,
    close: async () => {
      close();
      await settle();
    },
  };
}
