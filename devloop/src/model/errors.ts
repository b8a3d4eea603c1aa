/** Who has to act: the user on their input, the environment's owner, nobody here (an outside program), or us. */
export type FaultKind = 'usage' | 'environment' | 'outside';

/** What a failure shows wherever it is shown: what failed, why, the next step, and the evidence. */
export interface Problem {
  /** What failed, one line: `Build of backend failed`. */
  readonly title: string;
  /** Why, one line or a few. */
  readonly why: string;
  /** The next step for the user; a command that can be pasted where there is one. */
  readonly fix?: string;
  /** Output that proves it: compiler errors, a container's last lines. */
  readonly evidence?: readonly string[];
}

/** The exit codes of the command (docs/architecture.md): 1 failed, 2 usage or configuration, 3 the environment. */
const exitCodes: Record<FaultKind, number> = { outside: 1, usage: 2, environment: 3 };

/** A failure with a known cause. Any other error that reaches the top is a bug of devloop, and is shown as one. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly problem: Problem;
  /** The other side asks to be left alone for so long before the next try. Milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(kind: FaultKind, problem: Problem, retryAfter?: number) {
    super(`${problem.title}: ${problem.why}`);
    this.name = 'Fault';
    this.kind = kind;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

export const usageFault = (problem: Problem): Fault => new Fault('usage', problem);
export const environmentFault = (problem: Problem): Fault => new Fault('environment', problem);
export const outsideFault = (problem: Problem): Fault => new Fault('outside', problem);

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    // An object without a prototype has no text.
    return 'something that is no error was thrown';
  }
}

/** Only why it failed, where that is known apart. */
export const whyOf = (error: unknown): string => (error instanceof Fault ? error.problem.why : messageOf(error));

/** Milliseconds that the other side asks to be left alone for. */
export const retryAfterOf = (error: unknown): number | undefined =>
  error instanceof Fault ? error.retryAfter : undefined;

/** Anything that was thrown as a problem to show; a `Fault` keeps its own. */
export function problemOf(error: unknown, title: string): Problem {
  return error instanceof Fault ? error.problem : { title, why: messageOf(error) };
}

/** The way to a pod was lost after something was written, before any answer: the pod may have had it, or not. */
export class ConnectionLost extends Error {}
