/** What a screen may ask of the loop. */
export interface Intents {
  /** Ends the loop; the release keeps running in the cluster. */
  readonly quit: () => void;
  /** The same, asked by Ctrl-C: the command ends with the exit code of an interrupted program. */
  readonly interrupt: () => void;
}
