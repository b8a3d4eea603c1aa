import { cli } from '../harness/paths.ts';
import type { Stage } from '../harness/stage.ts';
import { DashboardTerminal } from './dashboard-terminal.ts';

/** Starts `devloop up` on a stage's sandbox, on a terminal of 120 by 40. @param env added to the stage's */
export function openTerminal({ workspace, env: own }: Stage, env: NodeJS.ProcessEnv = {}): DashboardTerminal {
  const command = `'${process.execPath}' '${cli}' up --cluster sandbox`;
  return new DashboardTerminal(command, { cwd: workspace.folder, env: { ...own, ...env }, columns: 120, rows: 40 });
}
