/** What a screen may ask of the loop and of this machine. What becomes of it comes as an event. */
export interface Intents {
  /** Ends the loop; the release keeps running in the cluster. */
  readonly quit: () => void;
  /** The same, asked by Ctrl-C: the command ends with the exit code of an interrupted program. */
  readonly interrupt: () => void;
  readonly rebuild: (service: string) => void;
  readonly restart: (service: string) => void;
  readonly rollback: (service: string) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly setActive: (service: string, active: boolean) => void;
  readonly open: (url: string) => void;
  readonly copy: (text: string) => void;
  readonly saveLog: (text: string) => void;
  readonly shell: (pod: string, container?: string) => void;
}
