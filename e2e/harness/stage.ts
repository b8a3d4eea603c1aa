import type { Kubectl } from './kubectl.ts';
import type { AppPorts } from './tasks-app.ts';
import type { Workspace } from './workspace.ts';

/** Where one scenario plays: all that differs between the real cluster and a sandbox. */
export interface Stage {
  readonly workspace: Workspace;
  readonly ports: AppPorts;
  readonly kubectl: Kubectl;
  /** The environment of devloop. */
  readonly env: NodeJS.ProcessEnv;
  /** That of the scenario's own kubectl and helm. */
  readonly toolsEnv: NodeJS.ProcessEnv;
  /** Removes the namespace and the workspace, without devloop's help. */
  readonly remove: () => Promise<void>;
}
