// The thread that the sandbox runs in: starting processes and serving the API would otherwise hold up the dashboard.
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { Fault, messageOf } from '../model/errors.ts';
import { localImages } from '../sandbox/images/local-images.ts';
import { type Sandbox, startSandbox } from '../sandbox/start-sandbox.ts';
import type { FromSandbox, SandboxThreadData, ToSandbox } from './sandbox-messages.ts';
import { stateFault } from './state-folder.ts';

const tell = (message: FromSandbox) => parentPort?.postMessage(message);
const { imagesFolder, ...options } = workerData as SandboxThreadData;

try {
  const sandbox = await startSandbox({
    ...options,
    clock: systemClock,
    images: localImages(imagesFolder),
    onError: (where, error) => tell({ type: 'mistake', where, message: messageOf(error) }),
    onUnreadable: (why, kept) => tell({ type: 'anew', why, kept }),
  });
  parentPort?.on('message', (message: ToSandbox) => void hear(sandbox, message));
  tell({ type: 'started' });
} catch (thrown) {
  const error = stateFault(options.folder, thrown);
  const fault = error instanceof Fault ? { fault: { kind: error.kind, problem: error.problem } } : {};
  tell({ type: 'failed', ...fault, stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

async function hear({ store, close }: Sandbox, message: ToSandbox): Promise<void> {
  switch (message.type) {
    case 'images':
      tell({
        type: 'images',
        references: store.list('Pod').flatMap(({ spec }) => spec.containers.map(({ image }) => image ?? '')),
      });
      return;
    case 'close':
      await close();
      tell({ type: 'closed' });
      parentPort?.close();
      return;
    default:
      message satisfies never;
  }
}
