import { createHash } from 'node:crypto';
import type { BundleResult, Live, LiveChange, LiveContainer } from '../../src/engine/outside.ts';
import type { BundleSpec } from '../../src/model/project.ts';

/** A way into a container, in memory. */
export interface FakeLiveContainer extends LiveContainer {
  readonly pod: string;
  /** Everything that was asked of it, in order: `file /app/server.js`, `restart`, `mark edit 3`. */
  readonly asked: string[];
  /** What it has, by path. */
  readonly files: Map<string, string>;
  mark: string | undefined;
  /** When set, `apply` fails with it. */
  broken: Error | undefined;
  /** What `run` ends with. */
  exitCode: number;
  /** What `listening` says; a promise holds it up. */
  listens: boolean | undefined | Promise<boolean | undefined>;
  /** Ends it, as the end of the container does. */
  readonly cut: () => void;
}

export interface FakeLive extends Live {
  readonly containers: FakeLiveContainer[];
  /** Answers the next connections; the default makes a container that has nothing. */
  onConnect: (pod: string, image: string) => Promise<FakeLiveContainer>;
  /** What the next bundle is; a promise that rejects is a failure. */
  onBundle: (bundle: BundleSpec) => Promise<BundleResult>;
  /** The files of this machine, by path; others are not there. */
  readonly disk: Map<string, string>;
}

export function createFakeLive(): FakeLive {
  const containers: FakeLiveContainer[] = [];
  const disk = new Map<string, string>();
  const fake: FakeLive = {
    containers,
    disk,
    onConnect: async (pod) => createFakeContainer(pod),
    onBundle: async () => ({ files: [], inputs: [] }),
    connect: async (pod, _container, image) => {
      const container = await fake.onConnect(pod.name, image);
      containers.push(container);
      return container;
    },
    bundle: (bundle) => fake.onBundle(bundle),
    read: async (file, target): Promise<LiveChange | undefined> => {
      const text = disk.get(file);
      if (text !== undefined) return { kind: 'file', path: target, mode: 0o644, content: Buffer.from(text) };
      const isFolder = [...disk.keys()].some((known) => known.startsWith(`${file}/`));
      return isFolder ? undefined : { kind: 'delete', path: target };
    },
    list: async ({ from }) => [...disk.keys()].filter((file) => file.startsWith(`${from}/`)),
  };
  return fake;
}

export function createFakeContainer(pod: string, mark?: string): FakeLiveContainer {
  let cut = () => {};
  const closed = new Promise<void>((resolve) => {
    cut = resolve;
  });
  const asked: string[] = [];
  const files = new Map<string, string>();
  const fake: FakeLiveContainer = {
    pod,
    asked,
    files,
    mark,
    broken: undefined,
    exitCode: 0,
    listens: true,
    closed,
    cut,
    close: cut,
    apply: async (changes) => {
      if (fake.broken) throw fake.broken;
      for (const change of changes) {
        asked.push(`${change.kind} ${change.path}`);
        if (change.kind === 'file') files.set(change.path, Buffer.from(change.content).toString());
        if (change.kind === 'delete') files.delete(change.path);
      }
    },
    run: async (command) => {
      asked.push(`run ${command.join(' ')}`);
      return fake.exitCode;
    },
    restart: async () => {
      asked.push('restart');
    },
    standBy: async () => {},
    listening: async (port, _timeout, path) => {
      asked.push(`listening ${port}${path ?? ''}`);
      return fake.listens;
    },
    setMark: async (text) => {
      asked.push(`mark edit ${text.split(' ')[1]}`);
      fake.mark = text;
    },
    digests: async (paths) =>
      paths.map((path) => {
        const text = files.get(path);
        if (text === undefined) return { kind: 'missing' };
        return { kind: 'file', mode: 0o644, sha256: createHash('sha256').update(text).digest('hex') };
      }),
  };
  return fake;
}
