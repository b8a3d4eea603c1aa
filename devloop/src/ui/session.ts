import type { Intents } from '../model/intents.ts';
import type { KeptLine, LogStore } from '../state/log-store.ts';
import { serviceRows } from '../state/service-row.ts';
import type { Feed } from './feed.ts';
import { type Command, commandOf } from './keymap.ts';
import { matchingLines, scrolled } from './log-window.ts';
import { frozenAt, goBack, selectedName, type ViewState, type ViewStore } from './view-state.ts';

/** What the screens read and where their keys go; none of it is React's. */
export interface Session {
  readonly feed: Feed;
  readonly view: ViewStore;
  readonly logs: LogStore;
  /** @param page rows of the log window */
  readonly press: (key: string, page: number) => void;
  /** Text from the clipboard: it is text for the filter, never keys. */
  readonly paste: (text: string) => void;
}

export function createSession(feed: Feed, view: ViewStore, logs: LogStore, intents: Intents): Session {
  const run = (command: Command, page: number) => {
    if (command === 'quit') intents.quit();
    else if (command === 'interrupt') intents.interrupt();
    else view.set((current) => applyCommand(current, command, { feed, logs, page }));
  };
  return {
    feed,
    view,
    logs,
    press: (key, page) => {
      if (view.get().typing && key !== 'ctrl+c') {
        view.set((current) => typed(current, key));
        return;
      }
      const command = commandOf(key);
      if (command) run(command, page);
    },
    paste: (text) =>
      view.set((current) => (current.typing ? { ...current, filter: current.filter + oneLine(text) } : current)),
  };
}

/** The lines that the view shows: of its service, with its filter. */
export function shownLines(logs: LogStore, view: ViewState, selected: string | undefined): readonly KeptLine[] {
  return matchingLines(logs.lines(view.scope === 'selected' ? selected : undefined), view.filter);
}

interface CommandContext {
  readonly feed: Feed;
  readonly logs: LogStore;
  readonly page: number;
}

function applyCommand(
  view: ViewState,
  command: Exclude<Command, 'quit' | 'interrupt'>,
  context: CommandContext,
): ViewState {
  switch (command) {
    case 'selectPrevious':
      return moveSelection(view, -1, context);
    case 'selectNext':
      return moveSelection(view, 1, context);
    case 'toggleScope':
      return { ...view, scope: view.scope === 'all' ? 'selected' : 'all' };
    case 'filter':
      return { ...view, typing: true, help: false };
    case 'follow':
      return frozenAt(view, view.bottom === undefined ? context.logs.version() : undefined);
    case 'timestamps':
      return { ...view, timestamps: !view.timestamps };
    case 'wrap':
      return { ...view, wrap: !view.wrap };
    case 'lineUp':
      return scroll(view, -1, context);
    case 'lineDown':
      return scroll(view, 1, context);
    case 'pageUp':
      return scroll(view, -Math.max(1, context.page - 1), context);
    case 'pageDown':
      return scroll(view, Math.max(1, context.page - 1), context);
    case 'oldest':
      return scroll(view, Number.NEGATIVE_INFINITY, context);
    case 'newest':
      return frozenAt(view, undefined);
    case 'back':
      return goBack(view);
    case 'help':
      return { ...view, help: !view.help };
    default:
      return command satisfies never;
  }
}

function moveSelection(view: ViewState, by: number, { feed }: CommandContext): ViewState {
  const rows = serviceRows(feed.get().state);
  const index = rows.findIndex(({ name }) => name === selectedName(view, rows));
  const next = rows[Math.min(Math.max(0, index + by), rows.length - 1)];
  return next ? { ...view, selected: next.name } : view;
}

function scroll(view: ViewState, by: number, { feed, logs, page }: CommandContext): ViewState {
  const lines = shownLines(logs, view, selectedName(view, serviceRows(feed.get().state)));
  return frozenAt(view, scrolled(lines, view.bottom, by, page));
}

/** A key while the filter is typed. */
function typed(view: ViewState, key: string): ViewState {
  switch (key) {
    case 'enter':
      return { ...view, typing: false };
    case 'esc':
      return goBack(view);
    case 'backspace':
      return { ...view, filter: [...view.filter].slice(0, -1).join('') };
    case 'ctrl+u':
      return { ...view, filter: '' };
    case 'space':
      return { ...view, filter: `${view.filter} ` };
    default:
      return [...key].length === 1 ? { ...view, filter: view.filter + key } : view;
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s*[\r\n]+\s*/g, ' ');
