import type { Clock } from '../model/clock.ts';
import type { Intents } from '../model/intents.ts';
import type { LogStore } from '../state/log-store.ts';
import { serviceRows } from '../state/service-row.ts';
import type { Feed } from './feed.ts';
import { type Command, commandOf } from './keymap.ts';
import { applyLogCommand, type LogContext, pasteIntoFilter, typeIntoFilter } from './logs/log-commands.ts';
import { createLogIndex, type LogIndex } from './logs/log-index.ts';
import { goBack, selectedName, type ViewState, type ViewStore } from './view-state.ts';

/** What the screens read and where their keys go; none of it is React's. */
export interface Session {
  readonly feed: Feed;
  readonly view: ViewStore;
  readonly logIndex: LogIndex;
  readonly press: (key: string, logArea: LogArea) => void;
  /** Text from the clipboard: it is text for the filter, never keys. */
  readonly paste: (text: string) => void;
}

/** Where the log lines show: columns of the terminal, and rows. */
export interface LogArea {
  readonly columns: number;
  readonly height: number;
}

export function createSession(feed: Feed, view: ViewStore, logs: LogStore, intents: Intents, clock: Clock): Session {
  const logIndex = createLogIndex(logs, clock);
  const contextOf = (current: ViewState, logArea: LogArea): LogContext => {
    const rows = serviceRows(feed.get().state);
    return {
      ...logArea,
      logs: logIndex,
      selected: selectedName(current, rows),
      names: rows.map(({ name }) => name),
      newest: logs.version(),
      now: clock.now(),
    };
  };
  const run = (command: Command, logArea: LogArea) => {
    if (command === 'quit') intents.quit();
    else if (command === 'interrupt') intents.interrupt();
    else view.set((current) => applyCommand(current, command, feed, () => contextOf(current, logArea)));
  };
  return {
    feed,
    view,
    logIndex,
    press: (key, logArea) => {
      if (view.get().logs.typing && key !== 'ctrl+c') {
        view.set((current) => ({ ...current, logs: typeIntoFilter(current.logs, key) }));
        return;
      }
      const command = commandOf(key);
      if (command) run(command, logArea);
    },
    paste: (text) => view.set((current) => ({ ...current, logs: pasteIntoFilter(current.logs, text) })),
  };
}

function applyCommand(
  view: ViewState,
  command: Exclude<Command, 'quit' | 'interrupt'>,
  feed: Feed,
  logContext: () => LogContext,
): ViewState {
  switch (command) {
    case 'selectPrevious':
      return moveSelection(view, -1, feed);
    case 'selectNext':
      return moveSelection(view, 1, feed);
    case 'toggleScope':
      return { ...view, logs: { ...view.logs, scope: view.logs.scope === 'all' ? 'selected' : 'all' } };
    case 'back':
      return goBack(view);
    case 'help':
      return { ...view, help: !view.help };
    default:
      return {
        ...view,
        help: view.help && command !== 'filter',
        logs: applyLogCommand(view.logs, command, logContext()),
      };
  }
}

function moveSelection(view: ViewState, by: number, feed: Feed): ViewState {
  const rows = serviceRows(feed.get().state);
  const index = rows.findIndex(({ name }) => name === selectedName(view, rows));
  const next = rows[Math.min(Math.max(0, index + by), rows.length - 1)];
  return next ? { ...view, selected: next.name } : view;
}
