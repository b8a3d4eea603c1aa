import type { Clock } from '../model/clock.ts';
import type { Intents } from '../model/intents.ts';
import { type Command, commandOf, defaultKeymap, type Keymap } from '../model/keymap/keymap.ts';
import type { LogStore } from '../state/log-store.ts';
import type { CommandContext } from './commands/command-context.ts';
import { runCommand } from './commands/run-command.ts';
import type { Feed } from './feed.ts';
import { pasteIntoFilter, typeIntoFilter } from './logs/log-commands.ts';
import { createLogIndex, type LogIndex } from './logs/log-index.ts';
import { ClickAreas } from './mouse/click-areas.ts';
import type { MouseEvent } from './mouse/mouse-event.ts';
import { pressInOverlay } from './overlays/press-in-overlay.ts';
import { createServiceOrder, type ServiceOrder } from './service-order.ts';
import type { ViewState, ViewStore } from './view-state.ts';

/** What the screens read and where their keys go; none of it is React's. */
export interface Session {
  readonly feed: Feed;
  readonly view: ViewStore;
  readonly logIndex: LogIndex;
  readonly keymap: () => Keymap;
  readonly order: () => ServiceOrder;
  readonly press: (key: string) => void;
  /** Does what a command says, as its key would. */
  readonly run: (command: Command) => void;
  readonly clickAreas: ClickAreas;
  readonly point: (event: MouseEvent) => void;
  /** Text from the clipboard: it is text for a field, never keys. */
  readonly paste: (text: string) => void;
  /** Where the log, the rows of a tab, or the help show: what a page is. */
  readonly setArea: (columns: number, height: number) => void;
}

/** Lines that one step of the wheel scrolls. */
const linesOfWheel = 3;

export function createSession(feed: Feed, view: ViewStore, logs: LogStore, intents: Intents, clock: Clock): Session {
  const keymap = (): Keymap => feed.get().state.project?.ui.keymap ?? defaultKeymap;
  const run = (command: Command, context: CommandContext) => runCommand(view, command, intents, context);
  const order = createServiceOrder(feed, view);
  const logIndex = createLogIndex(logs, clock);
  const clickAreas = new ClickAreas();
  let area = { columns: 80, height: 1 };
  const contextNow = (): CommandContext => ({ feed, logs: logIndex, order, area, now: clock.now });
  const press = (key: string) => {
    const context = contextNow();
    const current = view.get();
    const command = commandOf(keymap(), key, current.screen);
    if (command === 'interrupt') intents.interrupt();
    else if (current.overlay) pressInOverlay(view, key, keymap(), context, run);
    else if (current.logs.typing) view.set((now) => ({ ...now, logs: typeIntoFilter(now.logs, key) }));
    else if (command) run(command, context);
  };
  return {
    feed,
    view,
    logIndex,
    keymap,
    order,
    clickAreas,
    press,
    run: (command) => run(command, contextNow()),
    point: ({ what, column, row }) => {
      if (what === 'click') return clickAreas.click(column, row);
      const scroll = keymap().find(({ command }) => command === (what === 'wheelUp' ? 'lineUp' : 'lineDown'));
      for (let line = 0; scroll?.keys[0] !== undefined && line < linesOfWheel; line += 1) press(scroll.keys[0]);
    },
    setArea: (columns, height) => {
      area = { columns, height };
    },
    paste: (text) => view.set((current) => pasted(current, text)),
  };
}

function pasted(view: ViewState, text: string): ViewState {
  const { overlay, logs } = view;
  if (overlay?.kind === 'palette')
    return { ...view, overlay: { ...overlay, text: overlay.text + text.replaceAll(/\s*[\r\n]+\s*/g, ' '), index: 0 } };
  return overlay ? view : { ...view, logs: pasteIntoFilter(logs, text) };
}
