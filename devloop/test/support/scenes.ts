import type { LoopEvent } from '../../src/model/events.ts';
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
  sampleProject,
  started,
  startTime,
} from './sample.ts';

/** What the dashboard is shown in: for the snapshots, and for the pictures that `npm run capture:scenes` makes. */
export interface Scene {
  readonly events: readonly LoopEvent[];
  /** Typed after the events. */
  readonly keys?: string;
}

/** Columns and rows of the terminals on which each scene is shown. */
export const sceneSizes: readonly (readonly [number, number])[] = [
  [60, 15],
  [80, 24],
  [120, 30],
  [200, 40],
];

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

export const scenes: Readonly<Record<string, Scene>> = {
  starting: { events: [] },
  building: {
    events: [
      started(),
      { type: 'build.started', service: 'backend', edit: 0 },
      { type: 'build.step', service: 'backend', step: { id: '1', name: '[build 3/5] RUN npm ci', status: 'running' } },
      logged('backend', '#8 [build 3/5] RUN npm ci'),
    ],
  },
  'all healthy, with huge logs': { events: [...allHealthy(), ...output] },
  'a failing build': {
    events: [
      ...allHealthy(),
      edited(1, ['backend'], ['src/server.ts'], startTime),
      ...buildFailed('backend', 1, compilerProblem),
      logged('backend', 'GET /healthz 200'),
    ],
  },
  'a crash loop': {
    events: [...allHealthy(), podChanged(crashLoopPod('backend')), crashed, logged('backend', 'starting')],
  },
  'a missing secret': { events: [...allHealthy(), podChanged(missingSecretPod('frontend', 'tasks-db'))] },
  'no cluster': {
    events: [
      ...allHealthy(),
      logged('backend', 'GET /healthz 200'),
      { type: 'cluster.lost', why: 'connect ECONNREFUSED 192.168.49.2:8443' },
    ],
  },
  'empty logs': { events: allHealthy() },
  'forty services': { events: [...allHealthy(fortyServices), logged('service-07', 'hello')] },
  'the help': { events: allHealthy(), keys: '?' },
};
