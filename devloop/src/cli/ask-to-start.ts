import { createInterface } from 'node:readline/promises';

/** Asks on the terminal whether a stopped Minikube shall be started. */
export async function askToStart(profile: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`Minikube ${profile} is stopped. Start it now? [Y/n] `);
    return /^(y|yes|)$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
