import type { Dispatch } from '../state/store.ts';

/** Where everything that devloop runs for the user is written down, to be read and pasted. */
export interface Ledger {
  /**
   * Writes a command down, and returns what ends it with its exit code.
   * @param line can be pasted into a shell
   */
  readonly begin: (line: string) => (exitCode: number) => void;
}

/** The ledger as events. @param now epoch milliseconds */
export function createLedger(dispatch: Dispatch, now: () => number): Ledger {
  let id = 0;
  return {
    begin: (line) => {
      id += 1;
      const command = { id, line, startedAt: now() };
      dispatch({ type: 'command.started', command });
      return (exitCode) =>
        dispatch({ type: 'command.ended', command: { ...command, ms: now() - command.startedAt, exitCode } });
    },
  };
}
