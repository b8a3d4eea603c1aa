import type { LoopEvent } from '../src/model/events.ts';
import type { PodView } from '../src/model/pod.ts';
import type { ProjectSpec } from '../src/model/project.ts';

type Fields<Type extends LoopEvent['type']> = Omit<Extract<LoopEvent, { type: Type }>, 'type'>;

/** When the examples happen. */
export const exampleTime = Date.UTC(2026, 0, 31, 14, 3, 22, 120);
const at = exampleTime;

const project: ProjectSpec = {
  name: 'tasks',
  root: '/home/ada/tasks',
  configFile: '/home/ada/tasks/devloop.config.ts',
  configInputs: ['/home/ada/tasks/devloop.config.ts'],
  namespace: 'tasks-dev',
  services: [{ name: 'backend', ports: [{ local: 4000, remote: 4000 }], release: 'tasks', active: true }],
  releases: [{ name: 'tasks', chart: '/home/ada/tasks/helm', values: [], set: {} }],
  allowContexts: [],
  secretEnv: [],
  parallelBuilds: 2,
  watch: { rest: 15, max: 500 },
  ui: { notify: 'off', mouse: false },
};

const image = { repository: 'devloop.local/tasks/backend', tag: '3f9c2a71d0e4', edit: 12 };
const reference = 'devloop.local/tasks/backend:3f9c2a71d0e4';
const deployed = { service: 'backend', ...image, times: { changed: at - 1500, seen: at - 1484, built: at - 244 } };
const podName = 'tasks-backend-6d5f7c9b8-x2x7k';
const uid = '0b5e7b1e-6f1c-4a52-9d0f-5f8f2f2b7c11';

const pod: PodView = {
  uid,
  name: podName,
  namespace: 'tasks-dev',
  node: 'minikube',
  service: 'backend',
  release: 'tasks',
  workload: { kind: 'Deployment', name: 'tasks-backend' },
  createdAt: at - 4000,
  phase: 'Running',
  ready: false,
  readySince: at - 4000,
  deleting: false,
  current: true,
  containers: [
    {
      name: 'backend',
      image: reference,
      init: false,
      state: 'waiting',
      reason: 'CrashLoopBackOff',
      message: 'back-off 10s restarting failed container',
      ready: false,
      restarts: 1,
      limits: { cpu: 500, memory: 268_435_456 },
      last: { exitCode: 1, reason: 'Error', finishedAt: at - 1000 },
    },
  ],
  probes: [
    {
      kind: 'readiness',
      container: 'backend',
      action: { type: 'http', scheme: 'HTTP', path: '/health' },
      port: 4000,
      period: 1000,
      timeout: 1000,
      failureThreshold: 3,
      initialDelay: 0,
    },
  ],
};

const command = {
  id: 31,
  line: 'helm upgrade --install tasks helm',
  cwd: '/home/ada/tasks',
  about: { release: 'tasks' },
} as const;

/** An example of each event, for the tests and for docs/events.md. */
export const examples: { readonly [Type in LoopEvent['type']]: Fields<Type> } = {
  'loop.started': {
    project,
    cluster: { context: 'minikube', kind: 'minikube', why: 'the current context, a local Minikube' },
  },
  'loop.stopping': { why: 'q was pressed' },
  'config.reloaded': { project, changed: ['backend'] },
  'config.rejected': {
    problem: {
      title: 'devloop.config.ts cannot be used',
      why: 'devloop.config.ts:8:7: services.backend.port: there is no such field',
      fix: 'Did you mean ports?',
    },
  },
  edit: {
    edit: 12,
    files: ['apps/backend/src/server.ts'],
    changedAt: at - 16,
    services: ['backend'],
    releases: [],
  },
  'watch.paused': { files: 2 },
  'watch.resumed': { files: 2 },
  'watch.held': { files: 512, why: 'index.lock stands' },
  'watch.released': {},
  'service.toggled': { service: 'backend', active: false },
  'rebuild.asked': { service: 'backend' },
  'rollback.asked': { service: 'backend' },
  'release.green': { release: 'tasks', green: { revision: 7, images: [deployed], chart: '9f31c06b', edit: 12 } },
  'service.health': {
    service: 'backend',
    status: 'failed',
    cause: 'backend keeps crashing: exit code 1, the app reported an error',
    edit: 12,
  },
  'build.started': { service: 'backend', edit: 12 },
  'build.step': {
    service: 'backend',
    step: { id: 'sha256:4c1d', name: '[build 4/5] RUN npm run build', status: 'done', ms: 812 },
  },
  'build.succeeded': { service: 'backend', image, reused: false, ms: 1240 },
  'build.failed': {
    service: 'backend',
    edit: 12,
    problem: {
      title: 'The build of backend failed',
      why: '[build 4/5] RUN npm run build: exit code: 2',
      fix: 'Correct the file: the next save builds again, and the last good pod goes on serving.',
      evidence: ["src/server.ts(14,9): error TS2322: Type 'string' is not assignable to type 'number'."],
    },
    ms: 940,
  },
  'build.cancelled': { service: 'backend', edit: 12 },
  'update.started': { service: 'backend', edit: 12 },
  'update.prepared': { service: 'backend', edit: 12, image: reference, files: 1, ms: 42 },
  'update.refused': { service: 'backend', edit: 12, why: 'package.json takes an image build' },
  'update.failed': {
    service: 'backend',
    edit: 12,
    problem: { title: 'Edit 12 of backend cannot be bundled', why: 'src/server.ts:14:9: Expected ";" but found "}"' },
  },
  'update.unavailable': {
    service: 'backend',
    problem: { title: 'backend cannot be updated live', why: 'its image has neither Node nor a shell' },
  },
  'pod.update': { service: 'backend', uid, pod: podName, update: { status: 'current', edit: 12 } },
  'deploy.started': { release: 'tasks', edit: 12, inputs: `chart@0 backend=${reference}` },
  'deploy.succeeded': {
    release: 'tasks',
    revision: 7,
    by: 'helm',
    images: [deployed],
    chart: '9f31c06b',
    edit: 12,
    ms: 214,
  },
  'deploy.failed': {
    release: 'tasks',
    edit: 12,
    problem: { title: 'helm upgrade of tasks failed', why: 'values: replicas: must be a number' },
    ms: 130,
  },
  'pod.changed': { pod },
  'pod.removed': { uid, name: podName, service: 'backend' },
  'workload.changed': {
    workload: {
      uid: '7f2c6f0a-1f43-4f0e-8a55-2a4cf6f7f0de',
      kind: 'Deployment',
      name: 'tasks-backend',
      release: 'tasks',
      service: 'backend',
      replicas: 1,
      observed: true,
      updated: 1,
    },
  },
  'workload.removed': { uid: '7f2c6f0a-1f43-4f0e-8a55-2a4cf6f7f0de', name: 'tasks-backend' },
  'container.crashed': {
    service: 'backend',
    uid,
    pod: podName,
    container: 'backend',
    exitCode: 1,
    reason: 'Error',
    lines: ['Error: connect ECONNREFUSED 10.0.0.7:5432'],
  },
  'kubernetes.event': {
    event: {
      uid: 'b1c5f9a2-77b4-4d8e-9a41-0f2f6c1f3c55',
      type: 'Warning',
      reason: 'Unhealthy',
      message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
      object: { kind: 'Pod', name: podName },
      container: 'backend',
      service: 'backend',
      count: 3,
      at: at - 40,
    },
  },
  'probe.result': {
    result: {
      pod: podName,
      uid,
      service: 'backend',
      container: 'backend',
      kind: 'readiness',
      ok: false,
      code: 503,
      latency: 12,
      detail: 'database: not connected',
      from: 'devloop',
      at: at - 12,
    },
  },
  'pods.stats': { pods: [{ uid, cpu: 12, memory: 88_080_384 }], unavailable: {} },
  'forward.changed': {
    forward: { service: 'backend', local: 4000, remote: 4000, status: 'ready', pod: podName },
  },
  'forward.removed': { local: 4000 },
  'service.live': { service: 'backend', edit: 12, ms: { watch: 16, build: 42, deploy: 5, ready: 80, total: 143 } },
  'command.started': { command: { ...command, startedAt: at } },
  'command.ended': { command: { ...command, startedAt: at - 210, ms: 210, exitCode: 0 } },
  'cluster.lost': { why: 'connect ECONNREFUSED 192.168.49.2:8443' },
  'cluster.connected': {},
  notice: { level: 'warning', text: 'the disk of the node is nearly full' },
  log: {
    line: { at: at - 2, service: 'backend', source: 'container', pod: podName, container: 'backend', text: 'ready' },
  },
};
