import type { Trial, TrialStart } from './trial.ts';

/** A fault, and what devloop promises of it. */
export interface Fault {
  readonly name: string;
  /** Of what the loop is made of, it is this that has to bear it. */
  readonly part: 'supersede' | 'forwards' | 'logs and watches' | 'watcher' | 'helm' | 'environment';
  /** Milliseconds after the healing within which the last edit that was made before is live. */
  readonly within: number;
  /** How many requests may fail: none where they are held, those under way in a program that ends; any, when absent. */
  readonly mayFail?: number;
  /** Milliseconds between the two. Default: 5 s, and none where nothing is healed: the last edit then falls into the fault. */
  readonly lasts?: number;
  /** How devloop is started, where that is not as usual. */
  readonly start?: TrialStart;
  /** Before the loop begins, with the folder of the cluster; what it gives undoes it, after the loop's end. */
  readonly prepare?: (home: string) => Promise<() => Promise<unknown>>;
  readonly inject: (trial: Trial) => Promise<unknown>;
  /** What a person or the system does to end it; nothing where devloop alone has to come back. */
  readonly heal?: (trial: Trial) => Promise<unknown>;
  /** What else has to be so once all is well again; rejects where it is not. */
  readonly also?: (trial: Trial) => Promise<unknown>;
}

/** What became of one. */
export interface Outcome {
  readonly fault: Fault;
  /** Milliseconds from the healing to the first answer with the last edit; absent when it never came. */
  readonly recovery?: number;
  readonly requests: number;
  readonly failed: number;
  readonly edits: number;
  /** Numbered lines that the containers wrote. */
  readonly lines: number;
  /** All that was not as promised, a sentence each. */
  readonly broken: readonly string[];
}
