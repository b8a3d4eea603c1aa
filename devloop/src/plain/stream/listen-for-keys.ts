import type { Intents } from '../../model/intents.ts';

const ctrlC = '\u0003';

/**
 * Reads the keys of the stream: q and Ctrl-C.
 * @returns what ends it and gives the terminal's mode back; undefined where standard input is no terminal
 */
export function listenForKeys(
  stdin: NodeJS.ReadStream,
  { quit, interrupt }: Pick<Intents, 'quit' | 'interrupt'>,
): (() => void) | undefined {
  if (!stdin.isTTY) return undefined;
  const onData = (data: Buffer | string) => {
    const typed = data.toString();
    // What is pasted is more than one character, and no key.
    if (typed === 'q') quit();
    else if (typed.includes(ctrlC)) interrupt();
  };
  // Else the terminal would echo what is typed into the footer.
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.resume();
  return () => {
    stdin.off('data', onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
