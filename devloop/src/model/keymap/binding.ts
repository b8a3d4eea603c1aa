/** Where a key does what it says; everywhere when it is not given. */
export type Place = 'overview' | 'service';

/** One row of the table of keys. */
export interface Binding<Command extends string = string> {
  readonly command: Command;
  /** Names as the dashboard reports them: `j`, `F`, `up`, `shift+up`, `ctrl+c`, `enter`, `space`; any of them does. */
  readonly keys: readonly string[];
  /** For the footer, a word; not set for keys that only the help shows. */
  readonly label?: string;
  /** For the help, the palette and docs/keys.md. */
  readonly description: string;
  readonly in?: Place;
}
