import type { LoopEvent } from '../../src/model/events.ts';
import type { LogLine } from '../../src/model/log-line.ts';
import type { LiveSpec } from '../../src/model/project.ts';
import { kubeEvent, ledger, manyEdits, probedPod, runCommand } from '../ui/tabs/scenes.ts';
import {
  allHealthy,
  buildFailed,
  compilerProblem,
  crash,
  crashLoopPod,
  edited,
  logged,
  missingSecretPod,
  podChanged,
  sampleContainer,
  sampleProject,
  sampleWorkload,
  started,
  startTime,
  workloadChanged,
} from './sample.ts';
import { keys, type Timed } from './screen.ts';

/** What the dashboard is shown in: for the snapshots, and for the pictures that `npm run capture:scenes` makes. */
export interface Scene {
  readonly events: readonly Timed[];
  /** Typed after the events, one after the other. */
  readonly keys?: readonly string[];
}

/** Columns and rows of the terminals on which each scene is shown. */
export const sceneSizes: readonly (readonly [number, number])[] = [
  [60, 15],
  [80, 24],
  [120, 30],
  [200, 40],
];

const at = (ms: number, ...events: readonly LoopEvent[]): Timed[] => events.map((event) => [ms, event]);

const crashed: LoopEvent = {
  type: 'container.crashed',
  service: 'backend',
  uid: 'backend-7d9f-0',
  pod: 'backend-7d9f-0',
  container: 'backend',
  ...crash,
  lines: ['Error: connect ECONNREFUSED 127.0.0.1:5432', '    at TCPConnectWrap.afterConnect [as oncomplete]'],
};
const fortyServices = sampleProject(
  Array.from({ length: 40 }, (_, index) => `service-${String(index + 1).padStart(2, '0')}`),
);
const output = Array.from({ length: 300 }, (_, index) =>
  logged(index % 3 ? 'backend' : 'frontend', `request ${index} GET /api/tasks/${index} 200`, startTime + index * 10),
);

const mb = 2 ** 20;
const live: LiveSpec = {
  bundle: { entry: '/project/src/server.ts', to: '/app/server.js', external: [] },
  sync: [{ from: '/project/public', to: '/app/public', ignore: [] }],
  run: [{ command: ['npm', 'run', 'css'], when: ['**/*.css'] }],
  restart: true,
  rebuild: ['package.json'],
};
const limits = { cpu: 500, memory: 256 * mb };
const pod = probedPod({
  containers: [sampleContainer('backend', 0, { startedAt: startTime + 1000, limits })],
});
const warning = (atMs: number, reason: string, message: string, count = 1): Timed =>
  kubeEvent(`${reason}-${atMs}`, atMs, {
    type: 'Warning',
    reason,
    message,
    object: { kind: 'Pod', name: pod.name },
    count,
  });

/** Two minutes of what the pods use: the backend under a load that comes and goes. */
const used = (uids: readonly string[]): Timed[] =>
  Array.from(
    { length: 24 },
    (_, poll): Timed => [
      poll * 2000,
      {
        type: 'pods.stats',
        pods: [
          ...uids.map((uid, index) => ({
            uid,
            cpu: Math.round(60 + 40 * index + 180 * Math.abs(Math.sin(poll / 4 + index))),
            memory: (96 + poll * 4 + index * 9) * mb,
          })),
          { uid: 'frontend-7d9f-0', cpu: 3, memory: (80 + (poll % 3)) * mb },
        ],
        unavailable: {},
      },
    ],
  );

/** A service that has seen something: every kind of edit, builds, probes that failed, Kubernetes' events, commands. */
const history: readonly Timed[] = [
  ...manyEdits,
  ...at(
    0,
    { type: 'pod.removed', uid: 'backend-7d9f-0', name: 'backend-7d9f-0', service: 'backend' },
    podChanged(pod),
    ...requests(6),
  ),
  ...ledger(pod),
  ...used([pod.uid]),
  kubeEvent('scheduled', 0),
  kubeEvent('pulled', 400, {
    reason: 'Pulled',
    message: 'Container image "backend:edit-0" already present on machine',
  }),
  kubeEvent('started', 1000, { reason: 'Started', message: 'Started container backend' }),
  warning(
    12_000,
    'Unhealthy',
    'Readiness probe failed: HTTP probe failed with statuscode: 503 {"error":"the database does not answer"}',
    2,
  ),
  kubeEvent('scaled', 32_600, {
    reason: 'ScalingReplicaSet',
    message: 'Scaled up replica set backend-7d9f8b6c5 from 0 to 1',
    object: { kind: 'Deployment', name: 'backend' },
  }),
  ...runCommand(1, 0, {
    line: 'docker-buildx build --progress rawjson --tag backend:edit-0 --file backend/Dockerfile --target runtime --load .',
    ms: 240,
    exitCode: 0,
    about: { image: 'backend:edit-0' },
  }),
  ...runCommand(2, 300, {
    line: 'helm upgrade --install tasks helm --kube-context minikube --namespace tasks-dev --create-namespace --values helm/values-dev.yaml --set-json \'backend.image={"repository":"backend","tag":"edit-0"}\'',
    ms: 210,
    exitCode: 0,
  }),
  ...runCommand(3, 40_010, {
    line: 'helm upgrade --install tasks helm --kube-context minikube --namespace tasks-dev',
    ms: 250,
    exitCode: 1,
  }),
  ...runCommand(4, 50_010, {
    line: 'docker-buildx build --progress rawjson --tag backend:edit-7 --load .',
    about: { image: 'backend:edit-7' },
  }),
].toSorted(([a], [b]) => a - b);

function requests(count: number): LoopEvent[] {
  return Array.from({ length: count }, (_, index) => logged('backend', `GET /api/tasks/${index} 200 in ${index} ms`));
}

const line = (ms: number, text: string, change: Partial<LogLine> = {}): Timed => [
  ms,
  { type: 'log', line: { at: startTime + ms, service: 'backend', source: 'container', text, ...change } },
];
const origin = { pod: pod.name, container: 'backend' };
const richLogs: readonly Timed[] = [
  line(0, '#8 [build 3/5] RUN npm ci', { source: 'build' }),
  line(900, '{"level":30,"time":1769864600123,"pid":1,"msg":"listening","port":8080}', origin),
  line(950, '{"level":40,"time":1769864600130,"msg":"slow query","ms":943,"sql":"select * from tasks"}', origin),
  line(1200, 'GET /api/tasks 200 in 12 ms', { service: 'frontend' }),
  line(
    1300,
    '{"level":"error","msg":"request failed","path":"/api/tasks/7","err":{"stack":"TypeError: Cannot read properties of undefined (reading \'id\')\\n    at handler (/app/src/server.ts:14:9)\\n    at processTicksAndRejections (node:internal/process/task_queues:105:5)"}}',
    origin,
  ),
  line(1301, 'GET /api/tasks/7 500 in 31 ms', { service: 'frontend' }),
  line(2000, 'TypeError: Cannot read properties of undefined', origin),
  line(2000, '    at handler (/app/src/server.ts:14:9)', origin),
  line(2000, '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)', origin),
  line(2300, 'level=warning msg="retrying" attempt=2', origin),
  line(2400, 'sync: src/server.ts is live in the pod', { source: 'devloop' }),
  line(2500, `Pod ${pod.name}: BackOff: Back-off restarting failed container`, { source: 'kubernetes' }),
];

const replicas = ['x2x4q', 'b7kzp', 'm9w2d'].map((suffix, index) =>
  probedPod({
    name: `backend-7d9f8b6c5-${suffix}`,
    uid: suffix,
    ready: index < 2,
    containers: [
      sampleContainer('backend', 0, { ready: index < 2, restarts: index, startedAt: startTime + 1000, limits }),
    ],
  }),
);
const threeReplicas: readonly Timed[] = [
  ...at(
    0,
    ...allHealthy(),
    { type: 'pod.removed', uid: 'backend-7d9f-0', name: 'backend-7d9f-0', service: 'backend' },
    workloadChanged(sampleWorkload('backend', { replicas: 3, updated: 3 })),
    ...replicas.map(podChanged),
  ),
  ...[...used(replicas.map(({ uid }) => uid)), ...ledger(replicas[0] ?? pod)].toSorted(([a], [b]) => a - b),
  ...replicas.flatMap(({ name }, index) => [
    line(47_000 + index, `GET /api/tasks 200 in ${3 + index} ms`, { pod: name, container: 'backend' }),
  ]),
];

const withLive = { ...sampleProject(), services: sampleProject().services.map((service) => ({ ...service, live })) };
const failedBuild: readonly Timed[] = [
  ...at(0, ...allHealthy()),
  ...at(62_000, edited(1, ['backend'], ['src/server.ts'], startTime + 62_000)),
  ...at(62_300, ...buildFailed('backend', 1, compilerProblem), logged('backend', 'GET /healthz 200')),
];
const crashLoop: readonly Timed[] = [
  ...at(0, ...allHealthy()),
  ...at(61_000, podChanged(crashLoopPod('backend')), crashed, logged('backend', 'starting')),
  ...at(75_000, podChanged(crashLoopPod('backend', 4))),
];

/** The tab of this key, of the service that has seen something. */
const tab = (key: string): Scene => ({ events: history, keys: [keys.enter, key] });

export const scenes: Readonly<Record<string, Scene>> = {
  starting: { events: [] },
  building: {
    events: at(
      0,
      started(),
      { type: 'build.started', service: 'backend', edit: 0 },
      { type: 'build.step', service: 'backend', step: { id: '1', name: '[build 3/5] RUN npm ci', status: 'running' } },
      logged('backend', '#8 [build 3/5] RUN npm ci'),
    ),
  },
  'all healthy, with huge logs': { events: at(0, ...allHealthy(), ...output) },
  'a failing build': { events: failedBuild },
  'a crash loop': { events: crashLoop },
  'a missing secret': { events: at(0, ...allHealthy(), podChanged(missingSecretPod('frontend', 'tasks-db'))) },
  'no cluster': {
    events: at(0, ...allHealthy(), logged('backend', 'GET /healthz 200'), {
      type: 'cluster.lost',
      why: 'connect ECONNREFUSED 192.168.49.2:8443',
    }),
  },
  'empty logs': { events: at(0, ...allHealthy()) },
  'forty services': { events: at(0, ...allHealthy(fortyServices), logged('service-07', 'hello')) },
  'forty services, in the middle': {
    events: at(0, ...allHealthy(fortyServices), podChanged(missingSecretPod('service-21', 'tasks-db'))),
  },
  'three replicas': { events: threeReplicas },
  'the logs of three replicas': { events: threeReplicas, keys: ['l'] },
  'the probes of three replicas': { events: threeReplicas, keys: ['2'] },
  'an update under way': { events: history },
  paused: { events: at(0, ...allHealthy(), { type: 'watch.paused', files: 3 }) },
  'held while git works': {
    events: at(0, ...allHealthy(), { type: 'watch.held', files: 5007, why: 'index.lock stands' }),
  },
  'the logs': { events: [...at(0, ...allHealthy()), ...richLogs] },
  'the logs, wrapped, with times': { events: [...at(0, ...allHealthy()), ...richLogs], keys: ['w', 't'] },
  'a filter that is typed': { events: [...at(0, ...allHealthy()), ...richLogs], keys: ['/', 'api|handler'] },
  'logs that are frozen': { events: at(0, ...allHealthy(), ...output), keys: ['e', 'e', keys.pageUp] },
  'the tab of logs': tab('1'),
  'the tab of probes': tab('2'),
  'the tab of events': tab('3'),
  'the tab of builds': tab('4'),
  'the tab of the timeline': tab('5'),
  'the tab of commands': tab('6'),
  'the tab of the description': {
    events: [...at(0, ...allHealthy(withLive)), ...history.filter(([ms]) => ms > 0 && ms < 30_000)],
    keys: [keys.enter, '7'],
  },
  'a service that has failed': { events: crashLoop, keys: [keys.enter] },
  'the description of one that has failed': { events: crashLoop, keys: ['7'] },
  'the palette': { events: at(0, ...allHealthy()), keys: [':'] },
  'the palette, with a search': { events: at(0, ...allHealthy()), keys: [':', 'log'] },
  'the help': { events: at(0, ...allHealthy()), keys: ['?'] },
};
