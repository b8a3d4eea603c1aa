import { buildsRows } from './builds-tab.ts';
import { commandsRows } from './commands-tab.ts';
import { describeRows } from './describe-tab.ts';
import { eventsRows } from './events-tab.ts';
import { probesRows } from './probes-tab.ts';
import type { TabRows } from './tab-row.ts';
import { timelineRows } from './timeline-tab.ts';

export type TabName = 'probes' | 'events' | 'builds' | 'timeline' | 'commands' | 'describe';

/** The tabs of the service view besides its logs, in the order in which they stand. */
export const tabs: readonly { readonly name: TabName; readonly title: string; readonly rows: TabRows }[] = [
  { name: 'probes', title: 'Probes', rows: probesRows },
  { name: 'events', title: 'Events', rows: eventsRows },
  { name: 'builds', title: 'Builds', rows: buildsRows },
  { name: 'timeline', title: 'Timeline', rows: timelineRows },
  { name: 'commands', title: 'Commands', rows: commandsRows },
  { name: 'describe', title: 'Describe', rows: describeRows },
];
