import { describe, expect, it } from '@jest/globals';
import { byName } from '../../src/lib/by-name.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import { createPlainPrinter } from '../../src/plain/print-plain.ts';
import { deployInputs } from '../../src/state/deploy-inputs.ts';
import { failureCard } from '../../src/state/failure-card.ts';
import { summarizeAll } from '../../src/state/service-summary.ts';
import { createStore } from '../../src/state/store.ts';
import {
  allHealthy,
  crash,
  crashLoopPod,
  podChanged,
  probed,
  samplePod,
  sampleProject,
  sampleWorkload,
  started,
  startTime,
  workloadChanged,
} from '../support/sample.ts';

const ofEveryObject = ['constructor', 'toString', 'hasOwnProperty', '__proto__'];

function after(...events: readonly LoopEvent[]) {
  const store = createStore(() => startTime);
  let text = '';
  store.subscribe(createPlainPrinter({ write: (line) => (text += line), color: false }));
  for (const event of events) store.dispatch(event);
  return { state: store.getState(), text };
}

describe.each(ofEveryObject)('a name that every object has: %s', (name) => {
  it('is one of a record only when it was put there', () => {
    const empty = byName<number>();
    expect(empty[name]).toBeUndefined();
    const one = byName(empty, { [name]: 1 });
    expect([Object.entries(one), Object.entries(byName(one))]).toEqual([[[name, 1]], [[name, 1]]]);
  });

  it('is that of a service like others', () => {
    const { state, text } = after(...allHealthy(sampleProject([name, 'web'])));
    expect(summarizeAll(state).map((summary) => [summary.name, summary.phase])).toEqual([
      [name, 'ready'],
      ['web', 'ready'],
    ]);
    expect(text).toContain(name);
  });

  it('is that of a workload, a pod and a container that only the cluster knows', () => {
    const pod = { ...crashLoopPod(name), uid: name };
    const { uid, service } = pod;
    const known = [started(), workloadChanged(sampleWorkload(name, { uid: name })), podChanged(pod)];
    const { state } = after(...known, probed(pod), {
      type: 'container.crashed',
      service,
      uid,
      pod: pod.name,
      container: name,
      ...crash,
      lines: [],
    });
    expect(Object.keys(state.services)).toEqual(['backend', 'frontend', name]);
    expect(failureCard(state, name, startTime)).toMatchObject({ kind: 'crash-loop' });
    expect([Object.keys(state.pods), Object.keys(state.workloads)]).toEqual([[name], [name]]);
    const gone = after(
      ...known,
      { type: 'pod.removed', service, uid, name: pod.name },
      {
        type: 'workload.removed',
        uid: name,
        name,
      },
    );
    expect(Object.keys(gone.state.services)).toEqual(['backend', 'frontend']);
  });

  it('is that of nothing, where nothing has it', () => {
    const pod = samplePod(name);
    const { state } = after(started(), probed({ ...pod, uid: name }), {
      type: 'pods.stats',
      pods: [{ uid: name, cpu: 1 }],
      unavailable: {},
    } as LoopEvent);
    expect([Object.keys(state.services), Object.keys(state.usage.pods)]).toEqual([['backend', 'frontend'], []]);
    expect(deployInputs(state, name)).toBeUndefined();
  });
});
