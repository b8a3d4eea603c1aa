import { describe, expect, it } from '@jest/globals';
import { eventsRows } from '../../../src/ui/tabs/events-tab.ts';
import { started, startTime } from '../../support/sample.ts';
import type { Timed } from '../../support/screen.ts';
import { kubeEvent } from './scenes.ts';
import { atOnce, showTab, stateAt } from './show-tab.ts';

const object = { kind: 'Pod', name: 'backend-x' };
const begin = atOnce([started()]);
const show = (columns: number, ...events: readonly Timed[]) =>
  showTab(eventsRows, stateAt([...begin, ...events]), columns);

describe('the events tab', () => {
  const two = [
    kubeEvent('a', 1000, { object }),
    kubeEvent('b', 12_000, {
      object,
      type: 'Warning',
      reason: 'BackOff',
      message: 'Back-off restarting failed container backend',
      count: 12,
    }),
  ];

  it('has the newest first, two rows each, warnings by mark and word', () => {
    expect(show(60, ...two)).toBe(
      `14:03:32  ! Warning  BackOff  ×12  Pod backend-x
          Back-off restarting failed container backend
14:03:21  · Normal   Scheduled  Pod backend-x
          Successfully assigned tasks-dev/backend-7d9f8b6c5-
          x2x4q to minikube`,
    );
  });

  it('has one row each where there is room', () => {
    expect(show(200, ...two)).toBe(
      `14:03:32  ! Warning  BackOff               Pod backend-x  ×12   Back-off restarting failed container backend
14:03:21  · Normal   Scheduled             Pod backend-x        Successfully assigned tasks-dev/backend-7d9f8b6c5-x2x4q to minikube`,
    );
  });

  it('sorts by time, not by arrival; of two at the same time the later one is first', () => {
    const text = show(
      80,
      kubeEvent('a', 5000, { reason: 'First' }),
      kubeEvent('b', 9000, { reason: 'Old', at: startTime - 60_000 }),
      kubeEvent('c', 9000, { reason: 'Second', at: startTime + 5000 }),
    );
    expect(text.match(/First|Old|Second/g)).toEqual(['Second', 'First', 'Old']);
  });

  it('cuts a long message and copies all of it', () => {
    const message = `cannot be scheduled: ${'node has no room, '.repeat(40)}the end`;
    const state = stateAt([...begin, kubeEvent('a', 0, { object, message })]);
    const rows = eventsRows({ state, service: 'backend', now: startTime, columns: 60 });
    expect(rows).toHaveLength(5);
    expect(rows.at(-1)?.spans.at(-1)?.text).toMatch(/…$/);
    expect(rows[0]?.copy).toBe(`14:03:20 Normal Scheduled Pod backend-x ${message}`);
  });

  it.each([
    ['\x1b[2Jcleared', 'cleared'],
    ['two\nlines', 'two\n          lines'],
    ['', 'Scheduled  Pod backend-x'],
    ['日本語のメッセージ', '日本語のメッセージ'],
  ])('shows the message %j', (message, expected) => {
    expect(show(60, kubeEvent('a', 0, { object, message }))).toContain(expected);
  });

  it('says why there are none', () => {
    expect(show(80)).toMatch(/^No events\. Kubernetes tells here/);
  });
});
