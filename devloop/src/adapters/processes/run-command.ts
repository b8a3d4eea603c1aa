import { execa } from 'execa';
import type { Ledger } from '../../engine/ledger.ts';
import type { Command, CommandResult, RunCommand } from '../../engine/outside.ts';
import { LineSplitter } from '../../lib/lines.ts';
import { environmentFault } from '../../model/errors.ts';
import { ledgerLine } from './ledger-line.ts';

/** Helm rolls back or marks the release when it is interrupted; it needs time to do so. */
const graceMs = 20_000;
const outputKept = 10_000_000;

/** Where to get what is missing. */
const installHints: Readonly<Record<string, string>> = {
  docker: 'Install Docker (https://docs.docker.com/get-docker/) and see that `docker version` works.',
  helm: 'Install Helm (https://helm.sh/docs/intro/install/) and see that `helm version` works.',
  minikube: 'Install Minikube (https://minikube.sigs.k8s.io/docs/start/).',
};

/** Runs outside programs and tells the ledger of each. */
export function createRunCommand(ledger: Ledger): RunCommand {
  return async (command, signal) => {
    const { cwd, about } = command;
    const end = ledger.begin(ledgerLine(command), { ...(cwd !== undefined && { cwd }), ...(about && { about }) });
    const result = await run(command, signal).catch((error: unknown) => {
      end(127);
      throw error;
    });
    end(result.exitCode);
    return result;
  };
}

async function run(command: Command, signal?: AbortSignal): Promise<CommandResult> {
  if (signal?.aborted) return { exitCode: 128, stdout: '', stderr: '' };
  const { stopSignal = 'SIGTERM' } = command;
  if (stopSignal !== 'none') return runChild(command, stopSignal, signal);
  const { late, forget } = lateSignal(signal);
  try {
    return await runChild(command, 'SIGKILL', late);
  } finally {
    forget();
  }
}

/** Aborts when the time is over that a program has after the signal. */
function lateSignal(signal?: AbortSignal): { readonly late: AbortSignal; readonly forget: () => void } {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => late.abort(signal?.reason), graceMs);
  };
  signal?.addEventListener('abort', onAbort);
  const forget = () => {
    signal?.removeEventListener('abort', onAbort);
    clearTimeout(timer);
  };
  return { late: late.signal, forget };
}

async function runChild(command: Command, killSignal: NodeJS.Signals, signal?: AbortSignal): Promise<CommandResult> {
  const child = execa(command.file, command.args, {
    ...(command.env && { env: command.env }),
    ...(command.cwd && { cwd: command.cwd }),
    ...(signal && { cancelSignal: signal }),
    killSignal,
    ...(command.apart && { detached: true, cleanup: false }),
    forceKillAfterDelay: graceMs,
    stdin: 'ignore',
    reject: false,
    // Who hears the lines needs no copy, and a build may print more than could be kept.
    buffer: !command.onLine,
    maxBuffer: outputKept,
    stripFinalNewline: false,
  });
  if (child.pid !== undefined) command.onStart?.(child.pid);
  if (command.onLine) {
    for (const stream of ['stdout', 'stderr'] as const) {
      const lines = new LineSplitter((line) => command.onLine?.(line, stream));
      child[stream].setEncoding('utf8').on('data', (chunk: string) => lines.push(chunk));
      child[stream].on('end', () => lines.end());
    }
  }
  const result = await child;
  if (result.code === 'ENOENT' && result.exitCode === undefined) {
    throw environmentFault({
      title: `${command.file} was not found`,
      why: `there is no ${command.file} on the PATH`,
      fix: installHints[command.file] ?? `Install ${command.file}.`,
    });
  }
  if (result.code === 'EACCES' && result.exitCode === undefined) {
    throw environmentFault({
      title: `${command.file} cannot be run`,
      why: 'this user may not execute it',
      fix: `See its permissions: ls -l "$(command -v ${command.file})"`,
    });
  }
  return { exitCode: result.exitCode ?? 128, stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
}
