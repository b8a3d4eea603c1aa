import type { LogCommand } from '../../model/keymap/log-keys.ts';
import type { KeptLine, LogStore } from '../../state/log-store.ts';
import { matchingLines, scrolled } from '../log-window.ts';
import { frozenAt } from '../logs/log-view.ts';
import type { ViewState } from '../view-state.ts';
import { type CommandContext, selectedRow } from './command-context.ts';

export function shownLines(logs: LogStore, view: ViewState, selected: string | undefined): readonly KeptLine[] {
  return matchingLines(logs.lines(view.screen === 'service' ? selected : undefined), view.logs.filter);
}

export function applyLogs(view: ViewState, command: LogCommand, context: CommandContext): ViewState {
  const logs = view.logs;
  const scroll = (by: number) => {
    const lines = shownLines(context.logs, view, selectedRow(context, view)?.name);
    return { ...view, logs: frozenAt(logs, scrolled(lines, logs.bottom, by, context.page)) };
  };
  switch (command) {
    case 'filter':
      return { ...view, logs: { ...logs, typing: true } };
    case 'follow':
      return { ...view, logs: frozenAt(logs, logs.bottom === undefined ? context.logs.version() : undefined) };
    case 'timestamps':
      return { ...view, logs: { ...logs, timestamps: !logs.timestamps } };
    case 'wrap':
      return { ...view, logs: { ...logs, wrap: !logs.wrap } };
    case 'lineUp':
      return scroll(-1);
    case 'lineDown':
      return scroll(1);
    case 'pageUp':
      return scroll(-Math.max(1, context.page - 1));
    case 'pageDown':
      return scroll(Math.max(1, context.page - 1));
    case 'oldest':
      return scroll(Number.NEGATIVE_INFINITY);
    case 'newest':
      return { ...view, logs: frozenAt(logs, undefined) };
    default:
      return command satisfies never;
  }
}

export function typeIntoFilter(view: ViewState, key: string): ViewState {
  const { logs } = view;
  const typed = (filter: string) => ({ ...view, logs: { ...logs, filter } });
  switch (key) {
    case 'enter':
      return { ...view, logs: { ...logs, typing: false } };
    case 'esc':
      return { ...view, logs: { ...logs, typing: false, filter: '' } };
    case 'backspace':
      return typed([...logs.filter].slice(0, -1).join(''));
    case 'ctrl+u':
      return typed('');
    case 'space':
      return typed(`${logs.filter} `);
    default:
      return [...key].length === 1 ? typed(logs.filter + key) : view;
  }
}

export const pasteIntoFilter = (view: ViewState, text: string): ViewState => ({
  ...view,
  logs: { ...view.logs, filter: view.logs.filter + text.replaceAll(/\s*[\r\n]+\s*/g, ' ') },
});
