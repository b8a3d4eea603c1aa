import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../src/model/events.ts';
import type { PodUpdate } from '../../src/model/operation.ts';
import { answers, editOf, isCurrent, targetPod } from '../../src/state/service-pods.ts';
import { summarizeAll } from '../../src/state/service-summary.ts';
import type { LoopState } from '../../src/state/state.ts';
import { createStore } from '../../src/state/store.ts';
import {
  built,
  deployed,
  edited,
  imageOf,
  inputsOf,
  podChanged,
  samplePod,
  sampleProject,
  sampleWorkload,
  started,
  startTime,
  workloadChanged,
} from '../support/sample.ts';

const live = { sync: [], run: [], restart: true, rebuild: [] };
const project = sampleProject(['backend']);
const liveProject = { ...project, services: project.services.map((service) => ({ ...service, live })) };
const images = { backend: imageOf('backend') };

function after(...events: readonly (LoopEvent | readonly LoopEvent[])[]): LoopState {
  let time = startTime;
  const store = createStore(() => {
    time += 10;
    return time;
  });
  const up = [started(liveProject), ...built('backend'), ...deployed(images, inputsOf(images))];
  const pods = [workloadChanged(sampleWorkload('backend', { replicas: 2, updated: 2 })), ...podsOf('one', 'two')];
  for (const event of [...up, ...pods, ...events.flat()]) store.dispatch(event);
  return store.getState();
}
const podsOf = (...names: string[]) => names.map((name) => podChanged(samplePod('backend', 0, { name })));
const edit = (number: number) => edited(number, ['backend'], ['src/a.ts'], startTime);
const prepared = (number: number): LoopEvent[] => [
  edit(number),
  { type: 'update.started', service: 'backend', edit: number },
  { type: 'update.prepared', service: 'backend', edit: number, image: 'backend:edit-0', files: 1, ms: 5 },
];
const podUpdate = (uid: string, status: PodUpdate['status'], number: number, more = {}): LoopEvent => ({
  type: 'pod.update',
  service: 'backend',
  uid,
  pod: uid,
  update: { status, edit: number, ...more },
});
const summary = (state: LoopState) => summarizeAll(state)[0];
const backend = (state: LoopState) => {
  const service = state.services['backend'];
  if (!service) throw new Error('no backend');
  return service;
};
const pod = (state: LoopState, uid: string) => {
  const found = state.pods[uid];
  if (!found) throw new Error(`no pod ${uid}`);
  return found;
};

describe('an edit of a service with live updates', () => {
  it('takes no image by itself', () => {
    expect(backend(after(edit(1)))).toMatchObject({ edit: 1, buildEdit: 0 });
  });

  it('takes one when it is refused, and says why, also when the build is over', () => {
    const refused: LoopEvent = { type: 'update.refused', service: 'backend', edit: 1, why: 'package.json is new' };
    const state = after(edit(1), refused);
    expect(backend(state)).toMatchObject({ buildEdit: 1, buildWhy: 'package.json is new' });
    const ended = after(edit(1), refused, built('backend', 1));
    expect(backend(ended).buildWhy).toBeUndefined();
    expect(ended.notices.at(-1)?.text).toBe('backend: edit 1 takes a new image: package.json is new');
  });

  it('takes one while the last build has failed, or no pod can be updated', () => {
    const problem = { title: 'No', why: 'not' };
    const failed = after({ type: 'build.failed', service: 'backend', edit: 0, problem, ms: 1 }, edit(1));
    expect(backend(failed).buildEdit).toBe(1);
    const unavailable = after({ type: 'update.unavailable', service: 'backend', problem }, edit(1));
    expect(backend(unavailable).buildEdit).toBe(1);
  });

  it('takes none again once a pod has been updated after all', () => {
    const problem = { title: 'No', why: 'not' };
    const state = after(
      { type: 'update.unavailable', service: 'backend', problem },
      podUpdate('one', 'current', 0),
      edit(1),
    );
    expect(backend(state).buildEdit).toBe(0);
  });
});

describe('pods on their way to an edit', () => {
  it('are counted', () => {
    const state = after(prepared(1), podUpdate('one', 'current', 1));
    expect(summary(state)).toMatchObject({ phase: 'updating', reason: '1 of 2 pods run edit 1', ready: 2, wanted: 2 });
    expect(isCurrent(pod(state, 'one'), backend(state))).toBe(true);
    expect(isCurrent(pod(state, 'two'), backend(state))).toBe(false);
    expect([editOf(pod(state, 'one'), backend(state)), editOf(pod(state, 'two'), backend(state))]).toEqual([1, 0]);
  });

  it('take connections until they are restarted', () => {
    const updating = after(prepared(1), podUpdate('one', 'updating', 0));
    expect(answers(pod(updating, 'one'))).toBe(true);
    const restarting = after(prepared(1), podUpdate('one', 'restarting', 0));
    expect(answers(pod(restarting, 'one'))).toBe(false);
    expect(targetPod(restarting, 'backend')?.view.name).toBe('two');
  });

  it('take none when others have shown a newer edit already', () => {
    const live: LoopEvent = {
      type: 'service.live',
      service: 'backend',
      edit: 1,
      ms: { watch: 0, build: 0, deploy: 0, ready: 0, total: 0 },
    };
    const state = after(prepared(1), podUpdate('one', 'current', 1), live, podUpdate('one', 'restarting', 1));
    expect(targetPod(state, 'backend')).toBeUndefined();
    const failed = after(
      prepared(1),
      podUpdate('one', 'current', 1),
      live,
      podUpdate('one', 'restarting', 1),
      podUpdate('two', 'failed', 0),
    );
    expect(targetPod(failed, 'backend')?.view.name).toBe('two');
  });

  it('that failed fail the service, with the problem', () => {
    const problem = { title: 'Cannot write /app/a.js', why: 'EACCES', fix: 'chown it' };
    const state = after(prepared(1), podUpdate('one', 'failed', 0, { problem }));
    expect(summary(state)).toMatchObject({ phase: 'failed', reason: 'EACCES', problem });
    expect(state.notices.at(-1)?.text).toBe('Cannot write /app/a.js: EACCES → chown it');
  });

  it('are done when a newer image has the edit', () => {
    const state = after(prepared(1), built('backend', 1));
    expect(backend(state).updated).toBeUndefined();
    const newer = after(prepared(1), edit(2), prepared(2), built('backend', 1));
    expect(backend(newer).updated).toMatchObject({ edit: 2, image: 'backend:edit-1' });
  });
});
