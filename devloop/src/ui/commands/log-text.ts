import { wallTime } from '../../lib/time-text.ts';
import type { ViewState } from '../view-state.ts';
import { type CommandContext, selectedRow } from './command-context.ts';
import { shownLines } from './log-commands.ts';

/** The log that shows, as plain text. */
export const logText = (view: ViewState, context: CommandContext): string =>
  shownLines(context.logs, view, selectedRow(context, view)?.name)
    .map(({ at, service, text }) => `${wallTime(at)} ${service} ${text}\n`)
    .join('');
