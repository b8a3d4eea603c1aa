import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { systemClock } from '../../../src/adapters/clock/system-clock.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { LocalImage } from '../../../src/sandbox/images/local-image.ts';
import { startNode } from '../../../src/sandbox/node/start-node.ts';
import { ObjectStore } from '../../../src/sandbox/store/object-store.ts';
import type { Container, Pod } from '../../../src/sandbox/store/objects.ts';

/** Time that runs faster: a back-off of ten seconds takes a tenth of one. */
export const fastClock = (factor = 100): Clock => {
  const start = Date.now();
  const now = () => start + (Date.now() - start) * factor;
  return {
    now,
    after: (ms, callback) => systemClock.after(ms / factor, callback),
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
};

export const newFolder = () => mkdtemp(path.join(os.tmpdir(), 'sbx-node-'));

/** The hook, bundled as the build does it. */
export function bundleHook(folder: string): string {
  const outfile = path.join(folder, 'hook.cjs');
  const entry = path.join(import.meta.dirname, '../../../src/sandbox/node/pod-hook/hook.ts');
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    logLevel: 'silent',
  });
  return outfile;
}

export interface TestNode {
  readonly store: ObjectStore;
  readonly node: Awaited<ReturnType<typeof startNode>>;
  readonly folder: string;
  readonly events: string[];
  readonly images: Map<string, LocalImage>;
  readonly run: (name: string, container: Partial<Container>, spec?: Partial<Pod['spec']>) => Pod;
  readonly get: (name: string) => Pod;
  /** Resolves as soon as the pod is so. */
  readonly until: (name: string, is: (pod: Pod) => boolean) => Promise<Pod>;
  readonly gone: (name: string) => Promise<void>;
  readonly untilEvent: (text: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function startTestNode({
  clock = fastClock(),
  store = new ObjectStore(clock),
  folder = '',
  onError = (where: string, error: unknown): void => {
    throw new Error(`a fault of the node: ${where}`, { cause: error });
  },
} = {}): Promise<TestNode> {
  const own = folder || (await newFolder());
  const events: string[] = [];
  const listeners = new Set<() => void>();
  const image = (reference: string): LocalImage => ({
    reference,
    id: `sandbox://${reference}`,
    entrypoint: ['sh', '-c'],
    command: ['sleep 1000'],
    folder: own,
    env: { FROM_IMAGE: 'yes' },
  });
  const images = new Map([
    ['app:1', image('app:1')],
    ['app:2', image('app:2')],
  ]);
  const node = await startNode({
    store,
    clock,
    images: { find: (reference) => images.get(reference) },
    events: {
      record: (about, type, reason, message, source, fieldPath) => {
        events.push(`${about.metadata.name} ${type} ${reason} ${message} ${source} ${fieldPath ?? ''}`.trim());
        for (const listener of [...listeners]) listener();
      },
    },
    folder: path.join(own, 'node'),
    env: { PATH: process.env['PATH'] ?? '' },
    nodeProgram: process.execPath,
    hookFile: bundleHook(own),
    onError,
    signal: new AbortController().signal,
  });
  const get = (name: string): Pod => {
    const pod = store.get('Pod', 'default', name);
    if (!pod) throw new Error(`no pod ${name}`);
    return pod;
  };
  const until = (name: string, is: (pod: Pod) => boolean) =>
    new Promise<Pod>((resolve) => {
      const look = () => {
        const pod = store.get('Pod', 'default', name);
        if (!pod || !is(pod)) return;
        end();
        resolve(pod);
      };
      const end = store.subscribe('Pod', look);
      look();
    });
  return {
    store,
    node,
    folder: own,
    events,
    images,
    run: (name, container, spec = {}) =>
      store.create('Pod', {
        metadata: { name, namespace: 'default', labels: { app: name } },
        spec: {
          nodeName: 'sandbox',
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          ...spec,
          containers: spec.containers ?? [
            { name: 'web', image: 'app:1', imagePullPolicy: 'IfNotPresent', ...container },
          ],
        },
      }),
    get,
    until,
    gone: (name) =>
      new Promise((resolve) => {
        if (!store.get('Pod', 'default', name)) return resolve();
        const end = store.subscribe('Pod', ({ type, object }) => {
          if (type !== 'DELETED' || object.metadata.name !== name) return;
          end();
          resolve();
        });
      }),
    untilEvent: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (!events.some((event) => event.includes(text))) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
    close: async () => {
      await node.stop();
      if (!folder) await rm(own, { recursive: true, force: true });
    },
  };
}

export const web = (pod: Pod) => pod.status?.containerStatuses?.[0];
export const isReady = (pod: Pod) => web(pod)?.ready === true;
export const waitsFor = (reason: string) => (pod: Pod) => web(pod)?.state?.waiting?.reason === reason;

export async function textOf(stream: AsyncIterable<unknown> | Iterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString();
}
