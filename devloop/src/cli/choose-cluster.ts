import {
  isRunning,
  type MinikubeProfile,
  minikubeProfiles,
  minikubeTarget,
  stoppedFault,
} from '../adapters/minikube/minikube-cli.ts';
import type { RunCommand } from '../engine/outside.ts';
import type { ClusterTarget } from '../model/cluster.ts';
import { environmentFault, usageFault } from '../model/errors.ts';
import { localContext } from '../model/local-context.ts';

export type ClusterChoice = 'auto' | 'minikube' | 'context' | 'sandbox';

export interface ClusterRequest {
  readonly cluster: ClusterChoice;
  /** `--context`. */
  readonly context?: string;
  /** `--profile`. */
  readonly profile?: string;
  /** What the configuration allows beside local clusters. */
  readonly allowContexts: readonly string[];
  /** What kubeconfig has. */
  readonly kubeconfig: { readonly current: string; readonly contexts: readonly string[] };
  /** Asked when Minikube is stopped; true starts it. Not given where there is no terminal. */
  readonly offerStart?: (profile: string) => Promise<boolean>;
}

/**
 * Which cluster to work on: a context that is named, else a Minikube that runs, else a current context that is local,
 * else the sandbox. A Minikube that is there but stopped is never passed over for the sandbox.
 * @throws Fault (environment, or usage for a context that is not allowed)
 */
export async function chooseCluster(run: RunCommand, request: ClusterRequest): Promise<ClusterTarget> {
  const { context, cluster } = request;
  if (context !== undefined) return contextTarget(run, request, context, 'named by --context');
  if (cluster === 'context') return contextTarget(run, request, request.kubeconfig.current, 'the current context');
  if (cluster === 'sandbox') return sandboxTarget('named by --cluster');
  const profiles = await minikubeProfiles(run);
  const profile = profiles && chooseProfile(profiles, request.profile);
  if (profile && isRunning(profile)) return minikubeTarget(run, profile, 'a running Minikube');
  if (cluster === 'minikube' || request.profile !== undefined) {
    if (!profiles)
      throw environmentFault({
        title: 'Minikube was not found',
        why: 'there is no minikube on the PATH',
        fix: 'Install Minikube, or use --cluster context.',
      });
    return startedTarget(run, request, profile ?? missingProfile(request.profile));
  }
  const current = request.kubeconfig.current;
  if (current && current !== profile?.name && localContext(current)) {
    const note = profile ? ` (Minikube ${profile.name} is ${profile.status.toLowerCase()})` : '';
    return contextTarget(run, request, current, `the current context, a local cluster${note}`);
  }
  if (profile) return startedTarget(run, request, profile);
  return sandboxTarget(`${withoutCluster(request, profiles && 'Minikube has no cluster')}`);
}

const sandboxTarget = (why: string): ClusterTarget => ({
  kind: 'sandbox',
  context: 'sandbox',
  why,
  dockerEnv: {},
  images: 'shared',
});

const missingProfile = (name = 'minikube'): MinikubeProfile => ({
  name,
  status: 'not created',
  runtime: 'docker',
  nodes: 1,
  active: false,
});

const chooseProfile = (profiles: readonly MinikubeProfile[], wanted?: string): MinikubeProfile | undefined =>
  wanted === undefined
    ? (profiles.find((one) => one.active && isRunning(one)) ??
      profiles.find(isRunning) ??
      profiles.find((one) => one.active) ??
      profiles[0])
    : profiles.find((one) => one.name === wanted);

async function startedTarget(
  run: RunCommand,
  request: ClusterRequest,
  profile: MinikubeProfile,
): Promise<ClusterTarget> {
  if (!(await request.offerStart?.(profile.name)))
    throw stoppedFault(profile.name, `it is ${profile.status.toLowerCase()}`);
  const result = await run({ file: 'minikube', args: ['--profile', profile.name, 'start'] });
  if (result.exitCode !== 0)
    throw stoppedFault(profile.name, result.stderr.trim().split('\n').at(-1) ?? 'minikube start failed');
  const again = chooseProfile((await minikubeProfiles(run)) ?? [], profile.name);
  if (!again) throw stoppedFault(profile.name, 'it is still not there after minikube start');
  return minikubeTarget(run, again, 'Minikube, started on request');
}

async function contextTarget(
  run: RunCommand,
  request: ClusterRequest,
  context: string,
  why: string,
): Promise<ClusterTarget> {
  const { contexts } = request.kubeconfig;
  if (!context) throw noCluster('kubeconfig has no current context');
  if (!contexts.includes(context)) {
    throw environmentFault({
      title: `There is no context ${context}`,
      why: contexts.length ? `kubeconfig has ${contexts.join(', ')}` : 'kubeconfig has no contexts',
      fix: 'See `kubectl config get-contexts`.',
    });
  }
  const local = localContext(context);
  const profile = (await minikubeProfiles(run))?.find((one) => one.name === context);
  if (profile) return isRunning(profile) ? minikubeTarget(run, profile, why) : startedTarget(run, request, profile);
  if (local) return { ...local, context, why, dockerEnv: {} };
  if (request.context === context && request.allowContexts.includes(context)) {
    return { kind: 'other', context, why: `${why} and allowed by the configuration`, dockerEnv: {}, images: 'shared' };
  }
  throw usageFault({
    title: `Context ${context} is not a local cluster`,
    why: 'devloop works on local clusters only, unless told otherwise twice',
    fix: `Name it with --context ${context} and add allowContexts: ['${context}'] to the configuration.`,
  });
}

function withoutCluster({ kubeconfig: { current } }: ClusterRequest, minikube = 'Minikube is not installed'): string {
  const rest = current ? `the current context ${current} is not a local cluster` : 'kubeconfig has no current context';
  return `${minikube}, and ${rest}`;
}

const noCluster = (why: string) =>
  environmentFault({
    title: 'There is no cluster',
    why,
    fix: 'Run `minikube start`, name a context with --context, or try --cluster sandbox.',
  });
