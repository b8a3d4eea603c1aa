import type { Problem } from './errors.ts';

/** One step of an image build as BuildKit reports it. */
export interface BuildStep {
  readonly id: string;
  readonly name: string;
  readonly status: 'running' | 'done' | 'cached' | 'failed';
  /** Milliseconds, once it has ended. */
  readonly ms?: number;
}

/** An image in the daemon and the edit whose content it holds. */
export interface BuiltImage {
  readonly repository: string;
  readonly tag: string;
  readonly edit: number;
  /** When its edit was saved, was seen, and the image was there; epoch milliseconds. */
  readonly times?: { readonly changed: number; readonly seen: number; readonly built: number };
}

/** repository:tag */
export const imageReference = ({ repository, tag }: Pick<BuiltImage, 'repository' | 'tag'>): string =>
  `${repository}:${tag}`;

/** How far a pod is with the live updates of its service. */
export interface PodUpdate {
  /**
   * `connecting`: its container was started anew, and nothing has been sent to it yet; `updating`: it gets files, and its
   * program still answers; `restarting`: its program is started anew, and does not answer yet; `failed`: see `problem`.
   */
  readonly status: 'connecting' | 'updating' | 'restarting' | 'current' | 'failed';
  /** The edit that it runs. */
  readonly edit: number;
  readonly problem?: Problem;
}

/** What a command is for: an image (repository:tag), a release, a service, or a pod by its name. */
export type CommandSubject =
  | { readonly image: string }
  | { readonly release: string }
  | { readonly service: string }
  | { readonly pod: string };

/** A run of an outside program, for the command ledger; secrets are masked before it gets here. */
export interface CommandRecord {
  readonly id: number;
  /** A line that can be pasted into a shell. */
  readonly line: string;
  /** The folder that it runs in, where that is not devloop's own; absolute. */
  readonly cwd?: string;
  /** Not set for what is for the loop as a whole. */
  readonly about?: CommandSubject;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Milliseconds; not set while it runs. */
  readonly ms?: number;
  readonly exitCode?: number;
}

export interface ForwardView {
  readonly service: string;
  readonly local: number;
  readonly remote: number;
  /** `held`: it listens, and connections wait for a ready pod, or for one that refuses them: `why` is set then. */
  readonly status: 'held' | 'ready' | 'failed';
  /** The pod that the next connection goes to. */
  readonly pod?: string;
  readonly why?: string;
}
