import type { ShellSession } from '../../engine/outside.ts';
import { createLineDiscipline } from './line-discipline.ts';

/** The user's terminal, which nobody else reads or draws on now. */
export interface LentTerminal {
  readonly stdin: Pick<NodeJS.ReadStream, 'isRaw' | 'setRawMode' | 'read' | 'on' | 'off' | 'pause' | 'ref' | 'unref'>;
  readonly stdout: Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'write' | 'on' | 'off'>;
}

/**
 * Connects the terminal to a shell until that ends, and leaves it as it was found. Every key goes to the shell, Ctrl-C
 * too. Resolves when it has ended; rejects when it was cut off.
 * @param hasTerminal the far side has a terminal of its own; else lines are typed here and sent as wholes
 * @param signal ends it
 */
export async function lendTerminal(
  { stdin, stdout }: LentTerminal,
  session: ShellSession,
  hasTerminal: boolean,
  signal: AbortSignal,
): Promise<void> {
  const resize = () => session.resize(stdout.columns, stdout.rows);
  const lines = createLineDiscipline({
    echo: (text) => stdout.write(text),
    send: (text) => session.write(text),
    end: () => session.destroy(),
  });
  // Ink reads the terminal by `readable` too: a `data` listener would leave it flowing, and Ink without its keys.
  const onReadable = () => {
    for (let chunk = stdin.read(); chunk !== null; chunk = stdin.read()) {
      if (hasTerminal) session.write(chunk);
      else lines.type(String(chunk));
    }
  };
  const onOutput = (chunk: Buffer) => {
    if (stdout.write(chunk)) return;
    session.pause();
    stdout.on('drain', onDrain);
  };
  const onDrain = () => {
    stdout.off('drain', onDrain);
    session.resume();
  };
  const end = () => session.destroy();
  const wasRaw = stdin.isRaw;
  try {
    const ended = endOf(session);
    stdin.setRawMode(true);
    stdin.ref();
    stdin.on('readable', onReadable);
    stdout.on('resize', resize);
    session.on('data', onOutput);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    resize();
    await ended;
  } finally {
    signal.removeEventListener('abort', end);
    stdout.off('drain', onDrain);
    stdout.off('resize', resize);
    stdin.off('readable', onReadable);
    stdin.setRawMode(wasRaw);
    stdin.unref();
    session.destroy();
  }
}

const endOf = (session: ShellSession): Promise<void> =>
  new Promise((resolve, reject) => {
    session.once('error', reject);
    session.once('end', resolve);
    session.once('close', resolve);
  });
