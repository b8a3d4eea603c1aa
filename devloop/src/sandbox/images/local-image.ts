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
}

/** The images that this machine can run. */
export interface LocalImages {
  readonly find: (reference: string) => LocalImage | undefined;
}
