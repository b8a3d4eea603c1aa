import { lendTerminal } from '../adapters/terminal/lend-terminal.ts';
import type { Kubernetes } from '../engine/outside.ts';
import { whyOf } from '../model/errors.ts';
import { shellContainer } from '../state/shell-container.ts';
import type { Store } from '../state/store.ts';

/** Takes the terminal from the dashboard for the time of some work, and draws the dashboard anew after it. */
export type SuspendDashboard = (work: () => Promise<void>) => Promise<void>;

export interface PodShellParts {
  readonly kubernetes: Pick<Kubernetes, 'shell'>;
  readonly store: Store;
  /** Undefined while there is no dashboard. */
  readonly suspend: () => SuspendDashboard | undefined;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

const openMs = 10_000;

/** bash where the container has it. No name of the cluster's goes into the text. */
const bestShell = ['sh', '-c', 'command -v bash >/dev/null 2>&1 && exec bash; exec sh'] as const;
/** Pods of the sandbox have no terminals: without one a shell prompts only when it is told to. */
const promptingShell = ['sh', '-i'] as const;

/**
 * A way into pods: gives the terminal to a shell until that ends, however it ends. Our own exec, not kubectl's: users of
 * devloop need no kubectl, and a kubectl would read another kubeconfig than the loop does.
 */
export function createPodShell({ kubernetes, store, suspend, stdin, stdout, signal }: PodShellParts) {
  let isOpen = false;
  const tell = (level: 'info' | 'warning', text: string) => store.dispatch({ type: 'notice', level, text });

  async function run(pod: string, named: string | undefined): Promise<void> {
    const state = store.getState();
    const found = shellContainer(state, pod, named);
    const lend = suspend();
    const { namespace } = state.project ?? {};
    if ('why' in found) return tell('warning', `No shell in pod ${pod}: ${found.why}`);
    if (!lend || namespace === undefined) return tell('warning', `No shell in pod ${pod}: there is no terminal for it`);
    const { container } = found;
    const where = `container ${container} of pod ${pod}`;
    const hasTerminal = state.cluster?.kind !== 'sandbox';
    try {
      const command = hasTerminal ? bestShell : promptingShell;
      const session = await kubernetes.shell(namespace, pod, container, command, openMs);
      tell('info', `a shell is open in ${where}`);
      await lend(async () => {
        stdout.write(`${banner(where, hasTerminal)}\n`);
        await lendTerminal({ stdin, stdout }, session, hasTerminal, signal);
      });
      tell(session.exitCode === 127 || session.exitCode === 126 ? 'warning' : 'info', ending(where, session.exitCode));
    } catch (error) {
      tell('warning', `The shell in ${where} failed: ${whyOf(error)}`);
    }
  }

  return async (pod: string, container?: string): Promise<void> => {
    // Keys that were pressed before the screen had changed.
    if (isOpen) return;
    isOpen = true;
    await run(pod, container).finally(() => {
      isOpen = false;
    });
  };
}

function banner(where: string, hasTerminal: boolean): string {
  const way = 'exit or Ctrl-D leads back to devloop';
  if (hasTerminal) return `devloop: a shell in ${where}; ${way}.`;
  return [
    `devloop: a shell in ${where}; ${way}.`,
    'Pods of the sandbox have no terminal: lines are sent with Enter, and Ctrl-C on an empty line ends the shell.',
  ].join('\n');
}

function ending(where: string, code: number | undefined): string {
  if (code === 126 || code === 127)
    return `The shell in ${where} ended with exit code ${code}: the image may have none`;
  return code === undefined || code === 0
    ? `the shell in ${where} has ended`
    : `the shell in ${where} ended with exit code ${code}`;
}
