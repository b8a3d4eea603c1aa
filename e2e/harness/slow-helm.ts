import { rm } from 'node:fs/promises';
import { output } from './command.ts';
import { poll } from './http.ts';
import type { Scenario } from './scenario.ts';
import type { Workspace } from './workspace.ts';

// A chart whose helm stands still before it has changed anything, so that it can be cut off there.

const hook = 'helm/templates/slow-hook.yaml';
/** The project's release. */
const release = 'tasks';

/** Gives the chart a hook that takes so many seconds before each install and upgrade. */
export function slowDownHelm(workspace: Workspace, seconds: number): Promise<void> {
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'slow-hook',
      annotations: {
        'helm.sh/hook': 'pre-install,pre-upgrade',
        'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
      },
    },
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 0,
          containers: [
            {
              name: 'hook',
              image: 'node:24-alpine',
              imagePullPolicy: 'IfNotPresent',
              command: ['node', '-e', `setTimeout(() => {}, ${seconds * 1000})`],
            },
          ],
        },
      },
    },
  };
  return workspace.write(hook, JSON.stringify(job, null, 2));
}

export const speedUpHelm = (workspace: Workspace): Promise<void> => rm(workspace.path(hook));

export interface Revision {
  readonly revision: number;
  readonly status: string;
  readonly description: string;
}

/** What Helm says of the release, the oldest revision first. */
export async function helmHistory({ kubectl, namespace, toolsEnv }: Scenario): Promise<Revision[]> {
  const args = ['history', release, '--kube-context', kubectl.context, '--namespace', namespace, '--output', 'json'];
  return JSON.parse(await output('helm', args, { env: toolsEnv }));
}

/** Waits until the newest revision has a status, and gives its number. */
export async function helmReaches(given: Scenario, status: string): Promise<number> {
  let number = 0;
  await poll(`the release to be ${status}`, async () => {
    const last = (await helmHistory(given).catch(() => [])).at(-1);
    number = last?.revision ?? 0;
    return last?.status === status ? true : undefined;
  });
  return number;
}

/** The helm that devloop has on record for its release. */
export async function recordedHelm({ workspace }: Scenario): Promise<number> {
  const text = await output('sh', ['-c', 'cat .devloop/helm/*.json'], { cwd: workspace.folder });
  const runs: { pid?: number }[] = JSON.parse(text);
  const pid = runs.at(-1)?.pid;
  if (pid === undefined) throw new Error(`No helm is on record: ${text}`);
  return pid;
}
