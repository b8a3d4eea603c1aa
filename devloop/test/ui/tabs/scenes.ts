import type { CommandRecord } from '../../../src/model/operation.ts';
import type { KubeEventView, PodView, ProbeSpec } from '../../../src/model/pod.ts';
import {
  allHealthy,
  compilerProblem,
  edited,
  imageOf,
  podChanged,
  probed,
  sampleContainer,
  samplePod,
  startTime,
} from '../../support/sample.ts';
import type { Timed } from '../../support/screen.ts';
import { atOnce } from './show-tab.ts';

export const probeSpec = (kind: ProbeSpec['kind'], change: Partial<ProbeSpec> = {}): ProbeSpec => ({
  kind,
  container: 'backend',
  action: { type: 'http', scheme: 'http', path: '/healthz' },
  port: 8080,
  period: 1000,
  timeout: 500,
  failureThreshold: 3,
  initialDelay: 0,
  ...change,
});

/** The newest pod: declared with two probes, Ready after 4 s. */
export const probedPod = (change: Partial<PodView> = {}): PodView =>
  samplePod('backend', 0, {
    name: 'backend-7d9f8b6c5-x2x4q',
    uid: 'backend-7d9f8b6c5-x2x4q',
    node: 'minikube',
    readySince: startTime + 4000,
    containers: [sampleContainer('backend', 0, { startedAt: startTime + 1000 })],
    probes: [
      probeSpec('readiness'),
      probeSpec('liveness', { action: { type: 'tcp' }, period: 10_000, initialDelay: 5000 }),
    ],
    ...change,
  });

export const kubeEvent = (uid: string, at: number, change: Partial<KubeEventView> = {}): Timed => [
  at,
  {
    type: 'kubernetes.event',
    event: {
      uid,
      type: 'Normal',
      reason: 'Scheduled',
      message: 'Successfully assigned tasks-dev/backend-7d9f8b6c5-x2x4q to minikube',
      object: { kind: 'Pod', name: 'backend-7d9f8b6c5-x2x4q' },
      service: 'backend',
      count: 1,
      at: startTime + at,
      ...change,
    },
  },
];

/** Results of a probe that passes, fails twice and passes, one each second. */
export const ledger = (pod: PodView): Timed[] =>
  [true, true, false, false, true].map((ok, index) => {
    const at = 10_000 + index * 1000;
    const failed = {
      code: 503,
      detail: '{"error":"the database does not answer: connect ECONNREFUSED 127.0.0.1:5432"}',
    };
    return [at, probed(pod, { at: startTime + at, ok, latency: 2 + index, ...(!ok && failed) })];
  });

export const runCommand = (id: number, at: number, record: Partial<CommandRecord>): Timed[] => {
  const command: CommandRecord = {
    id,
    line: 'helm',
    startedAt: startTime + at,
    about: { release: 'tasks' },
    ...record,
  };
  const { ms, exitCode, ...started } = command;
  const begin: Timed = [at, { type: 'command.started', command: started }];
  return exitCode === undefined ? [begin] : [begin, [at + (ms ?? 0), { type: 'command.ended', command }]];
};

const editAt = (edit: number, at: number, files: readonly string[] = ['src/routes/tasks.ts']): Timed => [
  at,
  edited(edit, ['backend'], files, startTime + at - 15),
];
const liveAt = (
  edit: number,
  at: number,
  [watch, build, deploy, ready]: readonly [number, number, number, number],
): Timed => [
  at,
  {
    type: 'service.live',
    service: 'backend',
    edit,
    ms: { watch, build, deploy, ready, total: watch + build + deploy + ready },
  },
];
const updateOf = (edit: number, at: number): Timed[] =>
  atOnce(
    [
      { type: 'update.started', service: 'backend', edit },
      { type: 'update.prepared', service: 'backend', edit, image: 'backend:edit-0', files: 1, ms: 40 },
    ],
    at,
  );
const step = (id: string, name: string, at: number, ms?: number, cached = false): Timed => [
  at,
  {
    type: 'build.step',
    service: 'backend',
    step: {
      id,
      name,
      status: cached ? 'cached' : ms === undefined ? 'running' : 'done',
      ...(ms !== undefined && { ms }),
    },
  },
];
const printed = (text: string, at: number): Timed => [
  at,
  { type: 'log', line: { at: startTime + at, service: 'backend', source: 'build', text } },
];

export const healthy: readonly Timed[] = atOnce(allHealthy());

/** Edits of every kind: live updates, an image, a chart, one that failed, one that was overtaken, one under way. */
export const manyEdits: readonly Timed[] = [
  ...healthy,
  editAt(1, 10_000),
  ...updateOf(1, 10_040),
  liveAt(1, 10_128, [15, 40, 20, 68]),
  editAt(2, 20_000, ['src/server.ts', 'src/app.ts', 'src/auth.ts']),
  ...updateOf(2, 20_040),
  liveAt(2, 20_200, [15, 60, 25, 110]),
  editAt(3, 30_000, ['package.json']),
  [30_010, { type: 'update.started', service: 'backend', edit: 3 }],
  [30_011, { type: 'update.refused', service: 'backend', edit: 3, why: 'package.json is not part of a live update' }],
  [30_012, { type: 'build.started', service: 'backend', edit: 3 }],
  step('1', '[build 1/4] FROM node:24-alpine', 30_100, undefined, true),
  step('2', '[build 2/4] COPY package.json package-lock.json ./', 30_110, 40),
  step('3', '[build 3/4] RUN npm ci', 30_150),
  printed('added 212 packages in 2s', 32_000),
  step('3', '[build 3/4] RUN npm ci', 32_150, 2000),
  [32_500, { type: 'build.succeeded', service: 'backend', image: imageOf('backend', 3), reused: false, ms: 2488 }],
  liveAt(3, 33_400, [15, 2488, 240, 660]),
  [
    40_000,
    {
      type: 'edit',
      edit: 4,
      files: ['helm/values-dev.yaml'],
      changedAt: startTime + 39_985,
      services: [],
      releases: ['tasks'],
    },
  ],
  [
    40_260,
    { type: 'deploy.succeeded', release: 'tasks', revision: 3, by: 'helm', images: [], chart: 'c', edit: 4, ms: 250 },
  ],
  editAt(5, 45_000, ['src/server.ts']),
  [45_001, { type: 'update.started', service: 'backend', edit: 5 }],
  [45_050, { type: 'update.failed', service: 'backend', edit: 5, problem: compilerProblem }],
  editAt(6, 50_000, ['Dockerfile']),
  [50_010, { type: 'build.started', service: 'backend', edit: 6 }],
  editAt(7, 50_500, ['Dockerfile']),
  [50_510, { type: 'build.cancelled', service: 'backend', edit: 6 }],
  [50_520, { type: 'build.started', service: 'backend', edit: 7 }],
  step('1', '[build 1/4] FROM node:24-alpine', 50_600, undefined, true),
  step(
    '2',
    '[build 2/4] RUN npm ci --include dev --no-audit --no-fund --registry https://registry.example.com/',
    50_700,
  ),
  printed('npm warn deprecated inflight@1.0.6: This module is not supported, and leaks memory. Do not use it.', 51_000),
];

export const failedBuild: readonly Timed[] = [
  ...healthy,
  editAt(1, 10_000),
  [10_010, { type: 'build.started', service: 'backend', edit: 1 }],
  [
    10_100,
    {
      type: 'build.step',
      service: 'backend',
      step: { id: '9', name: '[build 4/5] RUN npm run build', status: 'failed', ms: 210 },
    },
  ],
  ...(compilerProblem.evidence ?? []).map((text) => printed(text, 10_200)),
  [10_320, { type: 'build.failed', service: 'backend', edit: 1, ms: 310, problem: compilerProblem }],
];

export const withPod = (pod: PodView, at = 0): Timed => [at, podChanged(pod)];
