import type { LogCommand } from '../../model/keymap/log-keys.ts';
import { applyLogCommand } from '../logs/log-commands.ts';
import type { LogFrame } from '../logs/log-place.ts';
import type { ViewState } from '../view-state.ts';
import { type CommandContext, selectedRow } from './command-context.ts';

/** The view after a key that concerns its logs. */
export function applyLogs(view: ViewState, command: LogCommand, context: CommandContext): ViewState {
  const { feed, now } = context;
  const { logVersion } = feed.get();
  const logs = applyLogCommand(view.logs, command, {
    ...logFrame(view, context),
    newest: logVersion,
    now: now(),
  });
  return logs === view.logs ? view : { ...view, logs };
}

/** The place where the logs show, and whose they are. */
export function logFrame(view: ViewState, context: CommandContext): LogFrame {
  const { feed, logs, area } = context;
  return { ...area, logs, selected: selectedRow(context, view)?.name, names: Object.keys(feed.get().state.services) };
}
