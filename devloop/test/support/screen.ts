import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import type { LoopEvent } from '../../src/model/events.ts';
import { createLogStore } from '../../src/state/log-store.ts';
import { createStore } from '../../src/state/store.ts';
import { type LendTerminal, runDashboard } from '../../src/ui/dashboard.tsx';
import { createFakeIntents } from '../fakes/intents.ts';
import { createFakeClock } from './fake-clock.ts';
import { startTime } from './sample.ts';

/** An event and its time, in milliseconds after the start. */
export type Timed = readonly [number, LoopEvent];

/** The dashboard on a terminal that exists only in memory, fed with events and keys. */
export interface Screen {
  /** Sends the events through the real store, then lets the clock go on until they show. */
  readonly feed: (...events: readonly LoopEvent[]) => Promise<void>;
  /** Sends each event at its time, as far as that is still to come, then lets the clock go on until they show. */
  readonly replay: (events: readonly Timed[]) => Promise<void>;
  /** Types the text: `'j'`, `'\x1b'` for Esc, `keys.up`. */
  readonly type: (text: string) => Promise<void>;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  readonly advance: (ms: number) => Promise<void>;
  /** The rows as a user sees them, without trailing blanks. */
  readonly lines: () => string[];
  readonly text: () => string;
  /** Everything written to the terminal so far. */
  readonly written: () => string;
  /** How often a key asked to quit. */
  readonly quits: () => number;
  readonly interrupts: () => number;
  /** What the keys asked for besides: `rebuild backend`. */
  readonly did: () => readonly string[];
  /** Timers of the dashboard that wait. */
  readonly timers: () => number;
  /** `normal` is the screen that was there before. */
  readonly buffer: () => 'normal' | 'alternate';
  /** Takes the terminal from the dashboard for the time of some work. */
  readonly lend: LendTerminal;
  readonly close: () => Promise<void>;
}

export const keys = {
  up: '\x1b[A',
  down: '\x1b[B',
  shiftUp: '\x1b[1;2A',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  enter: '\r',
  esc: '\x1b',
  backspace: '\x7f',
  ctrlC: '\x03',
} as const;

/** Milliseconds without a byte after which all that was fed is drawn: longer than Ink's timers wait before they draw. */
const drawnAfter = 12;
/** Ink takes a lone Esc for a key after 20 ms. */
const typedAfter = 30;

/** Mounts the dashboard. @param options.color whether it may use colours; they do not show in `lines` */
export async function openScreen(columns = 80, rows = 24, { color = true } = {}): Promise<Screen> {
  const clock = createFakeClock(startTime);
  const store = createStore(clock.now);
  const logs = createLogStore();
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const stdout = fakeStdout(terminal, columns, rows);
  const stdin = fakeStdin();
  const end = new AbortController();
  let quits = 0;
  let interrupts = 0;
  store.subscribe((event) => {
    if (event.type === 'log') logs.append(event.line);
  });
  const fake = createFakeIntents();
  const intents = {
    ...fake.intents,
    quit: () => {
      quits += 1;
    },
    interrupt: () => {
      interrupts += 1;
    },
  };
  let lend: LendTerminal = () => Promise.reject(new Error('the dashboard is not drawn yet'));
  const onReady = (ready: LendTerminal) => {
    lend = ready;
  };
  const terminalParts = { stdin, stdout: stdout.stream, signal: end.signal, color, onReady };
  const ended = runDashboard({ store, logs, intents, clock, ...terminalParts });

  // Until nothing was drawn twice: a late timer of this machine makes those after it late too.
  const settle = async (quietMs = drawnAfter) => {
    for (let quiet = 0, seen = -1; quiet < 2; quiet = stdout.written().length === seen ? quiet + 1 : 0) {
      seen = stdout.written().length;
      await new Promise((resolve) => setTimeout(resolve, quietMs));
      await new Promise<void>((resolve) => terminal.write('', resolve));
    }
  };
  const advance = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  const lines = () => {
    const { active } = terminal.buffer;
    return Array.from(
      { length: terminal.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
    );
  };
  await advance(100);
  return {
    feed: async (...events) => {
      for (const event of events) store.dispatch(event);
      await advance(100);
    },
    replay: async (events) => {
      for (const [at, event] of events) {
        clock.advance(Math.max(0, startTime + at - clock.now()));
        store.dispatch(event);
      }
      await advance(100);
    },
    type: async (text) => {
      stdin.push(text);
      await settle(text.endsWith('\x1b') ? typedAfter : drawnAfter);
    },
    resize: async (toColumns, toRows) => {
      terminal.resize(toColumns, toRows);
      stdout.resize(toColumns, toRows);
      await settle();
    },
    advance,
    lines,
    text: () => lines().join('\n').trimEnd(),
    written: stdout.written,
    lend: (work) => lend(work),
    quits: () => quits,
    interrupts: () => interrupts,
    did: () => fake.asked,
    timers: clock.pending,
    buffer: () => terminal.buffer.active.type,
    close: async () => {
      end.abort();
      await ended;
      await new Promise<void>((resolve) => terminal.write('', resolve));
    },
  };
}

export function fakeStdout(terminal: InstanceType<typeof xterm.Terminal>, columns: number, rows: number) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, rows }) as unknown as NodeJS.WriteStream;
  let written = '';
  stream.on('data', (chunk: Buffer) => {
    written += chunk.toString();
    // The line discipline of a real terminal does this.
    terminal.write(chunk.toString().replaceAll(/\r?\n/g, '\r\n'));
  });
  return {
    stream,
    written: () => written,
    resize: (toColumns: number, toRows: number) => {
      Object.assign(stream, { columns: toColumns, rows: toRows });
      stream.emit('resize');
    },
  };
}

export function fakeStdin(): NodeJS.ReadStream {
  const stdin = new PassThrough();
  const terminal = { isTTY: true, isRaw: false, setRawMode: () => stdin, ref: () => stdin, unref: () => stdin };
  return Object.assign(stdin, terminal) as unknown as NodeJS.ReadStream;
}
