/** What a screen may ask. What comes of it is an event, most often a `notice`; one that fails never ends the loop. */
export interface Intents extends LoopIntents, MachineIntents {
  /** Ends the loop; the release keeps running in the cluster. */
  readonly quit: () => void;
  /** The same, asked by Ctrl-C: the command ends with the exit code of an interrupted program. */
  readonly interrupt: () => void;
}

/** What is asked of the loop. Services are named; one that does not exist, or cannot do it, is told of. */
export interface LoopIntents {
  /** Builds a service's image now, even when nothing has changed; pods are started anew when it is another one. */
  readonly rebuild: (service: string) => void;
  /** Starts a service's pods anew, as `kubectl rollout restart` does. */
  readonly restart: (service: string) => void;
  /** From now on edits are only collected: `state.paused` says how many files wait. */
  readonly pause: () => void;
  /** What was collected is one edit now. */
  readonly resume: () => void;
  /** Brings the service's release back to the newest revision in which all of it was ready: see `rollbackTarget`. */
  readonly rollback: (service: string) => void;
  /** One that is not active is not built, updated or forwarded; its pods stay. */
  readonly setActive: (service: string, active: boolean) => void;
}

/** What is asked of this machine. */
export interface MachineIntents {
  /** Opens a URL of this machine's loopback in the desktop's browser. */
  readonly open: (url: string) => void;
  /** Puts a text into the clipboard. */
  readonly copy: (text: string) => void;
  /** Writes a text into a new file of the project's state folder. */
  readonly saveLog: (text: string) => void;
  /**
   * Gives the terminal to a shell in a pod until that ends.
   * @param container default: the first one that runs the service's image
   */
  readonly shell: (pod: string, container?: string) => void;
}
