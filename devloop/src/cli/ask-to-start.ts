import { createInterface } from 'node:readline/promises';
import { setImmediate } from 'node:timers/promises';

/** Asks on the terminal whether a stopped Minikube shall be started. */
export async function askToStart(profile: string): Promise<boolean> {
  // A dashboard that was closed for the question has let go of the terminal.
  process.stdin.ref();
  // The terminal's own line editing: Ctrl-C is a signal then, not a key that nobody takes.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const answer = await lines.question(`Minikube ${profile} is stopped. Start it now? [Y/n] `);
    return /^(y|yes|)$/i.test(answer.trim());
  } finally {
    lines.close();
    // Node stops reading a turn later: whoever read at once would be stopped with it.
    await setImmediate();
  }
}
