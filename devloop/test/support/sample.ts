import type { Problem } from '../../src/model/errors.ts';
import type { EditTiming, LoopEvent } from '../../src/model/events.ts';
import type { BuiltImage } from '../../src/model/operation.ts';
import type { ContainerView, PodView, ProbeResult, WorkloadView } from '../../src/model/pod.ts';
import type { ProjectSpec, ServiceSpec } from '../../src/model/project.ts';

/** 14:03:20 on the wall of whatever time zone the tests run in. */
export const startTime = new Date(2026, 0, 31, 14, 3, 20).getTime();

export const sampleService = (name: string, local: number): ServiceSpec => ({
  name,
  image: { context: '/project', dockerfile: `/project/${name}/Dockerfile`, args: {}, repository: name },
  imageValue: { path: `${name}.image`, shape: 'map' },
  ports: [{ local, remote: 8080 }],
  release: 'tasks',
  active: true,
});

export const sampleProject = (names: readonly string[] = ['backend', 'frontend']): ProjectSpec => ({
  name: 'tasks',
  root: '/project',
  configFile: '/project/devloop.config.ts',
  configInputs: ['/project/devloop.config.ts'],
  namespace: 'tasks-dev',
  services: names.map((name, index) => sampleService(name, 4000 + index)),
  releases: [{ name: 'tasks', chart: '/project/helm', values: [], set: {} }],
  allowContexts: [],
  secretEnv: [],
  parallelBuilds: 2,
  watch: { rest: 50, max: 1000 },
  ui: { notify: 'off', mouse: false },
});

export const started = (project: ProjectSpec = sampleProject()): LoopEvent => ({
  type: 'loop.started',
  project,
  cluster: { context: 'minikube', kind: 'minikube', why: 'the current context, a local Minikube' },
});

export const imageOf = (service: string, edit = 0): BuiltImage => ({ repository: service, tag: `edit-${edit}`, edit });

export const built = (service: string, edit = 0, ms = 240): LoopEvent[] => [
  { type: 'build.started', service, edit },
  { type: 'build.succeeded', service, image: imageOf(service, edit), reused: false, ms },
];

export const buildFailed = (service: string, edit: number, problem: Problem): LoopEvent[] => [
  { type: 'build.started', service, edit },
  { type: 'build.failed', service, edit, ms: 310, problem },
];

export const edited = (edit: number, services: readonly string[], files: readonly string[], at: number): LoopEvent => ({
  type: 'edit',
  edit,
  files,
  changedAt: at,
  services,
  releases: [],
});

/** A deploy of the release with these images. @param inputs what `deployInputs` says of the state before it */
export const deployed = (
  images: Readonly<Record<string, BuiltImage>>,
  inputs: string,
  edit = 0,
  revision = 1,
): LoopEvent[] => [
  { type: 'deploy.started', release: 'tasks', edit, inputs },
  {
    type: 'deploy.succeeded',
    release: 'tasks',
    revision,
    by: 'helm',
    images: Object.entries(images).map(([service, image]) => ({ service, ...image })),
    chart: 'chart-hash',
    edit,
    ms: 210,
  },
];

/** The text that `deployInputs` makes of these images. */
export const inputsOf = (images: Readonly<Record<string, BuiltImage>>): string =>
  [
    'chart@0',
    ...Object.entries(images)
      .map(([name, { repository, tag }]) => `${name}=${repository}:${tag}`)
      .sort(),
  ].join(' ');

export const sampleContainer = (service: string, edit = 0, change: Partial<ContainerView> = {}): ContainerView => ({
  name: service,
  image: `${service}:edit-${edit}`,
  init: false,
  state: 'running',
  startedAt: startTime,
  ready: true,
  restarts: 0,
  ...change,
});

/** A ready pod of the service; its uid is its name. */
export const samplePod = (service: string, edit = 0, change: Partial<PodView> = {}): PodView => {
  const name = change.name ?? `${service}-7d9f-${edit}`;
  return {
    uid: name,
    name,
    namespace: 'tasks-dev',
    service,
    release: 'tasks',
    workload: { kind: 'Deployment', name: service },
    createdAt: startTime + edit,
    phase: 'Running',
    ready: true,
    deleting: false,
    current: true,
    containers: [sampleContainer(service, edit)],
    probes: [],
    ...change,
  };
};

export const podChanged = (pod: PodView): LoopEvent => ({ type: 'pod.changed', pod });

export const sampleWorkload = (service: string, change: Partial<WorkloadView> = {}): WorkloadView => ({
  uid: `deployment-${service}`,
  kind: 'Deployment',
  name: service,
  release: 'tasks',
  service,
  replicas: 1,
  observed: true,
  updated: 1,
  ...change,
});

export const workloadChanged = (workload: WorkloadView): LoopEvent => ({ type: 'workload.changed', workload });

export const probed = (pod: PodView, change: Partial<ProbeResult> = {}): LoopEvent => ({
  type: 'probe.result',
  result: {
    pod: pod.name,
    uid: pod.uid,
    service: pod.service,
    container: pod.service,
    kind: 'readiness',
    ok: true,
    code: 200,
    latency: 3,
    from: 'devloop',
    at: startTime,
    ...change,
  },
});

export const forwarded = (service: string, local: number, pod?: string): LoopEvent => ({
  type: 'forward.changed',
  forward: { service, local, remote: 8080, status: pod ? 'ready' : 'held', ...(pod && { pod }) },
});

export const editTiming: EditTiming = { watch: 60, build: 240, deploy: 210, ready: 690, total: 1200 };

export const live = (service: string, edit = 0): LoopEvent => ({ type: 'service.live', service, edit, ms: editTiming });

/** Everything from the start until all services of the project answer. */
export function allHealthy(project: ProjectSpec = sampleProject()): LoopEvent[] {
  const names = project.services.map(({ name }) => name);
  const images = Object.fromEntries(names.map((name) => [name, imageOf(name)]));
  return [
    started(project),
    ...names.flatMap((name) => built(name)),
    ...deployed(images, inputsOf(images)),
    ...project.services.flatMap(({ name, ports }) => {
      const pod = samplePod(name);
      const local = ports[0]?.local ?? 0;
      const probes = [1, 2, 3].map((second) => probed(pod, { at: startTime + second * 1000, latency: 2 + second }));
      return [
        workloadChanged(sampleWorkload(name)),
        podChanged(pod),
        ...probes,
        forwarded(name, local, pod.name),
        live(name),
      ];
    }),
  ];
}

export const crash = { exitCode: 1, reason: 'Error' } as const;

/** A pod that crashed again and again, and waits to be started once more. */
export const crashLoopPod = (service: string, restarts = 3): PodView =>
  samplePod(service, 0, {
    ready: false,
    containers: [
      sampleContainer(service, 0, {
        state: 'waiting',
        reason: 'CrashLoopBackOff',
        message: 'back-off 40s restarting failed container',
        ready: false,
        restarts,
        last: crash,
      }),
    ],
  });

/** A pod that Kubernetes cannot start because it refers to a Secret that does not exist. */
export const missingSecretPod = (service: string, secret: string): PodView =>
  samplePod(service, 0, {
    ready: false,
    phase: 'Pending',
    containers: [
      sampleContainer(service, 0, {
        state: 'waiting',
        reason: 'CreateContainerConfigError',
        message: `secret "${secret}" not found`,
        ready: false,
      }),
    ],
  });

export const compilerProblem: Problem = {
  title: 'Build of backend failed',
  why: 'src/server.ts:14:9: error TS2322: Type string is not assignable to type number',
  fix: 'Correct the file: the next save builds again, and the last good pod goes on serving.',
  evidence: [
    '#9 [build 4/5] RUN npm run build',
    "src/server.ts(14,9): error TS2322: Type 'string' is not assignable to type 'number'.",
    'npm error Lifecycle script `build` failed with error:',
  ],
};

export const logged = (service: string, text: string, at = startTime): LoopEvent => ({
  type: 'log',
  line: { at, service, source: 'container', pod: `${service}-7d9f-0`, container: service, text },
});
