import type { TabRows } from './tab-row.ts';
export const tabs: readonly {
  readonly name: 'probes' | 'events' | 'builds' | 'timeline' | 'commands' | 'describe';
  readonly title: string;
  readonly rows: TabRows;
}[] = [];
