import type { Span } from '../lib/spans.ts';
import type { Command, Keymap } from '../model/keymap/keymap.ts';
import { failureCard } from '../state/failure-card.ts';
import type { ServiceRow } from '../state/service-row.ts';
import { type CardAction, failureCardSpans } from './failure-card-spans.ts';
import type { Snapshot } from './feed.ts';
import { problemRows } from './problem-rows.ts';
import { shownKey } from './shown-key.ts';

/** Makes the rows that say why the selected service is not healthy, so many at the most. */
export type FailurePanel = (height: number) => Span[][];

/** The card of a service that has failed; else what else is wrong with it, or with the configuration. */
export function failurePanel(
  row: ServiceRow | undefined,
  { state, now }: Snapshot,
  keymap: Keymap,
  columns: number,
): FailurePanel {
  const card = row && failureCard(state, row.name, now);
  if (card) return (height) => failureCardSpans(card, columns, height, (action) => shownKey(keymap, commands[action]));
  const problem = row?.problem ?? state.configProblem;
  return (height) => (problem ? problemRows(problem, columns, height) : []);
}

const commands: Readonly<Record<CardAction, Command>> = {
  logs: 'logsTab',
  previous: 'logsTab',
  probes: 'probesTab',
  events: 'eventsTab',
  builds: 'buildsTab',
  commands: 'commandsTab',
  describe: 'describeTab',
  shell: 'shell',
  rollback: 'rollBack',
  restart: 'restart',
  rebuild: 'rebuild',
  copyFix: 'copyFix',
};
