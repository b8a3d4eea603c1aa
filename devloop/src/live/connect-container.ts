import type { Duplex } from 'node:stream';
import type { LiveContainer } from '../engine/outside.ts';
import { encodeLine } from '../lib/shell-words.ts';
import type { Clock } from '../model/clock.ts';
import { Fault, messageOf, outsideFault, usageFault } from '../model/errors.ts';
import { ContainerClient } from './container-client.ts';
import { runnerPorts } from './protocol/ports.ts';
import { ProtocolReader } from './protocol/reader.ts';

/** Milliseconds for the runner to say hello. */
const helloTimeout = 5000;

export interface LiveTarget {
  /** Named in messages. */
  readonly pod: string;
  /** The image that the container was made of, repository:tag. */
  readonly image: string;
  /** What the runner asks of those who connect, where it does. */
  readonly token?: string | undefined;
  readonly clock: Clock;
}

/**
 * Connects to the runner on Node that is the target's, of those in a pod.
 * @param dial opens a connection to a port of the pod
 * @throws Fault (outside) when it does not answer, or has another version; reason of the signal when that aborts
 */
export async function dialContainer(
  dial: (port: number) => Promise<Duplex>,
  target: LiveTarget,
  signal: AbortSignal,
): Promise<LiveContainer> {
  let found: Error | undefined;
  for (const port of runnerPorts) {
    try {
      return await connectContainer(await dial(port), target, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!found || tells(error) > tells(found)) found = error as Error;
    }
  }
  if (found instanceof Fault) throw found;
  throw outsideFault({ title: `Pod ${target.pod} takes no live updates`, why: messageOf(found) });
}

/** How much an error tells: nobody on one of the ports least, another container's runner little. */
function tells(error: unknown): number {
  if (error instanceof RefusedFault) return error.reason === 'image' ? 1 : 3;
  return error instanceof Fault ? 2 : 0;
}

/**
 * Connects to a runner over a stream: a dialled port, or the agent that was started in the container. The stream is
 * destroyed when that fails.
 * @throws Fault (outside) when it does not answer in 5 seconds or is another's; (usage) when the image must change
 */
export async function connectContainer(
  stream: Duplex,
  target: LiveTarget,
  signal: AbortSignal,
): Promise<LiveContainer> {
  const { pod, image, token = '', clock } = target;
  const giveUp = () => stream.destroy();
  const late = () => stream.destroy(new Error(`no answer in ${helloTimeout / 1000} seconds`));
  stream.on('error', () => undefined);
  signal.addEventListener('abort', giveUp);
  const cancel = clock.after(helloTimeout, late);
  try {
    signal.throwIfAborted();
    const reader = new ProtocolReader(stream);
    stream.write(encodeLine(['hello', 1, image, token]));
    const [word, first = '', runner, mark = ''] = (await reader.line()) ?? [];
    if (word === 'refused') throw refusedFault(target, first);
    if (word !== 'hello' || first !== '1' || (runner !== 'node' && runner !== 'shell')) {
      throw new Error(word === undefined ? 'the connection ended' : 'the answer is not that of a runner');
    }
    return new ContainerClient({ stream, reader, runner, mark, pod, clock });
  } catch (error) {
    stream.destroy();
    signal.throwIfAborted();
    if (error instanceof Fault) throw error;
    throw outsideFault({
      title: `Pod ${pod} takes no live updates`,
      why: `its runner did not answer: ${messageOf(stream.errored ?? error)}`,
    });
  } finally {
    cancel();
    signal.removeEventListener('abort', giveUp);
  }
}

class RefusedFault extends Fault {
  reason = '';
}

function refusedFault({ pod, image }: LiveTarget, reason: string): Fault {
  const title = `Pod ${pod} takes no live updates`;
  if (reason === 'folder') {
    return usageFault({
      title,
      why: 'its shell runner keeps its notes in /.devloop/run, which cannot be written: the root file system is read-only',
      fix: 'In the development values, set securityContext.readOnlyRootFilesystem to false',
    });
  }
  const why =
    {
      image: `the runner that answers is not that of ${image}`,
      token: 'its runner was started by another devloop',
      version: 'its runner is of another version of devloop',
    }[reason] ?? reason;
  return Object.assign(new RefusedFault('outside', { title, why }), { reason });
}
