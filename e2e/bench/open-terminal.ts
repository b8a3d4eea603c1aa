import { cli } from '../harness/paths.ts';
import type { Stage } from '../harness/stage.ts';
import { DashboardTerminal } from './dashboard-terminal.ts';

/** Starts `devloop up` on a stage's sandbox, on a terminal of 120 by 40. @param env added to the stage's */
export function openTerminal({ workspace, env: own }: Stage, env: NodeJS.ProcessEnv = {}): DashboardTerminal {
  const command = `'${process.execPath}' '${cli}' up --cluster sandbox`;
  return new DashboardTerminal(command, { cwd: workspace.folder, env: { ...own, ...env }, columns: 120, rows: 40 });
}

/** Waits until the dashboard shows each of the services ready. */
export async function untilReady(terminal: DashboardTerminal, services: readonly string[]): Promise<void> {
  const isReady = (service: string) => (row: string) => new RegExp(`\\b${service}\\b.*\\bready\\b`, 'i').test(row);
  await terminal.shows((rows) => services.every((service) => rows.some(isReady(service))), 120_000);
}
