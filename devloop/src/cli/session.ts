import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { checkDocker, createDocker } from '../adapters/docker/docker-cli.ts';
import { createFiles } from '../adapters/files/project-files.ts';
import { type FoundHelm, findHelm } from '../adapters/helm/find-helm.ts';
import { createHelm } from '../adapters/helm/helm-cli.ts';
import { HelmRuns } from '../adapters/helm/helm-runs.ts';
import { createKubernetes } from '../adapters/kubernetes/client.ts';
import { connect } from '../adapters/kubernetes/connection.ts';
import { readKubeConfig } from '../adapters/kubernetes/kubeconfig.ts';
import { createRunCommand } from '../adapters/processes/run-command.ts';
import { loadConfig } from '../config/load.ts';
import { resolveProject, selectServices } from '../config/resolve.ts';
import { createLedger } from '../engine/ledger.ts';
import type { Docker, Files, Outside, RunCommand } from '../engine/outside.ts';
import { Bundles } from '../live/bundles.ts';
import { createLive } from '../live/create-live.ts';
import type { ClusterTarget } from '../model/cluster.ts';
import type { ProjectSpec } from '../model/project.ts';
import { signalProcess, startTimeOf } from '../sandbox/node/processes/process-groups.ts';
import { createStore, type Store } from '../state/store.ts';
import { askToStart } from './ask-to-start.ts';
import { chooseCluster } from './choose-cluster.ts';
import { declaredSecrets } from './declared-secrets.ts';
import { maskError } from './mask-error.ts';
import type { SandboxUse } from './open-sandbox.ts';
import type { CommonOptions } from './options.ts';
import { stateFault, stateFolder } from './state-folder.ts';
import { runnerVersion, withRunner } from './with-runner.ts';
import { type Alone, workAlone } from './work-alone.ts';

/** What a command works with: the project, the chosen cluster, and the outside systems. */
export interface Session {
  readonly project: ProjectSpec;
  readonly target: ClusterTarget;
  readonly store: Store;
  readonly outside: Outside;
  readonly loadProject: () => Promise<ProjectSpec>;
  /** Warnings of before anybody could hear them. */
  readonly earlyWarnings: readonly string[];
  /** The cluster ends with this command: it is a sandbox that runs in this process. */
  readonly ephemeral: boolean;
}

export interface SessionNeeds {
  /** Whether the command builds images. */
  readonly docker: boolean;
  /** What it does with the sandbox, where that is the cluster. */
  readonly sandbox: SandboxUse;
  /** Its name, where no other devloop may work on the project or its releases meanwhile. */
  readonly alone?: string;
  /** Default: a new one. */
  readonly store?: Store;
  /** Asked on a terminal when Minikube is stopped; true starts it. Default: a question on the terminal. */
  readonly offerStart?: (profile: string) => Promise<boolean>;
}

/** Beside the bundled command: `dist/runner`. */
const runnerFolder = fileURLToPath(new URL('runner', import.meta.url));

/** Loads the configuration, as every command does first. */
export async function loadProject(options: CommonOptions, services: readonly string[] = []): Promise<ProjectSpec> {
  const loaded = await loadConfig(process.cwd(), options.config);
  return selectServices(resolveProject(loaded, options.namespace), services);
}

/**
 * Runs a command's work with everything that it needs of this machine, which is checked before anything is changed.
 * What the session has started ends after the work, however that ends.
 */
export async function withSession<Result>(
  options: CommonOptions,
  services: readonly string[],
  needs: SessionNeeds,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const configured = await loadProject(options, services);
  if (needs.alone === undefined) return openSession(configured, options, services, needs, work);
  const alone = workAlone(needs.alone);
  try {
    await alone.onProject(configured);
    return await openSession(configured, options, services, needs, work, alone);
  } finally {
    await alone.end();
  }
}

async function openSession<Result>(
  configured: ProjectSpec,
  options: CommonOptions,
  services: readonly string[],
  needs: SessionNeeds,
  work: (session: Session) => Promise<Result>,
  alone?: Alone,
): Promise<Result> {
  const { store = createStore(systemClock.now), offerStart = askToStart } = needs;
  store.hide('secretEnv', declaredSecrets(configured));
  const ledger = createLedger(store.dispatch, systemClock.now);
  const run = createRunCommand(ledger);
  const [target, helm] = await Promise.all([
    chooseTarget(run, options, configured, offerStart),
    helmOf(run, configured),
  ]);
  await alone?.onReleases(configured, target);
  const version = await runnerVersion(runnerFolder);
  const onTarget = (read: ProjectSpec) => withRunner(read, version, target.kind === 'sandbox');
  const load = async () => {
    const read = await loadProject(options, services);
    store.hide('secretEnv', declaredSecrets(read));
    return onTarget(read);
  };
  const project = onTarget(configured);
  const files = createFiles(systemClock);
  const bundles = new Bundles(project.root);
  const earlyWarnings: string[] = [];
  let warn = (text: string): void => {
    earlyWarnings.push(text);
  };
  const cluster =
    target.kind === 'sandbox'
      ? await sandboxCluster(project, needs.sandbox, run, files, bundles, (text) => warn(text))
      : await dockerCluster(target, needs.docker, run, files);
  try {
    const { kubeconfig, docker } = cluster;
    const kubernetes = createKubernetes(connect(target.context, kubeconfig), systemClock, {
      ledger,
      kubectl: kubectlWords(target.context, kubeconfig),
    });
    const { dial, exec } = kubernetes;
    const live = createLive({ bundles, dial, exec, runnerOf: docker.runnerOf, clock: systemClock });
    const outside: Outside = {
      live,
      docker,
      files: cluster.files,
      helm: createHelm(run, {
        file: helm.file,
        env: cluster.helmEnv,
        // There, devloop sets images itself; Helm 3 does not know the flag and needs none.
        takesOver: target.kind === 'sandbox' && helm.major >= 4,
        context: target.context,
        cwd: project.root,
        runs: new HelmRuns(target.context, {
          folder: () => stateFolder(project, 'helm'),
          now: systemClock.now,
          startOf: startTimeOf,
          ...(cluster.ephemeral && { end: (pid) => signalProcess(pid, 'SIGKILL') }),
        }),
      }),
      kubernetes,
    };
    warn = (text) => store.dispatch({ type: 'notice', level: 'warning', text });
    const { ephemeral } = cluster;
    return await work({ project, target, store, outside, loadProject: load, earlyWarnings, ephemeral });
  } catch (error) {
    throw maskError(error, store);
  } finally {
    await cluster.close();
    await bundles.close();
  }
}

/** What differs between a cluster and the sandbox. */
interface ClusterParts {
  readonly docker: Docker;
  readonly files: Files;
  readonly helmEnv: Readonly<Record<string, string>>;
  readonly kubeconfig?: string;
  readonly ephemeral: boolean;
  readonly close: () => Promise<void>;
}

async function dockerCluster(
  target: ClusterTarget,
  builds: boolean,
  run: RunCommand,
  files: Files,
): Promise<ClusterParts> {
  const tools = builds ? await checkDocker(run, target.dockerEnv) : { buildx: 'docker-buildx' };
  return {
    docker: createDocker(run, target, tools, runnerFolder),
    files,
    helmEnv: {},
    ephemeral: false,
    close: async () => {},
  };
}

/** Loaded for the sandbox only: it is a third of devloop's code. */
async function sandboxCluster(
  project: ProjectSpec,
  use: SandboxUse,
  run: RunCommand,
  files: Files,
  bundles: Bundles,
  warn: (text: string) => void,
): Promise<ClusterParts> {
  const { openSandbox } = await import('./open-sandbox.ts');
  return openSandbox(project, use, run, files, bundles, warn);
}

/** How a kubectl line for the cluster begins. */
const kubectlWords = (context: string, kubeconfig: string | undefined): readonly string[] => [
  ...(kubeconfig === undefined ? [] : [`KUBECONFIG=${kubeconfig}`]),
  ...['kubectl', '--context', context],
];

async function helmOf(run: RunCommand, project: ProjectSpec): Promise<FoundHelm> {
  try {
    return await findHelm(run, () => stateFolder(project, 'tools'), `${process.platform} ${process.arch}`);
  } catch (error) {
    throw stateFault(path.join(project.root, '.devloop/tools'), error);
  }
}

function chooseTarget(
  run: RunCommand,
  options: CommonOptions,
  project: ProjectSpec,
  offerStart: (profile: string) => Promise<boolean>,
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
    ...(process.stdin.isTTY && process.stderr.isTTY && { offerStart }),
  });
}
