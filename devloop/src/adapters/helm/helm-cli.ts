import type { CommandResult, Helm, HelmRelease, HelmUpgrade, RunCommand } from '../../engine/outside.ts';
import { sanitizeLine } from '../../lib/sanitize.ts';
import { environmentFault, outsideFault, type Problem } from '../../model/errors.ts';
import type { HelmEnd, HelmRuns, HelmStart } from './helm-runs.ts';

const notFound = /release: not found/i;
const locked = /another operation .* is in progress/i;

export interface HelmOptions {
  /** The program: `helm`, or an absolute path. */
  readonly file: string;
  /** Added to the environment of each call. */
  readonly env: Readonly<Record<string, string>>;
  readonly context: string;
  /** Where the paths of charts and values begin. */
  readonly cwd: string;
  /**
   * Whether fields that devloop has set itself are Helm's again after an upgrade. Helm 4 stops at them otherwise; Helm 3
   * never does.
   */
  readonly takesOver: boolean;
  /** Where it is kept in mind which releases our helms work on. */
  readonly runs: HelmRuns;
}

/** Helm 3 or 4 through its own command line; every call names its context and namespace. */
export function createHelm(run: RunCommand, { file, env, context, cwd, takesOver, runs }: HelmOptions): Helm {
  const helm = (release: string, args: readonly string[], namespace: string, signal?: AbortSignal) =>
    run(
      {
        file,
        env,
        args: [...args, '--kube-context', context, '--namespace', namespace],
        cwd,
        about: { release },
      },
      signal,
    );
  /** Runs a helm that changes a release: it is not cut off by what ends devloop, and is on record meanwhile. */
  async function change(
    start: HelmStart,
    release: string,
    args: readonly string[],
    namespace: string,
    signal?: AbortSignal,
  ): Promise<CommandResult> {
    if (signal?.aborted) return { exitCode: 128, stdout: '', stderr: '' };
    const running = await runs.begin(start, release, namespace);
    const command = {
      ...{ file, env, cwd, about: { release } },
      args: [...args, '--kube-context', context, '--namespace', namespace],
      // An interrupted upgrade marks the release before it ends. A rollback and an uninstall do not know how to.
      stopSignal: start.work === 'upgrade' ? 'SIGINT' : 'none',
      apart: true,
      onStart: running.started,
    } as const;
    let end: HelmEnd = 'failed';
    try {
      const result = await run(command, signal);
      end = endOf(result);
      return result;
    } finally {
      await running.ended(end);
    }
  }
  const latest: Helm['latest'] = async (release, namespace, signal) => {
    const result = await helm(release, ['history', release, '--max', '1', '--output', 'json'], namespace, signal);
    if (result.exitCode === 0) return revisions(result.stdout).at(-1);
    if (notFound.test(result.stderr)) return undefined;
    throw helmFault(`helm history of ${release} failed`, result.stderr);
  };
  return {
    latest,
    history: async (release, namespace, signal) => {
      const result = await helm(release, ['history', release, '--output', 'json'], namespace, signal);
      if (result.exitCode === 0) return revisions(result.stdout);
      if (notFound.test(result.stderr)) return [];
      throw helmFault(`helm history of ${release} failed`, result.stderr);
    },
    ownerOf: (release, namespace, left) => runs.ownerOf(release, namespace, left),
    // It prints no revision, neither in Helm 3 nor in 4: history tells.
    rollback: async (release, namespace, revision, signal) => {
      const flags = takesOver ? ['--force-conflicts'] : [];
      const title = `helm rollback of ${release} failed`;
      const result = await change(
        { work: 'rollback', to: revision },
        release,
        ['rollback', release, String(revision), ...flags],
        namespace,
        signal,
      );
      if (result.exitCode !== 0) throw helmFault(title, result.stderr);
      const made = await latest(release, namespace, signal);
      if (!made) throw helmFault(title, 'release: not found');
      return made;
    },
    upgrade: async (upgrade, signal) => {
      const { release, namespace, description, after } = upgrade;
      const flags = [
        ...(upgrade.checked ? ['--disable-openapi-validation'] : []),
        ...(takesOver ? ['--force-conflicts'] : []),
      ];
      const args = ['upgrade', '--install', release.name, release.chart, ...valueArguments(upgrade), ...flags];
      const result = await change(
        { work: 'upgrade', ...(after !== undefined && { after }) },
        release.name,
        [...args, '--description', description, '--output', 'json'],
        namespace,
        signal,
      );
      if (result.exitCode === 0) return released(result.stdout);
      throw helmFault(`helm upgrade of ${release.name} failed`, result.stderr);
    },
    manifest: async (release, namespace, signal) => {
      const result = await helm(release, ['get', 'manifest', release], namespace, signal);
      if (result.exitCode === 0) return result.stdout;
      throw helmFault(`helm get manifest of ${release} failed`, result.stderr);
    },
    template: async (upgrade, signal) => {
      const { release, namespace } = upgrade;
      const result = await helm(
        release.name,
        ['template', release.name, release.chart, ...valueArguments(upgrade)],
        namespace,
        signal,
      );
      if (result.exitCode === 0) return result.stdout;
      throw helmFault(`helm template of ${release.name} failed`, result.stderr);
    },
    uninstall: async (release, namespace, signal) => {
      const result = await change({ work: 'uninstall' }, release, ['uninstall', release], namespace, signal);
      if (result.exitCode === 0) return true;
      if (notFound.test(result.stderr)) return false;
      throw helmFault(`helm uninstall of ${release} failed`, result.stderr);
    },
  };
}

/**
 * Its major version: 3 or 4.
 * @throws Fault (environment) when helm is missing or broken
 */
export async function checkHelm(run: RunCommand, file = 'helm'): Promise<number> {
  const result = await run({ file, args: ['version', '--short'] });
  if (result.exitCode === 0) return Number(/^v?(\d+)\./.exec(result.stdout)?.[1] ?? 3);
  throw environmentFault({
    title: 'helm does not work',
    why: firstLine(result.stderr),
    fix: 'See that `helm version` works.',
  });
}

const valueArguments = ({ release, set }: HelmUpgrade): string[] => [
  ...release.values.flatMap((file) => ['--values', file]),
  ...Object.entries({ ...release.set, ...set }).flatMap(([key, value]) => [
    '--set-string',
    `${key}=${escapeValue(value)}`,
  ]),
];

/** In --set values Helm gives commas, braces and backslashes a meaning: https://helm.sh/docs/intro/using_helm/ */
const escapeValue = (value: string): string => value.replace(/[\\,{}[\]]/g, (found) => `\\${found}`);

/** One that is told that the release is locked has not begun; others that fail may have lost the cluster on the way. */
function endOf({ exitCode, stderr }: CommandResult): HelmEnd {
  if (exitCode === 0) return 'done';
  return locked.test(stderr) || notFound.test(stderr) ? 'untouched' : 'failed';
}

function revisions(stdout: string): HelmRelease[] {
  const history = JSON.parse(stdout) as { revision: number; updated?: string; status: string; description: string }[];
  return history.map(({ revision, updated, status, description }) => {
    const at = Date.parse(updated ?? '');
    return { revision, status, description, ...(!Number.isNaN(at) && { updated: at }) };
  });
}

function released(stdout: string): HelmRelease {
  const release = JSON.parse(stdout) as { version: number; info: { status: string; description: string } };
  return { revision: release.version, status: release.info.status, description: release.info.description };
}

function helmFault(title: string, stderr: string) {
  const lines = stderr
    .split('\n')
    .map(sanitizeLine)
    .filter((line) => line.trim() && !/^(WARNING|level=)/.test(line));
  const why = lines.join(' ').replace(/^Error: /, '') || 'helm said nothing';
  const problem: Problem = {
    title,
    why: why.length > 600 ? `${why.slice(0, 600)}…` : why,
    fix: fixOf(why),
    evidence: lines,
  };
  return /kubernetes cluster unreachable|no context exists|context .* does not exist/i.test(why)
    ? environmentFault(problem)
    : outsideFault(problem);
}

function fixOf(why: string): string {
  if (locked.test(why)) return 'Another helm works on the release, or was cut off: save again to see which.';
  if (/found in Chart.yaml, but missing in charts/i.test(why)) return 'Run `helm dependency build` on the chart.';
  if (/cluster unreachable/i.test(why)) return 'See that the cluster runs: `kubectl get nodes`.';
  if (/provided port is already allocated/i.test(why)) {
    return 'Another Service of the cluster has the NodePort: choose another in the values, or remove that Service.';
  }
  return 'Correct the chart or its values and save: the next change tries again. The pods that run are untouched.';
}

const firstLine = (text: string): string => sanitizeLine(text.trim().split('\n')[0] ?? '');
