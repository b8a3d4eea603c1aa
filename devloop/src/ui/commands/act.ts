import type { Intents } from '../../model/intents.ts';
import type { ActionCommand } from '../../model/keymap/action-keys.ts';
import { failureCard } from '../../state/failure-card.ts';
import { forwardsOf, podsOf } from '../../state/of-service.ts';
import { targetPod } from '../../state/service-pods.ts';
import { shownLogText, visibleLogText } from '../logs/log-text.ts';
import { tabRows } from '../tab-rows.ts';
import { showsLogs, type ViewState } from '../view-state.ts';
import { type CommandContext, selectedRow } from './command-context.ts';
import { logFrame } from './log-commands.ts';

type OfService = Exclude<ActionCommand, 'pause' | 'copy' | 'copyFix' | 'saveLog'>;

/** Does what a key asks of the selected service or of the loop; what becomes of it comes as an event. */
export function act(view: ViewState, command: ActionCommand, intents: Intents, context: CommandContext): void {
  if (command === 'pause') {
    if (context.feed.get().state.paused) intents.resume();
    else intents.pause();
  } else if (command === 'saveLog') intents.saveLog(shownLogText(view.logs, logFrame(view, context)));
  else if (command === 'copy') copy(view, intents, context);
  else if (command === 'copyFix') copyFix(view, intents, context);
  else {
    const service = selectedRow(context, view)?.name;
    if (service !== undefined) actOn(service, command, intents, context);
  }
}

function actOn(service: string, command: OfService, intents: Intents, { feed }: CommandContext): void {
  const { state } = feed.get();
  switch (command) {
    case 'rebuild':
      intents.rebuild(service);
      break;
    case 'restart':
      intents.restart(service);
      break;
    case 'rollBack':
      intents.rollback(service);
      break;
    case 'toggleService':
      intents.setActive(service, state.services[service]?.spec?.active === false);
      break;
    case 'openUrl':
      for (const { local } of forwardsOf(state, service).slice(0, 1)) intents.open(`http://localhost:${local}`);
      break;
    case 'shell': {
      const pod = targetPod(state, service) ?? podsOf(state, service)[0];
      if (pod) intents.shell(pod.view.name);
      break;
    }
    default:
      command satisfies never;
  }
}

/** The selected row of a tab, as a whole; else the lines of the log in its window. */
function copy(view: ViewState, intents: Intents, context: CommandContext): void {
  const text = showsLogs(view)
    ? visibleLogText(view.logs, logFrame(view, context))
    : tabRows(view, context.feed.get(), context.area.columns)[view.row]?.copy;
  if (text !== undefined) intents.copy(text);
}

/** What the failure card or the problem that shows says to do. */
function copyFix(view: ViewState, intents: Intents, context: CommandContext): void {
  const { state, now } = context.feed.get();
  const row = selectedRow(context, view);
  const card = row && failureCard(state, row.name, now);
  const { fix } = card ?? row?.problem ?? state.configProblem ?? {};
  if (fix !== undefined) intents.copy(fix);
}
