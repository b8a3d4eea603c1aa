import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../model/clock.ts';
import { messageOf } from '../model/errors.ts';
import { createCertificate } from './api/certificate.ts';
import type { ObjectRules } from './api/parts.ts';
import { createPresentation } from './api/present/create-presentation.ts';
import { startApiServer } from './api/start-api-server.ts';
import { createStreams } from './api/streams/create-streams.ts';
import { createEventRecorder } from './controllers/event-recorder.ts';
import { startControllers } from './controllers/start-controllers.ts';
import { Faults } from './faults.ts';
import type { LocalImages } from './images/local-image.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { absentNode } from './node/absent-node.ts';
import { startNode } from './node/start-node.ts';
import { loadState, saveState, setAside } from './state-file.ts';
import { ApiError } from './store/api-error.ts';
import { ObjectStore, timestamp } from './store/object-store.ts';
import type { KubeObject } from './store/objects.ts';
import { applyObject } from './store/patch/apply-object.ts';
import { patchObject } from './store/patch/patch-object.ts';
import { trackFields } from './store/patch/track-fields.ts';
import { createRules } from './store/rules/create-rules.ts';
import { loadFieldTypes } from './store/rules/types/field-types.ts';

export interface SandboxOptions {
  /** Where all of it is kept, absolute; made when it is missing. No two sandboxes may share one. */
  readonly folder: string;
  readonly clock: Clock;
  readonly images: LocalImages;
  /** What containers get of the host's environment: PATH above all. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of Node.js. */
  readonly nodeProgram: string;
  /** Absolute path of the built pod hook. */
  readonly hookFile: string;
  /**
   * False: nothing runs, and pods of an earlier time are forgotten. For work on the objects alone, such as a helm
   * uninstall.
   */
  readonly runPods: boolean;
  /** Told of mistakes of the sandbox's own, and where (`deployment`, `kubelet`); the work is tried again. */
  readonly onError: (where: string, error: unknown) => void;
  /**
   * Told that what an earlier sandbox left cannot be read, and where it is kept: this one begins anew. Where nobody is,
   * it is refused.
   */
  readonly onUnreadable?: (why: string, kept: string) => void;
}

export interface Sandbox {
  /** `https://127.0.0.1:41234`. */
  readonly url: string;
  readonly token: string;
  /** A file that kubectl and helm take; its one context is `sandbox`. Gone after `close`. */
  readonly kubeconfig: string;
  readonly store: ObjectStore;
  readonly faults: Faults;
  /** Ends every container and listener and writes the state, which the next start goes on from. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a Kubernetes API on a loopback port and a node that runs each container as a process of this machine.
 * @throws Fault (environment) when what an earlier sandbox left cannot be read
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { folder, clock, images, env, nodeProgram, hookFile, runPods, onError, onUnreadable } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stateFile = path.join(folder, 'state.json');
  const kubeconfig = path.join(folder, 'kubeconfig');
  const volumesFolder = path.join(folder, 'volumes');
  // Wrong types in what clients send are told only once these are there.
  await loadFieldTypes();
  const store = new ObjectStore(clock);
  const keeps = ({ kind }: KubeObject) => runPods || (kind !== 'Pod' && kind !== 'Node');
  try {
    loadState(store, stateFile, keeps);
  } catch (error) {
    if (!onUnreadable) throw error;
    onUnreadable(messageOf(error), setAside(stateFile, clock.now()));
  }
  const saving = saveState(store, stateFile, clock);
  const faults = new Faults();
  const events = createEventRecorder(store, clock);
  const rules = createObjectRules(store, clock);
  const ending = new AbortController();
  const node = runPods
    ? await startNode({
        store,
        clock,
        images,
        events,
        folder: path.join(folder, 'node'),
        env,
        nodeProgram,
        hookFile,
        onError,
        signal: ending.signal,
      })
    : absentNode;
  const controllers = startControllers({
    store,
    clock,
    rules,
    events,
    volumesFolder,
    removeVolume: (volume) => rm(volume, { recursive: true, force: true }),
    // What the API refuses is told in events and tried again, as in any cluster.
    onError: (controller, error) => {
      if (!(error instanceof ApiError)) onError(controller, error);
    },
    signal: ending.signal,
  });
  const token = randomBytes(24).toString('base64url');
  const certificate = createCertificate(clock.now());
  const server = await startApiServer({
    certificate,
    store,
    clock,
    token,
    rules,
    present: createPresentation(),
    streams: createStreams({ node, faults, clock }),
    node,
    faults,
  });
  await writeKubeconfig(kubeconfig, server.url, certificate.cert, token);
  return {
    url: server.url,
    token,
    kubeconfig,
    store,
    faults,
    close: async () => {
      // From the outside in: nobody can ask for more, nothing reacts to what ends, then the processes end.
      await rm(kubeconfig, { force: true });
      await server.close();
      ending.abort();
      await controllers.ended;
      await node.stop();
      await saving.close();
    },
  };
}

function createObjectRules(store: ObjectStore, clock: Clock): ObjectRules {
  const now = () => timestamp(clock.now());
  return {
    ...createRules(store),
    patch: patchObject,
    apply: (kind, current, applied, writer, force) => applyObject(kind, current, applied, writer, force, now()),
    track: (kind, before, after, writer) => trackFields(kind, before, after, writer, now()),
  };
}
