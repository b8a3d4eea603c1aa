import { ensureCluster } from './cluster.ts';
import { Kubectl, namespacePrefix } from './kubectl.ts';
import { requireFreePorts } from './ports.ts';
import type { Stage } from './stage.ts';
import { ownPorts, repositoryPorts, usePorts } from './tasks-app.ts';
import { Workspace } from './workspace.ts';

export interface ClusterStageOptions {
  /** With the repository's own ports, rather than those that nobody else uses. */
  readonly asItStands?: boolean;
  /** A folder of e2e/fixtures: the project, instead of the repository's sample. */
  readonly fixture?: string | undefined;
}

/** A namespace of the real cluster. */
export async function openClusterStage(
  slug: string,
  { asItStands = false, fixture }: ClusterStageOptions,
): Promise<Stage> {
  const { context, env } = await ensureCluster();
  const kubectl = new Kubectl(context, `${namespacePrefix}${slug}`, env);
  await kubectl.deleteNamespace();
  const ports = asItStands ? repositoryPorts : ownPorts;
  await requireFreePorts(Object.values(ports));
  const workspace = await Workspace.create(fixture);
  if (!asItStands && fixture === undefined) await usePorts(workspace, ports);
  const remove = async () => {
    await kubectl.deleteNamespace();
    await workspace.remove();
  };
  return { workspace, ports, kubectl, env, toolsEnv: env, remove };
}
