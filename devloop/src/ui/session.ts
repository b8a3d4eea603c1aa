import type { Intents } from '../model/intents.ts';
import { type Command, commandOf, defaultKeymap, type Keymap } from '../model/keymap/keymap.ts';
import type { LogStore } from '../state/log-store.ts';
import type { CommandContext } from './commands/command-context.ts';
import { pasteIntoFilter, typeIntoFilter } from './commands/log-commands.ts';
import { runCommand } from './commands/run-command.ts';
import type { Feed } from './feed.ts';
import { pressInOverlay } from './overlays/press-in-overlay.ts';
import { createServiceOrder, type ServiceOrder } from './service-order.ts';
import type { ViewState, ViewStore } from './view-state.ts';

/** What the screens read and where their keys go; none of it is React's. */
export interface Session {
  readonly feed: Feed;
  readonly view: ViewStore;
  readonly logs: LogStore;
  readonly keymap: () => Keymap;
  readonly order: () => ServiceOrder;
  readonly press: (key: string) => void;
  /** Text from the clipboard: it is text for a field, never keys. */
  readonly paste: (text: string) => void;
  /** How many rows of the log, of a tab or of the help show: what a page is. */
  readonly setPage: (rows: number) => void;
}

export function createSession(feed: Feed, view: ViewStore, logs: LogStore, intents: Intents): Session {
  const keymap = (): Keymap => feed.get().state.project?.ui.keymap ?? defaultKeymap;
  const run = (command: Command, context: CommandContext) => runCommand(view, command, intents, context);
  const order = createServiceOrder(feed, view);
  let page = 1;
  return {
    feed,
    view,
    logs,
    keymap,
    order,
    press: (key) => {
      const context: CommandContext = { feed, logs, order, page };
      const current = view.get();
      const command = commandOf(keymap(), key, current.screen);
      if (command === 'interrupt') intents.interrupt();
      else if (current.overlay) pressInOverlay(view, key, keymap(), context, run);
      else if (current.logs.typing) view.set((now) => typeIntoFilter(now, key));
      else if (command) run(command, context);
    },
    setPage: (rows) => {
      page = rows;
    },
    paste: (text) => view.set((current) => pasted(current, text.replaceAll(/\s*[\r\n]+\s*/g, ' '))),
  };
}

function pasted(view: ViewState, text: string): ViewState {
  const { overlay, logs } = view;
  if (overlay?.kind === 'palette') return { ...view, overlay: { ...overlay, text: overlay.text + text, index: 0 } };
  return overlay || !logs.typing ? view : pasteIntoFilter(view, text);
}
