import type { NavigationCommand } from '../../model/keymap/navigation-keys.ts';
import { goBack, onScreen, selectedName, type TabName, tabNames, type ViewState } from '../view-state.ts';
import { type CommandContext, selectedRow } from './command-context.ts';
import { moveRow } from './move-row.ts';

type Moving = Exclude<NavigationCommand, 'quit' | 'interrupt'>;

const tabOf: Readonly<Partial<Record<Moving, TabName>>> = {
  logsTab: 'logs',
  probesTab: 'probes',
  eventsTab: 'events',
  buildsTab: 'builds',
  timelineTab: 'timeline',
  commandsTab: 'commands',
  describeTab: 'describe',
};

/** The view after a key that moves about in it. */
export function navigate(before: ViewState, command: Moving, context: CommandContext): ViewState {
  const view = seen(before, context);
  const tab = tabOf[command];
  if (tab) return openTab(view, tab, context);
  switch (command) {
    case 'selectPrevious':
      return view.screen === 'service' ? moveRow(view, -1, context) : moveSelection(view, -1, context);
    case 'selectNext':
      return view.screen === 'service' ? moveRow(view, 1, context) : moveSelection(view, 1, context);
    case 'previousService':
      return moveSelection(view, -1, context);
    case 'nextService':
      return moveSelection(view, 1, context);
    case 'openService':
      return openTab(view, view.tab, context);
    case 'previousTab':
      return openTab(view, tabBeside(view.tab, -1), context);
    case 'nextTab':
      return openTab(view, tabBeside(view.tab, 1), context);
    case 'zoom':
      return { ...view, zoomed: !view.zoomed };
    case 'sort':
      return { ...view, byAttention: !view.byAttention };
    case 'palette':
      return { ...view, overlay: { kind: 'palette', text: '', index: 0 } };
    case 'help':
      return { ...view, overlay: { kind: 'help', top: 0 } };
    default:
      return goBack(view);
  }
}

/** What the user has selected, its problem shows. */
function seen(view: ViewState, { feed }: CommandContext): ViewState {
  return view.selected === undefined ? view : { ...view, seen: new Map(view.seen).set(view.selected, feed.get().now) };
}

/** Opens the service view of the selected service, which is then the user's own choice. */
function openTab(view: ViewState, tab: TabName, context: CommandContext): ViewState {
  const selected = selectedRow(context, view)?.name;
  return selected === undefined ? view : { ...onScreen(view, 'service'), selected, tab, row: 0 };
}

const tabBeside = (tab: TabName, by: number): TabName =>
  tabNames[(tabNames.indexOf(tab) + by + tabNames.length) % tabNames.length] ?? tab;

function moveSelection(view: ViewState, by: number, context: CommandContext): ViewState {
  const { rows } = context.order();
  const index = rows.findIndex(({ name }) => name === selectedName(view, rows));
  const next = rows[Math.min(Math.max(0, index + by), rows.length - 1)];
  return next ? { ...view, selected: next.name, row: 0 } : view;
}
