import { describe, expect, it } from '@jest/globals';
import { plan } from '../../src/engine/plan.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import type { ProjectSpec } from '../../src/model/project.ts';
import { deployInputs } from '../../src/state/deploy-inputs.ts';
import { initialState, type LoopState } from '../../src/state/state.ts';
import { createStore } from '../../src/state/store.ts';
import {
  buildFailed,
  built,
  compilerProblem,
  deployed,
  edited,
  imageOf,
  sampleProject,
  sampleService,
  sampleWorkload,
  started,
  workloadChanged,
} from '../support/sample.ts';

function after(...events: readonly (LoopEvent | readonly LoopEvent[])[]): LoopState {
  const store = createStore(() => 0);
  for (const event of events.flat()) store.dispatch(event);
  return store.getState();
}

/** The plan as lines that read like one. */
function said(state: LoopState): string[] {
  const { start, waits } = plan(state);
  const subjectOf = (operation: (typeof start)[number]) =>
    operation.kind === 'deploy' ? operation.release : operation.service;
  return [
    ...start.map((operation) => `${operation.kind} ${subjectOf(operation)}: ${operation.why}`),
    ...waits.map(({ subject, reason }) => `${subject} waits: ${reason}`),
  ];
}

const building = (service: string, edit: number): LoopEvent => ({ type: 'build.started', service, edit });
const both = [...built('backend'), ...built('frontend')];
const images = { backend: imageOf('backend'), frontend: imageOf('frontend') };
const inputs = deployInputs(after(started(), both), 'tasks') ?? '';
const up = [started(), ...both, ...deployed(images, inputs)];

describe('before and after a loop', () => {
  it('nothing is planned before the start', () => {
    expect(said(initialState)).toEqual([]);
  });

  it('nothing is planned once the loop stops', () => {
    expect(said(after(started(), { type: 'loop.stopping', why: 'quit' }))).toEqual([]);
  });
});

describe('the start', () => {
  it('builds every image; the release waits for them', () => {
    expect(said(after(started()))).toEqual([
      'build backend: the start',
      'build frontend: the start',
      'tasks waits: no image yet of backend, frontend',
    ]);
  });

  it('does not ask again for what runs', () => {
    expect(said(after(started(), building('backend', 0), building('frontend', 0)))).toEqual([
      'tasks waits: no image yet of backend, frontend',
    ]);
  });

  it('keeps to the limit of parallel builds, and says so', () => {
    const project = { ...sampleProject(['a', 'b', 'c', 'd']), parallelBuilds: 2 };
    expect(said(after(started(project)))).toEqual([
      'build a: the start',
      'build b: the start',
      'c waits: 2 builds already run',
      'd waits: 2 builds already run',
      'tasks waits: no image yet of a, b, c, d',
    ]);
  });

  it('gives a free place to the next', () => {
    const project = { ...sampleProject(['a', 'b', 'c']), parallelBuilds: 2 };
    expect(said(after(started(project), building('a', 0), building('b', 0), built('a').slice(1)))).toEqual([
      'build c: the start',
      'tasks waits: no image yet of b, c',
    ]);
  });

  it('waits for the last image only', () => {
    expect(said(after(started(), built('backend'), building('frontend', 0)))).toEqual([
      'tasks waits: no image yet of frontend',
    ]);
  });

  it('deploys when all images are there', () => {
    const state = after(started(), both);
    expect(plan(state)).toEqual({ start: [{ kind: 'deploy', release: 'tasks', inputs, why: 'the start' }], waits: [] });
  });

  it('deploys at once what has no image to build', () => {
    const { image: _, imageValue: __, ...database } = sampleService('database', 5432);
    expect(said(after(started({ ...sampleProject([]), services: [database] })))).toEqual(['deploy tasks: the start']);
  });

  it('lets releases go their own way', () => {
    const project: ProjectSpec = {
      ...sampleProject(['a', 'b']),
      services: [sampleService('a', 1), { ...sampleService('b', 2), release: 'other' }],
      releases: [...sampleProject().releases, { name: 'other', chart: '/project/other', values: [], set: {} }],
    };
    expect(said(after(started(project), built('a'), building('b', 0)))).toEqual([
      'deploy tasks: the start',
      'other waits: no image yet of b',
    ]);
  });
});

describe('at rest', () => {
  it('there is nothing to do', () => {
    expect(plan(after(up))).toEqual({ start: [], waits: [] });
  });

  it('an edit of nothing of ours starts nothing', () => {
    expect(said(after(up, edited(1, [], ['README.md'], 0)))).toEqual([]);
  });
});

describe('an edit', () => {
  it('builds what it touches', () => {
    expect(said(after(up, edited(1, ['backend'], ['server.ts'], 0)))).toEqual(['build backend: edit 1']);
  });

  it('upgrades when the image differs', () => {
    expect(said(after(up, edited(1, ['backend'], ['server.ts'], 0), built('backend', 1)))).toEqual([
      'deploy tasks: its inputs changed',
    ]);
  });

  it('upgrades nothing when the image is the same', () => {
    const same: LoopEvent = {
      type: 'build.succeeded',
      service: 'backend',
      image: { ...imageOf('backend', 0), edit: 1 },
      reused: true,
      ms: 1,
    };
    expect(said(after(up, edited(1, ['backend'], ['server.ts'], 0), building('backend', 1), same))).toEqual([]);
  });

  it('of two services upgrades once, with both', () => {
    const two = edited(1, ['backend', 'frontend'], ['shared.ts'], 0);
    expect(said(after(up, two, built('backend', 1), building('frontend', 1)))).toEqual([
      'tasks waits: the same edit also changes frontend',
    ]);
    expect(said(after(up, two, built('backend', 1), built('frontend', 1)))).toEqual([
      'deploy tasks: its inputs changed',
    ]);
    expect(said(after(up, two, built('backend', 1), buildFailed('frontend', 1, compilerProblem)))).toEqual([
      'deploy tasks: its inputs changed',
    ]);
  });

  it('of one service does not wait for another that builds an edit of its own', () => {
    const frontend = [edited(1, ['frontend'], ['page.tsx'], 0), building('frontend', 1)];
    expect(said(after(up, frontend, edited(2, ['backend'], ['server.ts'], 0), built('backend', 2)))).toEqual([
      'deploy tasks: its inputs changed',
    ]);
  });

  it('of chart and image upgrades once, with both', () => {
    const files = ['server.ts', 'values.yaml'];
    const edit: LoopEvent = { type: 'edit', edit: 1, files, changedAt: 0, services: ['backend'], releases: ['tasks'] };
    expect(said(after(up, edit, building('backend', 1)))).toEqual(['tasks waits: the same edit also changes backend']);
    expect(said(after(up, edit, built('backend', 1)))).toEqual(['deploy tasks: its inputs changed']);
  });

  it('of the chart upgrades without a build', () => {
    const edit: LoopEvent = {
      type: 'edit',
      edit: 1,
      files: ['helm/values.yaml'],
      changedAt: 0,
      services: [],
      releases: ['tasks'],
    };
    expect(said(after(up, edit))).toEqual(['deploy tasks: its inputs changed']);
  });
});

describe('the latest edit wins', () => {
  const busy = [...up, edited(1, ['backend'], ['a.ts'], 0), building('backend', 1)];

  it('over the build of an older one', () => {
    expect(said(after(busy, edited(2, ['backend'], ['a.ts'], 0)))).toEqual([
      'cancel-build backend: edit 2 replaces edit 1',
    ]);
  });

  it('and is built once the older build has ended', () => {
    expect(
      said(after(busy, edited(2, ['backend'], ['a.ts'], 0), { type: 'build.cancelled', service: 'backend', edit: 1 })),
    ).toEqual(['build backend: edit 2']);
  });

  it('even when the older build came through before it was cut off', () => {
    const planned = said(after(busy, edited(2, ['backend'], ['a.ts'], 0), built('backend', 1).slice(1)));
    expect(planned).toContain('build backend: edit 2');
  });

  it('but not over the build of another service', () => {
    expect(said(after(busy, edited(2, ['frontend'], ['b.ts'], 0)))).toEqual(['build frontend: edit 2']);
  });

  it('but never over a helm that runs', () => {
    const upgrading: LoopEvent = { type: 'deploy.started', release: 'tasks', edit: 1, inputs: 'edit 1' };
    const state = after(up, edited(1, ['backend'], ['a.ts'], 0), upgrading, built('backend', 1));
    expect(said(state)).toEqual(['tasks waits: a helm upgrade runs; it is not cut off']);
  });

  it('and helm runs again right after', () => {
    const upgrading: LoopEvent = { type: 'deploy.started', release: 'tasks', edit: 1, inputs: 'edit 1' };
    const state = after(
      up,
      edited(1, ['backend'], ['a.ts'], 0),
      upgrading,
      built('backend', 1),
      deployed({}, 'edit 1').slice(1),
    );
    expect(said(state)).toEqual(['deploy tasks: its inputs changed']);
  });
});

describe('a failure', () => {
  it('of a build waits for the next edit', () => {
    const failed = [...up, edited(1, ['backend'], ['a.ts'], 0), ...buildFailed('backend', 1, compilerProblem)];
    expect(said(after(failed))).toEqual([]);
    expect(said(after(failed, edited(2, ['backend'], ['a.ts'], 0)))).toEqual(['build backend: edit 2']);
  });

  it('of a first build holds the release back, and says of what', () => {
    expect(said(after(started(), built('frontend'), buildFailed('backend', 0, compilerProblem)))).toEqual([
      'tasks waits: no image yet of backend',
    ]);
  });

  it('of a deploy waits for the next change', () => {
    const failed = [
      ...deployed(images, inputs).slice(0, 1),
      { type: 'deploy.failed', release: 'tasks', edit: 0, problem: compilerProblem, ms: 1 } as const,
    ];
    const state = after(started(), both, failed);
    expect(said(state)).toEqual([]);
    const edit: LoopEvent = {
      type: 'edit',
      edit: 1,
      files: ['helm/values.yaml'],
      changedAt: 0,
      services: [],
      releases: ['tasks'],
    };
    expect(said(after(started(), both, failed, edit))).toEqual(['deploy tasks: its inputs changed']);
  });
});

it('is pure: asked twice, it says the same', () => {
  const state = after(started(), building('backend', 0));
  const before = structuredClone(state);
  expect(plan(state)).toEqual(plan(state));
  expect(state).toEqual(before);
});

describe('a deploy that has failed', () => {
  const problem = { title: 'helm upgrade of tasks failed', why: 'connection refused' };
  const failed = (edit: number, attempted: string): LoopEvent[] => [
    { type: 'deploy.started', release: 'tasks', edit, inputs: attempted },
    { type: 'deploy.failed', release: 'tasks', edit, problem, ms: 1 },
  ];
  const change = [edited(1, ['backend'], ['a.ts'], 0), ...built('backend', 1)];
  const now = deployInputs(after(...up, change), 'tasks') ?? '';
  const imagesNow = { ...images, backend: imageOf('backend', 1) };
  const afterFailure = [...up, ...change, ...failed(1, now)];
  const steps = { sync: [], run: [], restart: true, rebuild: [] };
  const services = sampleProject().services.map((service) => ({ ...service, live: steps }));
  const liveUp = [
    started({ ...sampleProject(), services }),
    ...both,
    ...deployed(images, inputs),
    edited(1, ['backend'], ['a.ts'], 0),
    { type: 'update.refused', service: 'backend', edit: 1, why: 'its packages changed' } as const,
    ...built('backend', 1),
  ];
  const live = (edit: number): LoopEvent[] => [
    edited(edit, ['backend'], ['a.ts'], 0),
    { type: 'update.started', service: 'backend', edit },
    { type: 'update.prepared', service: 'backend', edit, image: 'backend:edit-1', files: 1, ms: 1 },
  ];

  it('is not tried again by itself', () => {
    expect(said(after(afterFailure))).toEqual([]);
  });

  const lost: LoopEvent = { type: 'cluster.lost', why: 'connect ECONNREFUSED' };
  const connected: LoopEvent = { type: 'cluster.connected' };

  it('is tried again when the cluster is back, once', () => {
    const back = after(afterFailure, lost, connected);
    expect(said(back)).toEqual(['deploy tasks: the cluster is back']);
    expect(said(after(afterFailure, lost, connected, failed(1, now)))).toEqual([]);
    expect(said(after(afterFailure, connected))).toEqual([]);
  });

  it('is tried again when the cluster was lost and back before it failed', () => {
    const [begins, fails] = failed(1, now) as [LoopEvent, LoopEvent];
    expect(said(after(...up, ...change, begins, lost, connected))).toEqual([]);
    expect(said(after(...up, ...change, begins, lost, connected, fails))).toEqual([
      'deploy tasks: the cluster is back',
    ]);
  });

  it('is not tried again when it was a rollback', () => {
    const rollback: LoopEvent[] = [
      { type: 'deploy.started', release: 'tasks', edit: 1, inputs: 'others', rollbackTo: 1 },
      { type: 'deploy.failed', release: 'tasks', edit: 1, problem, ms: 1 },
    ];
    expect(said(after(...up, ...change, ...deployed(imagesNow, now), ...rollback, lost, connected))).toEqual([]);
  });

  it('is tried again with the next image', () => {
    expect(said(after(afterFailure, edited(2, ['backend'], ['a.ts'], 0), built('backend', 2)))).toEqual([
      'deploy tasks: its inputs changed',
    ]);
  });

  it('is tried again with the next change of the chart', () => {
    const chart: LoopEvent = {
      type: 'edit',
      edit: 2,
      files: ['helm/values.yaml'],
      changedAt: 0,
      services: [],
      releases: ['tasks'],
    };
    expect(said(after(afterFailure, chart))).toEqual(['deploy tasks: its inputs changed']);
  });

  it('is tried again with the next live update, once', () => {
    const state = after(liveUp, failed(1, now), live(2));
    expect(said(state)).toEqual(['deploy tasks: the last one failed']);
    expect(said(after(liveUp, failed(1, now), live(2), failed(2, now)))).toEqual([]);
  });

  it('is not tried again once one has worked', () => {
    expect(said(after(liveUp, deployed(imagesNow, now), live(2)))).toEqual([]);
  });
});

describe('a build that has failed', () => {
  const lost: LoopEvent = { type: 'cluster.lost', why: 'connect ECONNREFUSED' };
  const connected: LoopEvent = { type: 'cluster.connected' };
  const failed = buildFailed('backend', 1, { title: 'No Docker daemon answers', why: 'connection refused' });
  const change = edited(1, ['backend'], ['a.ts'], 0);

  it('is tried again when the cluster is back, once', () => {
    expect(said(after(...up, change, failed))).toEqual([]);
    expect(said(after(...up, change, failed, lost, connected))).toEqual(['build backend: the cluster is back']);
    expect(said(after(...up, change, failed, lost, connected, failed))).toEqual([]);
  });

  it('is tried again when the cluster was lost and back before it failed', () => {
    const [begins, fails] = failed as [LoopEvent, LoopEvent];
    expect(said(after(...up, change, begins, lost, connected))).toEqual([]);
    expect(said(after(...up, change, begins, lost, connected, fails))).toEqual(['build backend: the cluster is back']);
  });
});

describe('a workload that somebody has deleted', () => {
  const steps = { sync: [], run: [], restart: true, rebuild: [] };
  const services = sampleProject().services.map((service) => ({ ...service, live: steps }));
  const running = [
    started({ ...sampleProject(), services }),
    ...both,
    ...deployed(images, inputs),
    ...['backend', 'frontend'].map((name) => workloadChanged(sampleWorkload(name))),
  ];
  const removed: LoopEvent = { type: 'workload.removed', uid: 'deployment-backend', name: 'backend' };
  const live: LoopEvent[] = [
    edited(1, ['backend'], ['a.ts'], 0),
    { type: 'update.started', service: 'backend', edit: 1 },
    { type: 'update.prepared', service: 'backend', edit: 1, image: 'backend:edit-0', files: 1, ms: 1 },
  ];
  const again = ['deploy tasks: the workload of backend was deleted'];
  const afterwards = [
    { type: 'deploy.started', release: 'tasks', edit: 1, inputs } as const,
    { ...deployed(images, inputs)[1], edit: 1 } as LoopEvent,
  ];

  it.each([
    ['is not deployed again by itself', [removed], []],
    ['is deployed again with the next edit', [removed, ...live], again],
    ['is so when the edit came just before', [...live, removed], again],
    ['is so once', [removed, ...live, ...afterwards], []],
    ['is not when somebody has made it again', [removed, workloadChanged(sampleWorkload('backend')), ...live], []],
    [
      'is not when another one took its place',
      [workloadChanged(sampleWorkload('backend', { uid: 'new' })), removed, ...live],
      [],
    ],
  ])('%s', (_, events, expected) => {
    expect(said(after(running, events))).toEqual(expected);
  });
});
