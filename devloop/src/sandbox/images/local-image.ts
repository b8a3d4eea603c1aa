/** What stands for an image here: a program of this machine. */
export interface LocalImage {
  /** `devloop.local/tasks/backend:4f0c…`, or `busybox:1.36`. */
  readonly reference: string;
  /** `docker-pullable://`-like id for the pod's status. */
  readonly id: string;
  /** Program and arguments; a container's `command` replaces the first list, its `args` the second. */
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** Absolute; where the program starts when the container names no folder. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** It takes live updates: each run of a container has a copy of the folder, and the runner starts the program. */
  readonly live?: LocalRunner;
}

/** The runner of live updates, as the containers of an image have it. */
export interface LocalRunner {
  /** The runner's program, absolute. */
  readonly file: string;
  /** What a client has to say: every user of this machine can reach the runner's port. */
  readonly token: string;
}

/** The images that this machine can run. */
export interface LocalImages {
  readonly find: (reference: string) => LocalImage | undefined;
}
