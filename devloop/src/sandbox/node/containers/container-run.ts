import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { LocalImage } from '../../images/local-image.ts';
import { timestamp } from '../../store/object-store.ts';
import type { Container } from '../../store/objects.ts';
import { ContainerLog } from '../logs/container-log.ts';
import type { PodContext } from '../node-context.ts';
import { type RunningProgram, runProgram } from '../processes/run-program.ts';
import { startProbes } from './container-probes.ts';
import type { ContainerRecord, Terminated } from './container-record.ts';
import { runHook } from './lifecycle-hook.ts';
import type { PreparedCommand } from './prepare-command.ts';
import { terminated } from './termination.ts';

/** The least that a container gets to end by itself once its hook has run. Milliseconds. */
const leastGrace = 2000;

/** One run of a container: a process group with a log, hooks and probes. */
export class ContainerRun {
  readonly id = `sandbox://${randomBytes(32).toString('hex')}`;
  readonly prepared: PreparedCommand;
  readonly log: ContainerLog;
  readonly #of: PodContext;
  readonly #container: Container;
  readonly #record: ContainerRecord;
  readonly #fieldPath: string;
  /** Aborts when it is being ended: probes stop. */
  readonly #ending = new AbortController();
  #program: RunningProgram | undefined;
  #killed: Promise<void> | undefined;
  /** True when the node ended it because of a probe, a hook or a new definition. */
  restartedByNode = false;

  constructor(
    of: PodContext,
    container: Container,
    record: ContainerRecord,
    prepared: PreparedCommand,
    fieldPath: string,
  ) {
    this.#of = of;
    this.#container = container;
    this.#record = record;
    this.prepared = prepared;
    this.#fieldPath = fieldPath;
    const file = path.join(of.folder, 'containers', container.name, `${record.restartCount}.log`);
    this.log = new ContainerLog(file, of.node.clock.now);
  }

  /** The process group, while it runs. */
  get group(): number | undefined {
    return this.#program?.pid;
  }

  /** Resolves when its program has ended; undefined while there is none. */
  get ended(): Promise<void> | undefined {
    const end = () => {};
    return this.#program?.exit.then(end, end);
  }

  /**
   * Starts it and waits for its end.
   * @throws StartError; after any other error nothing of it runs
   */
  async toEnd(image: LocalImage): Promise<Terminated> {
    const program = await runProgram({ ...this.prepared, stdin: false }, this.#of.node);
    this.#program = program;
    try {
      return await this.#follow(program, image);
    } catch (error) {
      program.signal('SIGKILL');
      await program.exit.catch(() => {});
      this.log.end();
      throw error;
    } finally {
      this.#ending.abort();
      this.#program = undefined;
      this.#of.node.ports.clear(this.#of.podIP, this.#record.name);
    }
  }

  async #follow(program: RunningProgram, image: LocalImage): Promise<Terminated> {
    const { clock } = this.#of.node;
    const record = this.#record;
    this.#keep('stdout', program.stdout);
    this.#keep('stderr', program.stderr);
    const startedAt = clock.now();
    const { startupProbe, readinessProbe, lifecycle } = this.#container;
    Object.assign(record, { containerID: this.id, imageID: image.id, image: this.#container.image ?? '' });
    this.#of.record('Normal', 'Started', `Started container ${record.name}`, this.#fieldPath);
    // Only now: who listens here hears of it with the events before it.
    if (!lifecycle?.postStart || (await this.#postStart(lifecycle.postStart, program))) {
      record.state = { running: { startedAt: timestamp(startedAt) } };
      record.started = !startupProbe;
      record.passesReadiness = !readinessProbe;
      this.#of.changed();
      const willRestart = this.#of.pod().spec.restartPolicy !== 'Never';
      const kill = (message: string) =>
        void this.end(willRestart ? `${message}, will be restarted` : message, this.#ownGrace());
      startProbes(this.#of, this.#container, record, this.prepared, kill, this.#ending.signal);
    }
    const onEnding = () => void this.end(undefined, this.#of.grace());
    const onKilling = () => program.signal('SIGKILL');
    const { ending, killing } = this.#of;
    ending.addEventListener('abort', onEnding);
    killing.addEventListener('abort', onKilling);
    if (ending.aborted) onEnding();
    const exitCode = await program.exit;
    ending.removeEventListener('abort', onEnding);
    killing.removeEventListener('abort', onKilling);
    this.#ending.abort();
    await this.#killed;
    this.log.end();
    const run = { terminationLog: this.prepared.terminationLog, log: this.log, id: this.id, startedAt };
    return terminated(this.#container, run, exitCode, clock.now());
  }

  /**
   * Ends it: preStop hook, SIGTERM, and SIGKILL after the grace.
   * @param message what the event says, when the node does it on its own; undefined: the pod ends
   * @param grace milliseconds
   */
  end(message: string | undefined, grace: number): Promise<void> {
    const program = this.#program;
    if (!program || this.#killed) return this.#killed ?? Promise.resolve();
    this.restartedByNode = message !== undefined;
    const text = message ?? `Stopping container ${this.#record.name}`;
    this.#of.record('Normal', 'Killing', text, this.#fieldPath);
    this.#ending.abort();
    this.#killed = this.#end(program, grace);
    return this.#killed;
  }

  async #end(program: RunningProgram, grace: number): Promise<void> {
    const { clock } = this.#of.node;
    const began = clock.now();
    const { preStop } = this.#container.lifecycle ?? {};
    const gone = new AbortController();
    const abort = () => gone.abort();
    program.exit.then(abort, abort);
    if (preStop && grace > 0) {
      const until = AbortSignal.any([gone.signal, this.#of.killing]);
      const wrong = await runHook(this.#of, this.#container, this.prepared, preStop, grace, until);
      if (wrong && !until.aborted) this.#of.record('Warning', 'FailedPreStopHook', wrong, this.#fieldPath);
    }
    program.signal(this.#of.killing.aborted ? 'SIGKILL' : 'SIGTERM');
    const left = Math.max(leastGrace, grace - (clock.now() - began));
    await clock.sleep(left, gone.signal);
    if (!gone.signal.aborted) program.signal('SIGKILL');
  }

  /** @returns false when it has failed: the container never counts as running, and ends */
  async #postStart(
    hook: NonNullable<NonNullable<Container['lifecycle']>['postStart']>,
    program: RunningProgram,
  ): Promise<boolean> {
    const gone = new AbortController();
    const abort = () => gone.abort();
    program.exit.then(abort, abort);
    const until = AbortSignal.any([gone.signal, this.#of.ending]);
    const wrong = await runHook(this.#of, this.#container, this.prepared, hook, Number.POSITIVE_INFINITY, until);
    if (!wrong || until.aborted) return true;
    this.#of.record('Warning', 'FailedPostStartHook', wrong, this.#fieldPath);
    void this.end('FailedPostStartHook', this.#ownGrace());
    return false;
  }

  #ownGrace(): number {
    return (this.#of.pod().spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  #keep(stream: 'stdout' | 'stderr', from: Readable): void {
    const write = (chunk: Buffer) => {
      try {
        this.log.write(stream, chunk);
      } catch (error) {
        // A full disk: the container goes on without this part of its log, and must not wait for a reader.
        from.off('data', write).resume();
        this.#of.node.onError('the log of a container', error);
      }
    };
    from.on('data', write);
  }
}
