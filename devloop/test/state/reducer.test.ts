import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../src/model/events.ts';
import type { LoopState, ServiceState } from '../../src/state/state.ts';
import { createStore } from '../../src/state/store.ts';
import {
  allHealthy,
  buildFailed,
  built,
  compilerProblem,
  crash,
  deployed,
  edited,
  imageOf,
  live,
  podChanged,
  probed,
  samplePod,
  sampleProject,
  sampleWorkload,
  started,
  startTime,
  workloadChanged,
} from '../support/sample.ts';

function stateAfter(...events: readonly LoopEvent[]): LoopState {
  const store = createStore(() => startTime);
  for (const event of events) store.dispatch(event);
  return store.getState();
}

function serviceAfter(name: string, ...events: readonly LoopEvent[]): ServiceState {
  const service = stateAfter(...events).services[name];
  if (!service) throw new Error(`no service ${name}`);
  return service;
}

describe('the start and the configuration', () => {
  it('makes the services and releases of the project', () => {
    const state = stateAfter(started());
    expect(state.status).toBe('running');
    expect(Object.keys(state.services)).toEqual(['backend', 'frontend']);
    expect(state.releases).toEqual({ tasks: { name: 'tasks', edit: 0, deploy: { status: 'idle' } } });
  });

  it('keeps what is known of a service when the configuration is reloaded, and drops one that is gone', () => {
    const state = stateAfter(started(), ...built('backend'), ...built('frontend'), {
      type: 'config.reloaded',
      project: sampleProject(['backend', 'worker']),
      changed: ['services'],
    });
    expect(Object.keys(state.services)).toEqual(['backend', 'worker']);
    expect(state.services['backend']?.image).toMatchObject(imageOf('backend'));
    expect(state.services['worker']?.build.status).toBe('idle');
  });

  it('keeps a service that only the cluster names', () => {
    const state = stateAfter(started(), workloadChanged(sampleWorkload('database')), {
      type: 'config.reloaded',
      project: sampleProject(),
      changed: [],
    });
    expect(Object.keys(state.services)).toContain('database');
  });

  it('remembers a rejected configuration until the next good one', () => {
    const problem = { title: 'devloop.config.ts cannot be used', why: 'line 3' };
    const rejected = [started(), { type: 'config.rejected', problem } as const];
    expect(stateAfter(...rejected).configProblem).toEqual(problem);
    const healed = stateAfter(...rejected, { type: 'config.reloaded', project: sampleProject(), changed: [] });
    expect(healed).not.toHaveProperty('configProblem');
  });
});

describe('edits', () => {
  it('count for the services and releases that they are part of', () => {
    const state = stateAfter(started(), {
      ...edited(3, ['backend'], ['src/a.ts'], startTime - 50),
      releases: ['tasks'],
    } as LoopEvent);
    expect(state.edit).toBe(3);
    expect(state.services['backend']).toMatchObject({
      edit: 3,
      editChangedAt: startTime - 50,
      editSeenAt: startTime,
      changed: ['src/a.ts'],
    });
    expect(state.services['frontend']?.edit).toBe(0);
    expect(state.releases['tasks']?.edit).toBe(3);
  });

  it('gather files until the service is live with them, each once, at most 50', () => {
    const many = Array.from({ length: 60 }, (_, index) => `src/${index}.ts`);
    const gathered = [started(), edited(1, ['backend'], ['a.ts'], 0), edited(2, ['backend'], ['a.ts', 'b.ts'], 0)];
    expect(serviceAfter('backend', ...gathered).changed).toEqual(['a.ts', 'b.ts']);
    expect(serviceAfter('backend', ...gathered, edited(3, ['backend'], many, 0)).changed).toHaveLength(50);
    expect(serviceAfter('backend', ...gathered, live('backend', 1)).changed).toEqual(['a.ts', 'b.ts']);
    expect(serviceAfter('backend', ...gathered, live('backend', 2)).changed).toEqual([]);
  });

  it('do not invent services', () => {
    expect(Object.keys(stateAfter(started(), edited(1, ['nobody'], ['a.ts'], 0)).services)).toEqual([
      'backend',
      'frontend',
    ]);
  });
});

describe('builds', () => {
  const step = (status: 'running' | 'done'): LoopEvent => ({
    type: 'build.step',
    service: 'backend',
    step: { id: '1', name: 'RUN npm ci', status },
  });

  it('go from running with steps to an image', () => {
    const running = [
      started(),
      { type: 'build.started', service: 'backend', edit: 0 } as const,
      step('running'),
      step('done'),
    ];
    expect(serviceAfter('backend', ...running).build).toMatchObject({
      status: 'running',
      steps: [{ id: '1', name: 'RUN npm ci', status: 'done' }],
    });
    const done = serviceAfter('backend', ...running, {
      type: 'build.succeeded',
      service: 'backend',
      image: imageOf('backend'),
      reused: false,
      ms: 240,
    });
    expect(done.build).toMatchObject({ status: 'succeeded', edit: 0, ms: 240, reused: false });
    expect(done.build).toHaveProperty('steps.length', 1);
    // When the edit was saved and seen goes with the image: the edit's timing is told by the pod that runs it.
    expect(done.image).toEqual({
      ...imageOf('backend'),
      times: { changed: startTime, seen: startTime, built: startTime },
    });
  });

  it('that fail keep the last good image', () => {
    const service = serviceAfter(
      'backend',
      started(),
      ...built('backend'),
      ...buildFailed('backend', 1, compilerProblem),
    );
    expect(service.build).toMatchObject({ status: 'failed', edit: 1, problem: compilerProblem });
    expect(service.image).toMatchObject(imageOf('backend', 0));
  });

  it('that are cancelled leave nothing behind', () => {
    const service = serviceAfter(
      'backend',
      started(),
      { type: 'build.started', service: 'backend', edit: 1 },
      {
        type: 'build.cancelled',
        service: 'backend',
        edit: 1,
      },
    );
    expect(service.build).toEqual({ status: 'idle' });
  });

  it.each<[string, LoopEvent]>([
    ['cancelled', { type: 'build.cancelled', service: 'backend', edit: 1 }],
    ['failed', { type: 'build.failed', service: 'backend', edit: 1, problem: compilerProblem, ms: 1 }],
    ['succeeded', { type: 'build.succeeded', service: 'backend', image: imageOf('backend', 1), reused: false, ms: 1 }],
  ])('go on when an older one reports late that it %s', (_, late) => {
    const service = serviceAfter(
      'backend',
      started(),
      { type: 'build.started', service: 'backend', edit: 1 },
      { type: 'build.started', service: 'backend', edit: 2 },
      late,
    );
    expect(service.build).toMatchObject({ status: 'running', edit: 2 });
    expect(service.image).toBeUndefined();
  });

  it('of an unknown service change nothing', () => {
    const before = stateAfter(started());
    expect(stateAfter(started(), ...built('nobody'))).toEqual(before);
  });
});

describe('deploys', () => {
  const images = { backend: imageOf('backend', 2) };

  it('set the revision, what was tried, and the images of the services', () => {
    const state = stateAfter(started(), ...deployed(images, 'inputs', 2, 7));
    expect(state.releases['tasks']).toMatchObject({
      revision: 7,
      attempted: 'inputs',
      deploy: { status: 'succeeded', edit: 2 },
    });
    expect(state.services['backend']).toMatchObject({ deployed: imageOf('backend', 2), deployedAt: startTime });
    expect(state.services['frontend']?.deployed).toBeUndefined();
  });

  it('that fail keep the revision and the deployed images', () => {
    const state = stateAfter(
      started(),
      ...deployed(images, 'one', 2, 7),
      { type: 'deploy.started', release: 'tasks', edit: 3, inputs: 'two' },
      { type: 'deploy.failed', release: 'tasks', edit: 3, problem: compilerProblem, ms: 10 },
    );
    expect(state.releases['tasks']).toMatchObject({
      revision: 7,
      attempted: 'two',
      deploy: { status: 'failed', edit: 3 },
    });
    expect(state.services['backend']?.deployed).toEqual(imageOf('backend', 2));
  });
});

describe('pods and workloads', () => {
  const pod = samplePod('backend');

  it('keep their probe results and crashes when they change', () => {
    const state = stateAfter(
      started(),
      podChanged(pod),
      probed(pod),
      {
        type: 'container.crashed',
        service: 'backend',
        uid: pod.uid,
        pod: pod.name,
        container: 'backend',
        ...crash,
        lines: ['oops'],
      },
      podChanged({ ...pod, ready: false }),
    );
    expect(state.pods[pod.uid]).toMatchObject({
      view: { ready: false },
      crash: { exitCode: 1, lines: ['oops'], at: startTime },
    });
    expect(state.pods[pod.uid]?.probes).toHaveLength(1);
  });

  it('keep the newest probe results only', () => {
    const many = Array.from({ length: 500 }, (_, latency) => probed(pod, { latency }));
    const probes = stateAfter(started(), podChanged(pod), ...many).pods[pod.uid]?.probes ?? [];
    expect(probes.length).toBeLessThanOrEqual(200);
    expect(probes.at(-1)?.latency).toBe(499);
  });

  it('go when they are removed; results that come later are dropped', () => {
    const state = stateAfter(
      started(),
      podChanged(pod),
      { type: 'pod.removed', uid: pod.uid, name: pod.name, service: 'backend' },
      probed(pod),
    );
    expect(state.pods).toEqual({});
  });

  it('make a service that the configuration does not name, and take it with them', () => {
    const database = samplePod('database');
    const events = [started(), workloadChanged(sampleWorkload('database')), podChanged(database)];
    expect(stateAfter(...events).services['database']).toBeDefined();
    const half = [...events, { type: 'workload.removed', uid: 'deployment-database', name: 'database' } as const];
    expect(stateAfter(...half).services['database']).toBeDefined();
    const gone = [
      ...half,
      { type: 'pod.removed', uid: database.uid, name: database.name, service: 'database' } as const,
    ];
    expect(stateAfter(...gone).services['database']).toBeUndefined();
  });

  it('never take a configured service with them', () => {
    const state = stateAfter(started(), podChanged(pod), {
      type: 'pod.removed',
      uid: pod.uid,
      name: pod.name,
      service: 'backend',
    });
    expect(state.services['backend']).toBeDefined();
  });
});

describe('Kubernetes events', () => {
  const event = (uid: string, service: string, count = 1): LoopEvent => ({
    type: 'kubernetes.event',
    event: {
      uid,
      type: 'Warning',
      reason: 'BackOff',
      message: '',
      object: { kind: 'Pod', name: 'p' },
      service,
      count,
      at: startTime,
    },
  });

  it('replace an older count of the same event', () => {
    const service = serviceAfter(
      'backend',
      started(),
      event('a', 'backend'),
      event('b', 'backend'),
      event('a', 'backend', 2),
    );
    expect(service.events.map(({ uid, count }) => [uid, count])).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
  });

  it('do not make a service: an event outlives its object', () => {
    expect(stateAfter(started(), event('a', 'gone')).services['gone']).toBeUndefined();
  });
});

describe('the rest', () => {
  it('knows the newest live edit, whatever the order of the reports', () => {
    expect(serviceAfter('backend', started(), live('backend', 3), live('backend', 2)).live?.edit).toBe(3);
  });

  it('knows that the cluster is lost until it answers', () => {
    const lost = [started(), { type: 'cluster.lost', why: 'timeout' } as const];
    expect(stateAfter(...lost).clusterLost).toBe('timeout');
    expect(stateAfter(...lost, { type: 'cluster.connected' })).not.toHaveProperty('clusterLost');
  });

  it('keeps one row per command, with how it ended', () => {
    const command = { id: 1, line: 'helm upgrade tasks', startedAt: startTime };
    const state = stateAfter(
      { type: 'command.started', command },
      { type: 'command.ended', command: { ...command, ms: 5, exitCode: 0 } },
    );
    expect(state.commands).toEqual([{ ...command, ms: 5, exitCode: 0 }]);
  });

  it('keeps the newest notices', () => {
    const notices = Array.from(
      { length: 30 },
      (_, index) => ({ type: 'notice', level: 'info', text: String(index) }) as const,
    );
    expect(stateAfter(...notices).notices.at(-1)?.text).toBe('29');
    expect(stateAfter(...notices).notices).toHaveLength(20);
  });

  it('is stopping when it is told so, and log lines change nothing', () => {
    expect(stateAfter(started(), { type: 'loop.stopping', why: 'q' }).status).toBe('stopping');
    const before = stateAfter(...allHealthy());
    const line = { at: startTime, service: 'backend', source: 'container', text: 'x' } as const;
    expect(stateAfter(...allHealthy(), { type: 'log', line })).toEqual(before);
  });
});
