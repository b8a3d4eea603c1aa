import type { CommandRecord } from '../model/operation.ts';
import type { Dispatch } from '../state/store.ts';

/** Where everything that devloop runs for the user is written down, to be read and pasted. */
export interface Ledger {
  /**
   * Writes a command down, and returns what ends it with its exit code.
   * @param line can be pasted into a shell
   * @param more the folder that it runs in, and what it is for
   */
  readonly begin: (line: string, more?: Pick<CommandRecord, 'cwd' | 'about'>) => (exitCode: number) => void;
}

/** The ledger as events. @param now epoch milliseconds */
export function createLedger(dispatch: Dispatch, now: () => number): Ledger {
  let id = 0;
  return {
    begin: (line, more = {}) => {
      id += 1;
      const command = { id, line, ...more, startedAt: now() };
      dispatch({ type: 'command.started', command });
      return (exitCode) =>
        dispatch({ type: 'command.ended', command: { ...command, ms: now() - command.startedAt, exitCode } });
    },
  };
}
