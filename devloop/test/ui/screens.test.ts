import { afterEach, describe, expect, it } from '@jest/globals';
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
} from '../support/sample.ts';
import { openScreen, type Screen } from '../support/screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const sizes: readonly (readonly [number, number])[] = [
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

const scenes: Readonly<Record<string, readonly LoopEvent[]>> = {
  starting: [],
  building: [
    started(),
    { type: 'build.started', service: 'backend', edit: 0 },
    { type: 'build.step', service: 'backend', step: { id: '1', name: '[build 3/5] RUN npm ci', status: 'running' } },
    logged('backend', '#8 [build 3/5] RUN npm ci'),
  ],
  'all healthy, with huge logs': [...allHealthy(), ...output],
  'a failing build': [
    ...allHealthy(),
    edited(1, ['backend'], ['src/server.ts'], startTime),
    ...buildFailed('backend', 1, compilerProblem),
    logged('backend', 'GET /healthz 200'),
  ],
  'a crash loop': [...allHealthy(), podChanged(crashLoopPod('backend')), crashed, logged('backend', 'starting')],
  'a missing secret': [...allHealthy(), podChanged(missingSecretPod('frontend', 'tasks-db'))],
  'empty logs': allHealthy(),
  'forty services': [...allHealthy(fortyServices), logged('service-07', 'hello')],
};

describe.each(sizes)('at %i columns and %i rows', (columns, rows) => {
  it.each(Object.keys(scenes))('shows %s', async (scene) => {
    screen = await openScreen(columns, rows);
    await screen.feed(...(scenes[scene] ?? []));
    expect(screen.lines()).toHaveLength(rows);
    expect(`\n${screen.text()}\n`).toMatchSnapshot();
  });
});
