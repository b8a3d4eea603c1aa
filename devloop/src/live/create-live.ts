import type { Duplex } from 'node:stream';
import type { Kubernetes, Live, LiveContainer, Runner } from '../engine/outside.ts';
import type { Clock } from '../model/clock.ts';
import { type Fault, messageOf, outsideFault, usageFault } from '../model/errors.ts';
import type { PodView } from '../model/pod.ts';
import type { Bundles } from './bundles.ts';
import { connectContainer, dialContainer } from './connect-container.ts';
import { listSync, readChange } from './local-files.ts';

/** Milliseconds for a way into a pod to open. */
const openTimeout = 5000;
/** Starts what answers in an image without Node. */
const agent = ['sh', '/.devloop/agent.sh'];

export interface LiveParts extends Pick<Kubernetes, 'dial' | 'exec'> {
  readonly bundles: Bundles;
  /** The runner of an image. @param reference repository:tag */
  readonly runnerOf: (reference: string, signal: AbortSignal) => Promise<Runner>;
  readonly clock: Clock;
}

/** Live updates of a project's containers, over the ways into pods that Kubernetes has. */
export function createLive({ bundles, dial, exec, runnerOf, clock }: LiveParts): Live {
  async function connect(pod: PodView, container: string, image: string, signal: AbortSignal): Promise<LiveContainer> {
    if (pod.containers.some(({ name, ownCommand }) => name === container && ownCommand)) {
      throw ownCommandFault(pod, container);
    }
    const { kind, token } = await runnerOf(image, signal);
    const target = { pod: pod.name, image, token, clock };
    switch (kind) {
      case 'node':
        return dialContainer((port) => dial(pod.namespace, pod.name, port, openTimeout), target, signal);
      case 'shell': {
        const opening = exec(pod.namespace, pod.name, container, agent, openTimeout);
        return connectContainer(await openedFor(pod, opening), target, signal);
      }
      case 'none':
      case 'absent':
        throw withoutRunnerFault(pod, image, kind);
      default:
        return kind satisfies never;
    }
  }

  return {
    connect,
    bundle: (bundle) => bundles.build(bundle),
    read: readChange,
    list: listSync,
  };
}

const titleOf = ({ name }: PodView): string => `Pod ${name} takes no live updates`;

async function openedFor(pod: PodView, opening: Promise<Duplex>): Promise<Duplex> {
  try {
    return await opening;
  } catch (error) {
    throw outsideFault({ title: titleOf(pod), why: messageOf(error) });
  }
}

const ownCommandFault = (pod: PodView, container: string): Fault =>
  usageFault({
    title: titleOf(pod),
    why: `the chart sets \`command\` for container ${container}, which takes the place of the image's runner`,
    fix: `Leave \`command\` out of container ${container} in the development values (\`args\` may stay), or remove \`live\` of service ${pod.service}.`,
  });

function withoutRunnerFault(pod: PodView, image: string, kind: 'none' | 'absent'): Fault {
  const remove = `remove \`live\` of service ${pod.service}: each edit makes a new image then.`;
  return kind === 'none'
    ? usageFault({
        title: titleOf(pod),
        why: 'its image has neither Node 18 nor a shell, which the runner of live updates needs: each edit makes a new image',
        fix: `Build on an image with one of them in development (\`target\` names a stage), or ${remove}`,
      })
    : usageFault({
        title: titleOf(pod),
        why: `its image ${image} was built without the runner of live updates: each edit makes a new image`,
        fix: `Let devloop build it anew, or ${remove}`,
      });
}
