import type { FaultKind, Problem } from '../model/errors.ts';
import type { SandboxOptions } from '../sandbox/start-sandbox.ts';

// What the thread of the sandbox and the one that started it say to each other.

/** What the thread is started with; `imagesFolder` is where built images are found. */
export type SandboxThreadData = Pick<SandboxOptions, 'folder' | 'env' | 'nodeProgram' | 'hookFile' | 'runPods'> & {
  readonly imagesFolder: string;
};

export type ToSandbox =
  | { readonly type: 'close' }
  /** Asks for the images that pods run. */
  | { readonly type: 'images' };

export type FromSandbox =
  | { readonly type: 'started' }
  /** It could not start. `fault` is set where the cause is known, and is not a mistake of ours. */
  | { readonly type: 'failed'; readonly fault?: { kind: FaultKind; problem: Problem }; readonly stack: string }
  | { readonly type: 'images'; readonly references: readonly string[] }
  /** A mistake of the sandbox's own; it goes on. */
  | { readonly type: 'mistake'; readonly where: string; readonly message: string }
  /** What an earlier one left cannot be read: it begins anew. */
  | { readonly type: 'anew'; readonly why: string; readonly kept: string }
  | { readonly type: 'closed' };
