import type { RunCommand } from '../../engine/outside.ts';
import { sanitizeLine } from '../../lib/sanitize.ts';
import type { ClusterTarget } from '../../model/cluster.ts';
import { environmentFault, Fault } from '../../model/errors.ts';

export interface MinikubeProfile {
  readonly name: string;
  /** `OK` or `Running` when it runs; `Stopped`, `Paused` and others when not. */
  readonly status: string;
  readonly runtime: string;
  readonly nodes: number;
  readonly active: boolean;
}

// The fields of `minikube profile list -o json` that are read here, as Minikube 1.37 prints them.
interface ProfileList {
  readonly valid?: readonly {
    readonly Name: string;
    readonly Status: string;
    readonly Active?: boolean;
    readonly Config?: {
      readonly KubernetesConfig?: { readonly ContainerRuntime?: string };
      readonly Nodes?: readonly unknown[] | null;
    };
  }[];
}

/** The profiles of this machine; undefined where Minikube is not installed. */
export async function minikubeProfiles(run: RunCommand): Promise<MinikubeProfile[] | undefined> {
  const result = await run({ file: 'minikube', args: ['profile', 'list', '--output', 'json'] }).catch(
    (error: unknown) => {
      if (error instanceof Fault && error.kind === 'environment') return undefined;
      throw error;
    },
  );
  if (!result) return undefined;
  return parseProfiles(result.stdout);
}

/** Reads `minikube profile list -o json`; no profile in what is not JSON (Minikube prints hints there when it has none). */
export function parseProfiles(stdout: string): MinikubeProfile[] {
  let list: ProfileList | null;
  try {
    list = JSON.parse(stdout) as ProfileList | null;
  } catch {
    return [];
  }
  return (list?.valid ?? []).map((profile) => ({
    name: profile.Name,
    status: profile.Status,
    runtime: profile.Config?.KubernetesConfig?.ContainerRuntime || 'docker',
    nodes: profile.Config?.Nodes?.length ?? 1,
    active: profile.Active ?? false,
  }));
}

export const isRunning = (profile: MinikubeProfile): boolean => profile.status === 'OK' || profile.status === 'Running';

/**
 * The target for a profile that runs: its context and, where the node runs what its dockerd has, that daemon.
 * @throws Fault (environment) when a part of it is stopped
 */
export async function minikubeTarget(run: RunCommand, profile: MinikubeProfile, why: string): Promise<ClusterTarget> {
  await checkStatus(run, profile);
  // Minikube names the context after the profile.
  const base = { kind: 'minikube', context: profile.name, profile: profile.name, why } as const;
  if (profile.runtime !== 'docker' || profile.nodes > 1) return { ...base, dockerEnv: {}, images: 'load' };
  return { ...base, dockerEnv: await dockerEnv(run, profile.name), images: 'shared' };
}

async function checkStatus(run: RunCommand, { name }: MinikubeProfile): Promise<void> {
  const result = await run({ file: 'minikube', args: ['--profile', name, 'status', '--output', 'json'] });
  const nodes = parseStatus(result.stdout);
  for (const [part, word] of nodes) {
    if (word === 'Running' || word === 'Configured' || word === 'Irrelevant') continue;
    throw stoppedFault(name, `its ${part} is ${word}`);
  }
  if (nodes.length === 0)
    throw stoppedFault(name, sanitizeLine(result.stderr.trim().split('\n')[0] || 'minikube status said nothing'));
}

/** The words for each part; several nodes give a list of objects, one gives an object. */
function parseStatus(stdout: string): [part: string, word: string][] {
  try {
    const value: unknown = JSON.parse(stdout);
    const nodes = (Array.isArray(value) ? value : [value]) as Record<string, string>[];
    return nodes.flatMap(({ Host, Kubelet, APIServer }) =>
      [
        ['host', Host],
        ['kubelet', Kubelet],
        ['API server', APIServer],
      ].filter((pair): pair is [string, string] => Boolean(pair[1])),
    );
  } catch {
    return [];
  }
}

async function dockerEnv(run: RunCommand, profile: string): Promise<Record<string, string>> {
  const result = await run({ file: 'minikube', args: ['--profile', profile, 'docker-env', '--shell', 'none'] });
  if (result.exitCode !== 0) {
    throw stoppedFault(
      profile,
      sanitizeLine(result.stderr.trim().split('\n')[0] || `docker-env failed (${result.exitCode})`),
    );
  }
  return parseDockerEnv(result.stdout);
}

/** Reads the KEY=VALUE lines of `minikube docker-env --shell none`. */
export function parseDockerEnv(stdout: string): Record<string, string> {
  const pairs = stdout.split('\n').map((line) => /^(DOCKER_[A-Z_]+|MINIKUBE_ACTIVE_DOCKERD)=(.*)$/.exec(line.trim()));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], unquote(pair[2] ?? '')]] : [])));
}

const unquote = (value: string): string => value.replace(/^"(.*)"$/, '$1');

export function stoppedFault(profile: string, why: string): Fault {
  const named = profile === 'minikube' ? '' : ` --profile ${profile}`;
  const fix = `Start it: minikube start${named}. Without it: --cluster sandbox`;
  return environmentFault({ title: `Minikube ${profile} does not run`, why, fix });
}
