import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { eventLine } from '../../devloop/reference/events.ts';
import type { LoopEvent } from '../../devloop/src/model/events.ts';
import type { EventLine } from '../../devloop/src/plain/print-json.ts';
import { cli } from './paths.ts';

/** A line of `devloop up --ui json`. */
export type JsonEvent = EventLine;
type EventOf<Type extends LoopEvent['type']> = Extract<JsonEvent, { type: Type }>;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** A program with its arguments that becomes devloop, which it is given as further ones. Default: none. */
  readonly through?: readonly string[];
}

/** Milliseconds. The first page of `next dev` alone takes tens of seconds on two cores that also build. */
const patience = 180_000;

/** A `devloop up --ui json` under way, and all that it has said. */
export class Loop {
  readonly events: JsonEvent[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #child: ChildProcess;
  readonly #exit: Promise<Exit>;
  readonly #broken: Error[] = [];
  #ended: Exit | undefined;
  #stderr = '';

  constructor(args: readonly string[], { cwd, env, through = [] }: StartOptions) {
    const [program = process.execPath, ...rest] = [...through, process.execPath, cli, 'up', '--ui', 'json', ...args];
    const child = spawn(program, rest, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.on('close', () => process.off('exit', kill));
    createInterface({ input: child.stdout }).on('line', (line) => this.#take(line));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#exit = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        process.off('exit', kill);
        this.#ended = { code, signal };
        this.#wake();
        resolve(this.#ended);
      });
    });
  }

  get stderr(): string {
    return this.#stderr;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('devloop was not started');
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** A place in the stream: hand it to `next` or `since` to leave out what was said before. */
  mark(): number {
    return this.events.length;
  }

  since<Type extends LoopEvent['type']>(mark: number, type: Type): EventOf<Type>[] {
    return this.events.slice(mark).filter((event): event is EventOf<Type> => event.type === type);
  }

  /** The first event of a type after a mark that satisfies the test; rejects when devloop ends or it takes too long. */
  async next<Type extends LoopEvent['type']>(
    type: Type,
    test: (event: EventOf<Type>) => boolean = () => true,
    { from = 0, timeout = patience }: { from?: number; timeout?: number } = {},
  ): Promise<EventOf<Type>> {
    const found = () => this.since(from, type).find(test);
    await this.until(`a ${type} event`, () => found() !== undefined, timeout);
    const event = found();
    if (!event) throw new Error(`The ${type} event is gone`);
    return event;
  }

  /** Waits until something that only new events can change is so. */
  until(what: string, test: () => boolean, timeout = patience): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (error?: Error) => {
        clearTimeout(deadline);
        this.#waiting.delete(check);
        if (error) reject(error);
        else resolve();
      };
      const check = () => {
        const [broken] = this.#broken;
        if (broken) finish(broken);
        else if (test()) finish();
        else if (this.#ended)
          finish(new Error(`devloop ended (${JSON.stringify(this.#ended)}) before ${what}\n${this.tail()}`));
      };
      const deadline = setTimeout(
        () => finish(new Error(`No ${what} in ${timeout / 1000} s\n${this.tail()}`)),
        timeout,
      );
      this.#waiting.add(check);
      check();
    });
  }

  /** Fails when it has printed what is not an event as docs/events.schema.json has it. */
  requireEvents(): void {
    const [broken] = this.#broken;
    // Its last line may be cut off when it was killed.
    if (broken && this.#ended?.signal !== 'SIGKILL') throw broken;
  }

  /** Waits until each service has answered from a ready pod and all its ports lead there. */
  async ready(services: readonly string[] = ['backend', 'frontend'], from = 0): Promise<void> {
    for (const service of services) await this.next('service.live', (event) => event.service === service, { from });
    await this.until('every forward to be ready', () => this.#forwardsReady());
  }

  /** Does something while its process stands still, as it does while a machine sleeps. */
  async whileStopped(work: () => Promise<void>): Promise<void> {
    this.#child.kill('SIGSTOP');
    try {
      await work();
    } finally {
      this.#child.kill('SIGCONT');
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for its end. */
  ended(): Promise<Exit> {
    return this.#exit;
  }

  /** Ends it as a user would, and gives how it ended. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<Exit> {
    if (!this.#ended) this.#child.kill(signal);
    const patienceOver = setTimeout(() => this.#child.kill('SIGKILL'), 30_000);
    try {
      return await this.#exit;
    } finally {
      clearTimeout(patienceOver);
    }
  }

  /** The last things that it said, for the message of a failure. */
  tail(): string {
    const quiet = new Set([
      'log',
      'probe.result',
      'pods.stats',
      'build.step',
      'command.started',
      'command.ended',
      'pod.changed',
      'kubernetes.event',
    ]);
    const events = this.events.filter((event) => !quiet.has(event.type)).slice(-12);
    return [...events.map((event) => JSON.stringify(event).slice(0, 400)), 'stderr:', this.#stderr.slice(-2000)].join(
      '\n',
    );
  }

  #forwardsReady(): boolean {
    const last = new Map(this.since(0, 'forward.changed').map(({ forward }) => [forward.local, forward]));
    return last.size > 0 && [...last.values()].every((forward) => forward.status === 'ready');
  }

  #take(line: string): void {
    const event = parsed(line);
    if (event instanceof Error) this.#broken.push(event);
    else this.events.push(event);
    this.#wake();
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check();
  }
}

/** The event of a line, or what is wrong with it. */
function parsed(line: string): JsonEvent | Error {
  try {
    const value: unknown = JSON.parse(line);
    const { success, error } = eventLine.safeParse(value);
    return success
      ? (value as JsonEvent)
      : new Error(`Not an event: ${line.slice(0, 2000)}\n${z.prettifyError(error)}`);
  } catch {
    return new Error(`Not JSON: ${line.slice(0, 2000)}`);
  }
}
