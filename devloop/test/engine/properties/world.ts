import { runLoop } from '../../../src/engine/loop.ts';
import { createLoopIntents } from '../../../src/engine/loop-intents.ts';
import type { HelmRelease, LiveContainer } from '../../../src/engine/outside.ts';
import { outsideFault, usageFault } from '../../../src/model/errors.ts';
import type { PodView } from '../../../src/model/pod.ts';
import type { ImageSpec, ProjectSpec, ServiceSpec } from '../../../src/model/project.ts';
import { createFakeContainer } from '../../fakes/live.ts';
import { createFakeOutside } from '../../fakes/outside.ts';
import { createRecordedStore } from '../../fakes/store.ts';
import { createGate, type Gate, settle } from '../../fakes/ticks.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { samplePod, sampleProject, sampleService, sampleWorkload, startTime } from '../../support/sample.ts';
import { type Broken, createRules } from './rules.ts';

/** The services of the world: two of one release, of which one has live updates, and one of a release of its own. */
export const serviceNames = ['api', 'web', 'jobs'] as const;
export type ServiceName = (typeof serviceNames)[number];

const releaseOf: Record<ServiceName, string> = { api: 'tasks', web: 'tasks', jobs: 'batch' };

/** What the configuration may say; all combinations load. */
export interface ConfigChoice {
  readonly live: boolean;
  readonly jobs: boolean;
  readonly parallelBuilds: number;
  readonly arg: string;
  readonly set: string;
}

export const firstConfig: ConfigChoice = { live: true, jobs: true, parallelBuilds: 2, arg: '1', set: '1' };

/** A build that goes on until the world ends it, even when it is cancelled, as a builder does that takes its time. */
interface OpenBuild {
  readonly service: string;
  readonly reference: string;
  readonly edit: number;
  readonly signal: AbortSignal;
  readonly gate: Gate<void>;
}

interface OpenHelm {
  readonly release: string;
  readonly set: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly gate: Gate<HelmRelease>;
}

/** A pod that the cluster runs, and what a live update has put into the present run of its container. */
interface RunningPod {
  view: PodView;
  files: Map<string, string>;
  mark: string | undefined;
  open: Set<() => void>;
}

function projectOf({ live, jobs, parallelBuilds, arg, set }: ConfigChoice): ProjectSpec {
  const names = serviceNames.filter((name) => jobs || name !== 'jobs');
  const services = names.map((name): ServiceSpec => {
    const { image, ...rest } = sampleService(name, 0);
    if (!image) throw new Error('the sample service has an image');
    const withLive = name === 'web' && live;
    return {
      ...rest,
      ports: [],
      release: releaseOf[name],
      image: {
        ...image,
        context: `/project/${name}`,
        args: name === 'api' ? { ARG: arg } : {},
        ...(withLive && { runner: 'runner' }),
      },
      ...(withLive && {
        live: { sync: [{ from: `/project/${name}/src`, to: '/app', ignore: [] }], run: [], restart: true, rebuild: [] },
      }),
    };
  });
  const releases = ['tasks', ...(jobs ? ['batch'] : [])].map((name) => ({
    name,
    chart: `/project/helm/${name}`,
    values: [],
    set: { key: set },
  }));
  return { ...sampleProject([]), services, releases, parallelBuilds };
}

/** A loop on a project, a daemon, a helm and a cluster in memory, which do what the test says, and a watch on its rules. */
export async function createWorld(kind: 'minikube' | 'sandbox') {
  const outside = createFakeOutside();
  const clock = createFakeClock(startTime);
  const recorded = createRecordedStore(clock.now);
  const rules = createRules(recorded);
  const store = { ...recorded, dispatch: rules.dispatch };
  const quit = new AbortController();

  /** The content of each service's files; the tag of an image has it too. */
  const disk = new Map<string, number>(serviceNames.map((name) => [name, 0]));
  const builds = new Set<OpenBuild>();
  const helms = new Set<OpenHelm>();
  /** What the cluster was told to run, by service: repository:tag. */
  const wanted = new Map<string, string>();
  const pods = new Map<string, RunningPod>();
  /** What helm would restore, by release and revision. */
  const revisions = new Map<string, Map<number, Readonly<Record<string, string>>>>();
  const broken: Broken = { files: false, connect: false, hasImage: false };
  let config: ConfigChoice | 'broken' = firstConfig;
  let podCount = 0;

  const currentProject = () => projectOf(config === 'broken' ? firstConfig : config);

  function wroteFiles(service: string): void {
    outside.live.disk.set(`/project/${service}/src/main.js`, String(disk.get(service)));
  }
  for (const name of serviceNames) wroteFiles(name);
  outside.live.disk.set('/project/devloop.config.ts', '');

  Object.assign(outside.files, {
    imageTag: async ({ repository, args, runner = '' }: ImageSpec) => {
      if (broken.files) throw new Error('ENOENT: a file went away');
      return `v${disk.get(repository) ?? 0}-${args['ARG'] ?? ''}${runner}`;
    },
    chartHash: async ({ name, set }: { name: string; set: object }) =>
      `${name}-${JSON.stringify(set)}-${outside.chart.hash}`,
  });
  Object.assign(outside.docker, {
    hasImage: async (reference: string) => {
      if (broken.hasImage) throw new Error('Cannot connect to the Docker daemon');
      return outside.images.has(reference);
    },
    build: async (image: { repository: string }, tag: string, _report: unknown, signal: AbortSignal) => {
      const service = image.repository;
      const edit = recorded.getState().services[service]?.build;
      const gate = createGate();
      const open = {
        service,
        reference: `${service}:${tag}`,
        edit: edit?.status === 'running' ? edit.edit : -1,
        signal,
        gate,
      };
      rules.begins(`build ${service}`);
      builds.add(open);
      try {
        await gate.promise;
        outside.images.add(open.reference);
      } finally {
        builds.delete(open);
        rules.ends(`build ${service}`);
      }
    },
  });

  async function helm(release: string, set: Readonly<Record<string, string>>, signal: AbortSignal) {
    const gate = createGate<HelmRelease>();
    const open = { release, set, signal, gate };
    rules.begins(`helm ${release}`);
    helms.add(open);
    try {
      const done = await gate.promise;
      const known = revisions.get(release) ?? new Map<number, Readonly<Record<string, string>>>();
      revisions.set(release, known.set(done.revision, set));
      for (const name of serviceNames) {
        const tag = set[`${name}.image.tag`];
        if (releaseOf[name] === release && tag !== undefined) want(name, `${name}:${tag}`);
      }
      return done;
    } finally {
      helms.delete(open);
      rules.ends(`helm ${release}`);
    }
  }
  Object.assign(outside.helm, {
    upgrade: (upgrade: { release: { name: string }; set: Readonly<Record<string, string>> }, signal: AbortSignal) =>
      helm(upgrade.release.name, upgrade.set, signal),
    rollback: (release: string, _namespace: string, revision: number, signal: AbortSignal) =>
      helm(release, revisions.get(release)?.get(revision) ?? {}, signal),
  });
  Object.assign(outside.kubernetes, {
    setImage: async (_namespace: string, { name }: { name: string }, _containers: string[], image: string) => {
      want(name, image);
    },
    restart: async (_namespace: string, { name }: { name: string }) => {
      for (const pod of podsOf(name)) replace(pod);
    },
    deletePod: async (_namespace: string, name: string) => {
      const pod = [...pods.values()].find(({ view }) => view.name === name);
      if (pod) replace(pod);
    },
  });
  outside.live.onConnect = async (name, image) => {
    if (!image.endsWith('runner')) throw usageFault({ title: 'No live updates', why: 'the image has no runner' });
    const pod = [...pods.values()].find(({ view }) => view.name === name);
    if (broken.connect || !pod) throw outsideFault({ title: 'No way in', why: 'the container does not answer' });
    const container = createFakeContainer(name, pod.mark);
    const { files } = pod;
    pod.open.add(container.cut);
    const applied: Pick<LiveContainer, 'apply' | 'setMark'> = {
      apply: async (changes) => {
        for (const change of changes)
          if (change.kind === 'file') files.set(change.path, Buffer.from(change.content).toString());
      },
      setMark: async (mark) => {
        if (pod.files === files) pod.mark = mark;
      },
    };
    return Object.assign(container, applied);
  };

  const podsOf = (service: string) => [...pods.values()].filter(({ view }) => view.service === service);
  const handlers = () => outside.kubernetes.handlers;

  function want(service: string, image: string): void {
    wanted.set(service, image);
    const workload = { name: service, release: releaseOf[service as ServiceName] ?? '', observed: true };
    handlers()?.workload(sampleWorkload(service, workload));
  }

  function show(pod: RunningPod, change: Partial<PodView>): void {
    pod.view = { ...pod.view, ...change };
    handlers()?.pod(pod.view);
  }

  function remove(pod: RunningPod): void {
    pods.delete(pod.view.uid);
    for (const cut of pod.open) cut();
    handlers()?.podRemoved(pod.view);
  }

  function start(service: string): void {
    const image = wanted.get(service);
    if (image === undefined) return;
    podCount += 1;
    const name = `${service}-${podCount}`;
    const base = samplePod(service, 0, {
      name,
      ready: false,
      createdAt: clock.now(),
      release: releaseOf[service as ServiceName],
    });
    const containers = base.containers.map((container) => ({
      ...container,
      image,
      ready: false,
      startedAt: clock.now(),
    }));
    const pod: RunningPod = {
      view: { ...base, uid: name, containers },
      files: new Map(),
      mark: undefined,
      open: new Set(),
    };
    pods.set(name, pod);
    handlers()?.pod(pod.view);
  }

  function replace(pod: RunningPod): void {
    remove(pod);
    start(pod.view.service);
  }

  /** The container is started anew, or waits for that: what was put into it is gone. */
  function restarted(pod: RunningPod, crashes: boolean): void {
    for (const cut of pod.open) cut();
    pod.open = new Set();
    pod.files = new Map();
    pod.mark = undefined;
    const containers = pod.view.containers.map((one) => ({
      ...one,
      restarts: one.restarts + 1,
      ready: false,
      state: crashes ? ('waiting' as const) : ('running' as const),
      startedAt: clock.now(),
      last: { exitCode: 1, reason: 'Error' },
      ...(crashes && { reason: 'CrashLoopBackOff' }),
    }));
    show(pod, { ready: false, containers });
  }

  const loop = runLoop(
    {
      outside,
      clock,
      store,
      project: currentProject(),
      cluster: { context: kind, kind, why: 'the test' },
      bound: new Map(),
      listen: () => Promise.reject(new Error('no port is asked for')),
      loadProject: async () => {
        if (config === 'broken') throw usageFault({ title: 'The configuration is broken', why: 'the test' });
        return currentProject();
      },
      watchFiles: true,
    },
    quit.signal,
  );
  const intents = createLoopIntents(outside.kubernetes, clock, store, quit.signal);
  await settle();

  const batch = (...files: readonly string[]) =>
    outside.watches.findLast(({ signal }) => !signal.aborted)?.onBatch({ files, changedAt: clock.now() });
  const nth = <T>(all: Iterable<T>, index: number): T | undefined => {
    const list = [...all];
    return list[index % Math.max(1, list.length)];
  };

  const world = {
    ...{ outside, clock, store, intents, rules, broken, disk, builds, helms },
    /** Saves files of services, and of a release's chart: one batch. @param content new, or as it is or was before */
    save: (services: readonly ServiceName[], content: 'new' | 'same' | 'first', charts: readonly string[] = []) => {
      for (const name of services) {
        if (content !== 'same') disk.set(name, content === 'new' ? rules.nextContent() : 0);
        wroteFiles(name);
      }
      if (charts.length > 0) outside.chart.hash = String(rules.nextContent());
      batch(
        ...services.map((name) => `/project/${name}/src/main.js`),
        ...charts.map((name) => `/project/helm/${name}/a.yaml`),
      );
    },
    configure: (choice: ConfigChoice | 'broken') => {
      config = choice;
      batch('/project/devloop.config.ts');
    },
    endBuild: (index: number, result: 'ok' | 'failed') => {
      const build = nth(builds, index);
      if (build?.signal.aborted) build.gate.fail(build.signal.reason);
      else if (result === 'ok') build?.gate.open();
      else build?.gate.fail(outsideFault({ title: 'The build failed', why: 'error TS2322' }));
    },
    endHelm: (index: number, result: 'ok' | 'failed') => {
      const helm = nth(helms, index);
      const revision = (revisions.get(helm?.release ?? '')?.size ?? 0) + 1;
      if (result === 'ok') helm?.gate.open({ revision, status: 'deployed', description: '' });
      else helm?.gate.fail(outsideFault({ title: 'helm upgrade failed', why: 'timed out' }));
    },
    /** What its controller does, at last: pods with the wanted image take the place of the others. */
    rollOut: (service: string) => {
      const image = wanted.get(service);
      const old = podsOf(service).filter(({ view }) => view.containers[0]?.image !== image);
      if (podsOf(service).length === old.length) start(service);
      for (const pod of old) remove(pod);
    },
    pod: (service: string, what: 'ready' | 'unready' | 'crash' | 'restart' | 'gone') => {
      const pod = podsOf(service)[0];
      if (!pod) return;
      const state = what === 'ready' ? ({ state: 'running' } as const) : {};
      if (what === 'gone') remove(pod);
      else if (what === 'crash' || what === 'restart') restarted(pod, what === 'crash');
      else {
        const ready = what === 'ready';
        const containers = pod.view.containers.map(({ reason: _, ...one }) => ({ ...one, ...state, ready }));
        show(pod, { ready, readySince: clock.now(), containers });
      }
    },
    cluster: (what: 'lost' | 'connected') =>
      what === 'lost' ? handlers()?.lost('it does not answer') : handlers()?.connected(),
    /** The content that the pods of a service run; undefined where one lacks a pod or they differ. */
    running: (service: string): number | undefined => {
      const contents = new Set(
        podsOf(service).map(({ view, files }) => {
          const live = files.get('/app/main.js');
          return Number(live ?? /:v(\d+)-/.exec(view.containers[0]?.image ?? '')?.[1]);
        }),
      );
      return contents.size === 1 ? [...contents][0] : undefined;
    },
    /** Everything outside goes well until nothing happens any more. */
    rest: async () => {
      Object.assign(broken, { files: false, connect: false, hasImage: false });
      for (let round = 0; round < 80; round += 1) {
        const before = recorded.events.length;
        await settle();
        for (const _ of [...builds]) world.endBuild(0, 'ok');
        for (const _ of [...helms]) world.endHelm(0, 'ok');
        await settle();
        for (const name of serviceNames) {
          if (wanted.has(name)) world.rollOut(name);
          const pod = podsOf(name)[0];
          if (pod && !pod.view.ready) world.pod(name, 'ready');
        }
        await settle();
        clock.advance(2000);
        await settle();
        if (recorded.events.length === before && builds.size + helms.size === 0) return;
      }
      throw new Error(`the loop does not come to rest: ${recorded.types().slice(-20).join(', ')}`);
    },
    stop: async () => {
      quit.abort('quit');
      await settle();
      for (const build of [...builds]) build.gate.fail(build.signal.reason);
      for (const helm of [...helms]) helm.gate.fail(helm.signal.reason);
      for (const pod of pods.values()) for (const cut of pod.open) cut();
      await loop;
    },
  };
  return world;
}

export type World = Awaited<ReturnType<typeof createWorld>>;
