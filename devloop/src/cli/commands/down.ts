import { systemClock } from '../../adapters/clock/system-clock.ts';
import type { Outside } from '../../engine/outside.ts';
import { outsideFault } from '../../model/errors.ts';
import { interruptSignal } from '../interrupt.ts';
import type { CommonOptions } from '../options.ts';
import { say } from '../output.ts';
import { type Session, withSession } from '../session.ts';

export interface DownOptions extends CommonOptions {
  readonly deleteNamespace?: boolean;
}

const pollMs = 500;
const goneMs = 120_000;

/** `devloop down`: uninstalls the releases and waits until their objects and pods are gone. */
export function down(options: DownOptions): Promise<number> {
  return withSession(options, [], { docker: false, sandbox: 'change', alone: 'down' }, (session) =>
    uninstallAll(session, options),
  );
}

async function uninstallAll({ project, outside }: Session, options: DownOptions): Promise<number> {
  const { namespace } = project;
  const interrupt = interruptSignal();
  try {
    for (const { name } of project.releases) {
      const release = await outside.helm.latest(name, namespace, interrupt.signal);
      if (!release) {
        say(`Release ${name} is not installed in namespace ${namespace}: nothing to remove.`);
        continue;
      }
      await uninstall(outside, name, namespace, interrupt.signal);
      say(`Release ${name} is gone from namespace ${namespace}.`);
    }
    if (options.deleteNamespace)
      say(namespaceLine(namespace, await outside.kubernetes.deleteNamespace(namespace, interrupt.signal)));
    return interrupt.code() ?? 0;
  } finally {
    interrupt.stop();
  }

  async function uninstall(systems: Outside, name: string, inNamespace: string, signal: AbortSignal): Promise<void> {
    const looking = new AbortController();
    const pods = new Set<string>();
    try {
      // The pods are known by their owners, which go first: so they are looked up before.
      await systems.kubernetes.watch(() => project, podsOf(name, pods), AbortSignal.any([looking.signal, signal]));
      const manifest = await systems.helm.manifest(name, inNamespace, signal);
      await systems.helm.uninstall(name, inNamespace, signal);
      const deadline = systemClock.now() + goneMs;
      let told = false;
      for (;;) {
        const present = pods.size > 0 ? [] : (await systems.kubernetes.findObjects(manifest, inNamespace)).present;
        const left = [...present, ...pods];
        if (left.length === 0 || signal.aborted) return;
        if (systemClock.now() > deadline) throw lingering(name, left);
        if (!told) say(`Release ${name} is uninstalled; waiting for ${left.join(', ')} to end.`);
        told = true;
        await systemClock.sleep(pollMs, signal);
      }
    } finally {
      looking.abort();
    }
  }
}

function podsOf(release: string, pods: Set<string>) {
  const nothing = () => {};
  return {
    pod: (pod: { release: string; name: string }) => {
      if (pod.release === release) pods.add(`Pod ${pod.name}`);
    },
    podRemoved: (pod: { name: string }) => {
      pods.delete(`Pod ${pod.name}`);
    },
    workload: nothing,
    workloadRemoved: nothing,
    event: nothing,
    secrets: nothing,
    unmasked: nothing,
    lost: nothing,
    connected: nothing,
  };
}

const lingering = (release: string, left: readonly string[]) =>
  outsideFault({
    title: `Release ${release} is uninstalled, but not all of it is gone`,
    why: `still there after ${goneMs / 1000} s: ${left.join(', ')}`,
    fix: 'Something holds them (a finalizer, a volume in use): see `kubectl describe` of each.',
  });

function namespaceLine(namespace: string, outcome: 'deleted' | 'absent' | 'foreign'): string {
  if (outcome === 'deleted') return `Namespace ${namespace} is deleted.`;
  return outcome === 'absent'
    ? `Namespace ${namespace} does not exist.`
    : `Namespace ${namespace} was not made by devloop and is kept.`;
}
