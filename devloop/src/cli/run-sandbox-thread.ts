import { Worker } from 'node:worker_threads';
import { Fault } from '../model/errors.ts';
import type { FromSandbox, SandboxThreadData, ToSandbox } from './sandbox-messages.ts';

/** A sandbox in a thread of its own. */
export interface SandboxThread {
  /** The references of the images that its pods run. */
  readonly imagesInUse: () => Promise<ReadonlySet<string>>;
  /** Ends every container and listener; the state is written. */
  readonly close: () => Promise<void>;
}

const silentEnd = (): Extract<FromSandbox, { type: 'failed' }> => ({ type: 'failed', stack: 'its thread has ended' });

/**
 * Starts the sandbox in a thread; resolves when it serves.
 * @param file the thread's program
 * @param onMistake told of mistakes of the sandbox's own, and of its death
 * @param onAnew told that what an earlier sandbox left cannot be read, and where it is kept: this one begins anew
 * @throws Fault when it cannot start for a known reason
 */
export async function runSandboxThread(
  file: URL,
  data: SandboxThreadData,
  onMistake: (where: string, message: string) => void,
  onAnew: (why: string, kept: string) => void,
): Promise<SandboxThread> {
  const worker = new Worker(file, { workerData: data });
  const heard = new Set<(message: FromSandbox) => void>();
  let closing = false;
  worker.on('message', (message: FromSandbox | null | undefined) => {
    // An error here would end devloop.
    if (message === null || message === undefined) return;
    if (message.type === 'mistake') onMistake(message.where, message.message);
    if (message.type === 'anew') onAnew(message.why, message.kept);
    for (const listener of [...heard]) listener(message);
  });
  const ended = new Promise<void>((resolve) => {
    worker.on('error', (error: Error) => onMistake('its thread has died', error.message));
    worker.on('exit', () => {
      if (!closing) onMistake('its thread', 'it has ended, and its containers with it: start devloop again');
      resolve();
    });
  });

  function next<Type extends FromSandbox['type']>(type: Type) {
    return new Promise<Extract<FromSandbox, { type: Type }>>((resolve) => {
      const listener = (message: FromSandbox) => {
        if (message.type !== type) return;
        heard.delete(listener);
        resolve(message as Extract<FromSandbox, { type: Type }>);
      };
      heard.add(listener);
    });
  }
  const tell = (message: ToSandbox) => worker.postMessage(message);

  const failure = await Promise.race([next('failed'), next('started').then(() => undefined), ended.then(silentEnd)]);
  if (failure) {
    closing = true;
    await worker.terminate();
    if (failure.fault) throw new Fault(failure.fault.kind, failure.fault.problem);
    throw new Error(`the sandbox did not start\n${failure.stack}`);
  }
  return {
    imagesInUse: async () => {
      const answer = next('images');
      tell({ type: 'images' });
      // A sandbox that has died runs none.
      return new Set((await Promise.race([answer, ended]))?.references ?? []);
    },
    close: async () => {
      closing = true;
      tell({ type: 'close' });
      await ended;
    },
  };
}
