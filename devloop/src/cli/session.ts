import { systemClock } from '../adapters/clock/system-clock.ts';
import { checkDocker, createDocker } from '../adapters/docker/docker-cli.ts';
import { createFiles } from '../adapters/files/project-files.ts';
import { checkHelm, createHelm } from '../adapters/helm/helm-cli.ts';
import { createKubernetes } from '../adapters/kubernetes/client.ts';
import { connect, readKubeConfig } from '../adapters/kubernetes/connection.ts';
import { createRunCommand } from '../adapters/processes/run-command.ts';
import { loadConfig } from '../config/load.ts';
import { resolveProject, selectServices } from '../config/resolve.ts';
import type { Outside } from '../engine/outside.ts';
import type { ClusterTarget } from '../model/cluster.ts';
import type { ProjectSpec } from '../model/project.ts';
import { createStore, type Store } from '../state/store.ts';
import { askToStart } from './ask-to-start.ts';
import { chooseCluster } from './choose-cluster.ts';
import type { CommonOptions } from './options.ts';

/** What a command works with: the project, the chosen cluster, and the outside systems. */
export interface Session {
  readonly project: ProjectSpec;
  readonly target: ClusterTarget;
  readonly store: Store;
  readonly outside: Outside;
  readonly loadProject: () => Promise<ProjectSpec>;
}

/** Loads the configuration, as every command does first. */
export async function loadProject(options: CommonOptions, services: readonly string[] = []): Promise<ProjectSpec> {
  const loaded = await loadConfig(process.cwd(), options.config);
  return selectServices(resolveProject(loaded, options.namespace), services);
}

/**
 * Everything that a command needs of this machine, checked before anything is changed.
 * @param needs whether the command builds images
 */
export async function openSession(
  options: CommonOptions,
  services: readonly string[],
  needs: { docker: boolean },
): Promise<Session> {
  const load = () => loadProject(options, services);
  const project = await load();
  const store = createStore(systemClock.now);
  const run = createRunCommand(
    {
      started: (command) => store.dispatch({ type: 'command.started', command }),
      ended: (command) => store.dispatch({ type: 'command.ended', command }),
    },
    systemClock.now,
  );
  const [target] = await Promise.all([chooseTarget(run, options, project), checkHelm(run)]);
  const tools = needs.docker ? await checkDocker(run, target.dockerEnv) : { buildx: 'docker-buildx' };
  const outside: Outside = {
    docker: createDocker(run, target, tools),
    helm: createHelm(run, target.context, project.root),
    kubernetes: createKubernetes(connect(target.context), systemClock),
    files: createFiles(systemClock),
  };
  return { project, target, store, outside, loadProject: load };
}

function chooseTarget(
  run: ReturnType<typeof createRunCommand>,
  options: CommonOptions,
  project: ProjectSpec,
): Promise<ClusterTarget> {
  const kubeConfig = readKubeConfig();
  return chooseCluster(run, {
    cluster: options.cluster,
    ...(options.context !== undefined && { context: options.context }),
    ...(options.profile !== undefined && { profile: options.profile }),
    allowContexts: project.allowContexts,
    kubeconfig: {
      current: kubeConfig.getCurrentContext() ?? '',
      // client-node leaves the list out where it read no file.
      contexts: (kubeConfig.getContexts() ?? []).map(({ name }) => name),
    },
    ...(process.stdin.isTTY && process.stderr.isTTY && { offerStart: askToStart }),
  });
}
