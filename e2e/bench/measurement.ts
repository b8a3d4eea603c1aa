import type { EditTiming } from '../../devloop/src/model/events.ts';
import type { Loop } from '../harness/devloop.ts';
import type { Stage } from '../harness/stage.ts';

/** One thing that the benchmark measures. */
export interface Measurement {
  /** A folder of e2e/fixtures: the project, instead of the repository's sample. */
  readonly fixture?: string;
  /** Not in the sandbox. */
  readonly clusterOnly?: boolean;
  /** Those that have to be live before it begins. */
  readonly services: readonly string[];
  /** Makes the project ready for it, before devloop starts; gives what is done then. */
  readonly prepare: (stage: Stage) => Promise<(loop: Loop) => Promise<readonly Measured[]>>;
}

export interface Measured {
  readonly title: string;
  readonly edits: readonly MeasuredEdit[];
  readonly requests: number;
  /** Why, one entry a request. */
  readonly failures: readonly string[];
}

export interface MeasuredEdit {
  /** From the save to the first answer that shows it, milliseconds. */
  readonly live: number;
  /** devloop's own account of the same edit; of several services, that of the last one. */
  readonly parts: EditTiming;
}

/** What asks the services all the time, and tells when an edit is in an answer. */
export interface Asking {
  readonly requests: number;
  readonly failures: readonly string[];
  /** When (`performance.now()`) the first answer with this text came. @param timeout milliseconds */
  readonly firstWith: (text: string, timeout: number) => Promise<number>;
  readonly stop: () => Promise<void>;
}
