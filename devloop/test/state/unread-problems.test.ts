import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../src/model/events.ts';
import type { KubeEventView } from '../../src/model/pod.ts';
import { createStore } from '../../src/state/store.ts';
import { unreadProblems } from '../../src/state/unread-problems.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { allHealthy, buildFailed, compilerProblem, crash, edited, startTime } from '../support/sample.ts';

/** The events come a second after the loop began. */
function unreadAfter(events: readonly LoopEvent[], seenAt: ReadonlyMap<string, number> = new Map()) {
  const clock = createFakeClock(startTime);
  const store = createStore(clock.now);
  for (const event of allHealthy()) store.dispatch(event);
  clock.advance(1000);
  for (const event of events) store.dispatch(event);
  return [...unreadProblems(store.getState(), seenAt)];
}

const warning = (change: Partial<KubeEventView> = {}): LoopEvent => ({
  type: 'kubernetes.event',
  event: {
    uid: 'e1',
    type: 'Warning',
    reason: 'FailedMount',
    message: 'no such volume',
    object: { kind: 'Pod', name: 'backend-7d9f-0' },
    service: 'backend',
    count: 1,
    at: startTime + 1000,
    ...change,
  },
});
const crashed: LoopEvent = {
  type: 'container.crashed',
  service: 'backend',
  uid: 'backend-7d9f-0',
  pod: 'backend-7d9f-0',
  container: 'backend',
  ...crash,
  lines: [],
};
const edit = edited(1, ['backend'], ['a.ts'], startTime + 1000);

describe('an unread problem', () => {
  it.each<[string, readonly LoopEvent[], string[]]>([
    ['is none while all is well', [], []],
    ['is a build that failed', [edit, ...buildFailed('backend', 1, compilerProblem)], ['backend']],
    [
      'is a live update that failed',
      [edit, { type: 'update.failed', service: 'backend', edit: 1, problem: compilerProblem }],
      ['backend'],
    ],
    [
      'is a deploy that failed, of all services of the release',
      [{ type: 'deploy.failed', release: 'tasks', edit: 1, problem: compilerProblem, ms: 5 }],
      ['backend', 'frontend'],
    ],
    ['is a container that crashed', [crashed], ['backend']],
    ['is a warning of Kubernetes', [warning()], ['backend']],
    ['is no warning from before the loop', [warning({ at: startTime - 60_000 })], []],
    ['is no event that warns of nothing', [warning({ type: 'Normal', reason: 'Scheduled' })], []],
    ['is no probe that failed: each start of a pod has some', [warning({ reason: 'Unhealthy' })], []],
    [
      'is no volume that is still being made',
      [
        warning({
          reason: 'FailedScheduling',
          message: '0/1 nodes: pod has unbound immediate PersistentVolumeClaims.',
        }),
      ],
      [],
    ],
  ])('%s', (_, events, expected) => {
    expect(unreadAfter(events)).toEqual(expected);
  });

  it('is read when the user has looked since, and unread with the next', () => {
    const seen = new Map([['backend', startTime + 1000]]);
    expect(unreadAfter([crashed], seen)).toEqual([]);
    expect(unreadAfter([crashed, warning({ at: startTime + 2000 })], seen)).toEqual(['backend']);
  });
});
