import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../bench/random.ts';
import type { Loop } from '../harness/devloop.ts';
import type { Stage } from '../harness/stage.ts';
import { lineFaults } from './line-faults.ts';
import { SoakAnswers } from './soak-answers.ts';
import { type SoakEvent, soakEvents } from './soak-events.ts';
import { soakServices } from './soak-project.ts';
import type { Sample } from './soak-sample.ts';
import { SoakWork } from './soak-work.ts';

/** Milliseconds between two things that a person does; and a rest, every so often. */
const pause = { least: 2000, most: 8000 };
const rest = { every: 12, ms: 30_000 };
/** Milliseconds from sample to sample. */
const sampleBeat = 30_000;
/** After so many faults there is nothing more to learn. */
const mostFaults = 10;

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly inSandbox: boolean;
  readonly sample: () => Promise<Omit<Sample, 'at'>>;
  /** What is to be shown at once. */
  readonly say: (text: string) => void;
}

/** Random work on a project under one devloop, at the pace of a person, for a time. */
export class SoakRun {
  readonly faults: string[] = [];
  readonly samples: Sample[] = [];
  /** The names of what has happened. */
  readonly happened: string[] = [];
  readonly work: SoakWork;
  readonly answers: SoakAnswers;
  readonly #loop: Loop;
  readonly #options: SoakOptions;
  readonly #random: Random;
  readonly #began = performance.now();
  #isEnding = false;

  constructor(stage: Stage, loop: Loop, options: SoakOptions) {
    this.#loop = loop;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.answers = new SoakAnswers(stage.ports);
    this.work = new SoakWork(stage, loop, this.answers, this.#random);
  }

  get seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  /** Ends the run after what is under way. */
  end(): void {
    this.#isEnding = true;
  }

  async run(): Promise<void> {
    const sampling = setInterval(() => void this.#sample(), sampleBeat);
    try {
      while (!this.#isOver()) {
        await this.#happen(this.#pick());
        await this.#rest();
      }
      await this.#check('the last edit', async () => {
        await this.answers.live(soakServices, sampleBeat);
        await this.answers.requireExpected();
      });
    } finally {
      clearInterval(sampling);
      await this.answers.stop();
    }
    const { failures } = this.answers;
    if (failures.length > this.work.ended)
      this.#fault(
        `${failures.length} requests failed, ${this.work.ended} may have: ${[...new Set(failures)].join(', ')}`,
      );
    const lines = lineFaults(this.#loop);
    if (lines.length > 0) this.#fault(`${lines.length} log lines lost or doubled: ${lines[0]}`);
  }

  #isOver(): boolean {
    return this.#isEnding || this.faults.length >= mostFaults || this.seconds > this.#options.minutes * 60;
  }

  async #happen(event: SoakEvent): Promise<void> {
    const before = this.answers.failures.length;
    this.happened.push(event.name);
    await this.#check(event.name, async () => {
      await event.happen(this.work);
      // Not polled: what is live has to be in the very next answer.
      await this.answers.requireExpected();
    });
    const failures = this.answers.failures.slice(before);
    if (failures.length > 0)
      this.#options.say(`${this.#when()} ${event.name}: requests failed: ${failures.join(', ')}`);
  }

  async #rest(): Promise<void> {
    const { least, most } = pause;
    const ms = this.happened.length % rest.every === 0 ? rest.ms : least + this.#random.below(most - least);
    for (const until = performance.now() + ms; performance.now() < until && !this.#isEnding; ) await sleep(200);
  }

  #pick(): SoakEvent {
    const events = soakEvents.filter(({ needsDocker }) => !(needsDocker && this.#options.inSandbox));
    const many = events.flatMap((event) => Array.from({ length: event.weight }, () => event));
    const picked = this.#random.pick(many);
    if (!picked) throw new Error('Nothing can happen');
    return picked;
  }

  async #sample(): Promise<void> {
    await this.#check('a sample', async () => {
      const at = this.seconds;
      const sample = { at, ...(await this.#options.sample()) };
      this.samples.push(sample);
      const text = Object.entries(sample).map(([name, value]) => `${name} ${value.toFixed(0)}`);
      const { requests, failures } = this.answers;
      this.#options.say(
        `${text.join(', ')}; ${this.happened.length} events, ${requests} requests, ${failures.length} failed`,
      );
    });
  }

  async #check(what: string, work: () => Promise<unknown>): Promise<void> {
    await work().catch((error) => this.#fault(`${what}: ${String(error.message ?? error).split('\n')[0]}`));
  }

  #fault(text: string): void {
    const fault = `${this.#when()} ${text}`;
    this.faults.push(fault);
    this.#options.say(`✗ ${fault}`);
  }

  #when(): string {
    return `after ${this.seconds.toFixed(0)} s,`;
  }
}
