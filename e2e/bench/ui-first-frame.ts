import { openSandboxStage } from '../harness/sandbox-stage.ts';
import { openTerminal } from './open-terminal.ts';

const runs = 10;

export interface FirstFrame {
  /** Milliseconds from the command to the first frame, where no earlier start has left compiled code. */
  readonly uncompiled: number;
  /** The same of each later start. */
  readonly frames: readonly number[];
  /** Milliseconds until the project and its cluster are in the header, of each later start. */
  readonly known: readonly number[];
}

/** Starts devloop on the sample again and again, with the sandbox in its own process as a user has it. */
export async function measureFirstFrame(): Promise<FirstFrame> {
  const stage = await openSandboxStage('bench', { host: 'devloop' });
  try {
    const env = { NODE_COMPILE_CACHE: stage.workspace.path('.git/compiled') };
    const starts: { frame: number; known: number }[] = [];
    for (let run = 0; run <= runs; run += 1) {
      const terminal = openTerminal(stage, env);
      const started = await terminal.started;
      const frame = await terminal.shows(([header]) => header?.includes('devloop') ?? false);
      const known = await terminal.shows(([header]) => header?.includes('tasks') ?? false);
      await terminal.quit();
      starts.push({ frame: frame - started, known: known - started });
    }
    const [first, ...rest] = starts;
    return {
      uncompiled: first?.frame ?? Number.NaN,
      frames: rest.map(({ frame }) => frame),
      known: rest.map(({ known }) => known),
    };
  } finally {
    await stage.remove();
  }
}
