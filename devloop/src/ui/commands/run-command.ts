import type { Intents } from '../../model/intents.ts';
import { type ActionCommand, actionKeys } from '../../model/keymap/action-keys.ts';
import type { Command } from '../../model/keymap/keymap.ts';
import { type LogCommand, logKeys } from '../../model/keymap/log-keys.ts';
import { showsLogs, type ViewStore } from '../view-state.ts';
import { act } from './act.ts';
import type { CommandContext } from './command-context.ts';
import { applyLogs } from './log-commands.ts';
import { moveRow } from './move-row.ts';
import { navigate } from './navigate.ts';

/** Does what a command says: to the view, or by an intent. */
export function runCommand(view: ViewStore, command: Command, intents: Intents, context: CommandContext): void {
  if (command === 'quit') intents.quit();
  else if (command === 'interrupt') intents.interrupt();
  else if (isAction(command)) act(view.get(), command, intents, context);
  else if (isOfLogs(command)) {
    view.set((current) =>
      showsLogs(current)
        ? applyLogs(current, command, context)
        : moveRow(current, rowsOf(command, context.area.height), context),
    );
  } else view.set((current) => navigate(current, command, context));
}

const isAction = (command: Command): command is ActionCommand =>
  actionKeys.some((binding) => binding.command === command);
const isOfLogs = (command: Command): command is LogCommand => logKeys.some((binding) => binding.command === command);

/** How far a key that scrolls the log goes in a list of rows; 0 for those that do nothing else. */
function rowsOf(command: LogCommand, page: number): number {
  const rows: Partial<Record<LogCommand, number>> = {
    lineUp: -1,
    lineDown: 1,
    pageUp: -Math.max(1, page - 1),
    pageDown: Math.max(1, page - 1),
    oldest: Number.NEGATIVE_INFINITY,
    newest: Number.POSITIVE_INFINITY,
  };
  return rows[command] ?? 0;
}
