import path from 'node:path';
import { helmBinary, kubectlBinary } from '../../helm/test/helm-binaries.ts';
import { environment } from './environment.ts';
import { Kubectl, namespacePrefix } from './kubectl.ts';
import { pathWithout } from './path-without.ts';
import { freePorts } from './ports.ts';
import { requireNoProcess } from './processes.ts';
import { hostSandbox } from './sandbox-host.ts';
import type { Stage } from './stage.ts';
import { type AppPorts, usePorts, useQuickFrontend } from './tasks-app.ts';
import { Workspace } from './workspace.ts';

/** Who runs the sandbox: the scenario for all its devloops, or a devloop of the scenario by itself. */
export type SandboxHost = 'scenario' | 'devloop';

export interface SandboxStageOptions {
  readonly host: SandboxHost;
  /** A folder of e2e/fixtures: the project, instead of the repository's sample. */
  readonly fixture?: string | undefined;
}

/** A workspace whose devloop finds no cluster, and so takes the sandbox by itself. */
export async function openSandboxStage(slug: string, { host, fixture }: SandboxStageOptions): Promise<Stage> {
  const [backend = 0, frontend = 0] = await freePorts(2);
  const ports = { backend, frontend };
  const workspace = await Workspace.create(fixture);
  if (fixture === undefined) await prepareSample(workspace, ports);
  const env = await environmentWithoutCluster(workspace);
  const folder = workspace.path('.devloop/sandbox');
  const toolsEnv = { ...env, KUBECONFIG: path.join(folder, 'kubeconfig'), KUBECACHEDIR: path.join(folder, 'cache') };
  const close = host === 'scenario' ? await hostSandbox(folder) : async () => {};
  const remove = async () => {
    try {
      await close();
      await requireNoProcess(workspace.folder);
    } finally {
      await workspace.remove();
    }
  };
  const kubectl = new Kubectl('sandbox', `${namespacePrefix}${slug}`, toolsEnv);
  return { workspace, ports, kubectl, env, toolsEnv, remove };
}

async function prepareSample(workspace: Workspace, ports: AppPorts): Promise<void> {
  await usePorts(workspace, ports);
  await useQuickFrontend(workspace);
}

/** This machine's, with Helm 4 and kubectl 1.35 but without Docker, Minikube and a kubeconfig. */
async function environmentWithoutCluster(workspace: Workspace): Promise<NodeJS.ProcessEnv> {
  const [helm] = await Promise.all([helmBinary(4), kubectlBinary(4)]);
  let searchPath = [path.dirname(helm), environment['PATH'] ?? ''].join(path.delimiter);
  for (const program of ['docker', 'minikube'])
    searchPath = await pathWithout(program, searchPath, workspace.path(`.git/without-${program}`));
  return { ...environment, PATH: searchPath, KUBECONFIG: workspace.path('.git/no-such-kubeconfig') };
}
