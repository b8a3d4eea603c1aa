import { describe, expect, it } from '@jest/globals';
import { examples } from '../../reference/examples.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import { createJsonPrinter } from '../../src/plain/print-json.ts';
import { createStore } from '../../src/state/store.ts';
import {
  buildFailed,
  crashLoopPod,
  edited,
  logged,
  podChanged,
  samplePod,
  started,
  startTime,
} from '../support/sample.ts';

const secret = 'hunter2-of-the-database';

/** What a reader of `--ui json`, and the state, have of these events. */
function told(events: readonly LoopEvent[], values: readonly string[] = [secret]) {
  const lines: string[] = [];
  const store = createStore(() => startTime);
  store.subscribe(createJsonPrinter({ write: (line) => lines.push(line) }));
  store.hide('Secret db', values);
  for (const event of events) store.dispatch(event);
  return { store, text: `${lines.join('')}${JSON.stringify(store.getState())}` };
}

const command = { id: 1, line: `helm upgrade --set-string db=${secret}`, startedAt: startTime };
const pod = samplePod('backend', 0, { unschedulable: `no ${secret}` });
const problem = { title: `a ${secret}`, why: secret, fix: `not ${secret}`, evidence: ['a line', `psql ${secret}`] };

describe('a value of a Secret', () => {
  it.each<[string, readonly LoopEvent[]]>([
    ['a line of a container', [logged('backend', `connect with ${secret}`)]],
    ['the error of a build', buildFailed('backend', 0, problem)],
    [
      'a step of a build',
      [{ type: 'build.step', service: 'backend', step: { id: '1', name: `RUN ${secret}`, status: 'done' } }],
    ],
    [
      'a command',
      [
        { type: 'command.started', command },
        { type: 'command.ended', command },
      ],
    ],
    ['the message of a container', [podChanged(pod), podChanged(crashLoopPod('backend'))]],
    [
      'an answer to a probe',
      [
        podChanged(pod),
        {
          ...examples['probe.result'],
          type: 'probe.result',
          result: { ...examples['probe.result'].result, detail: secret },
        },
      ],
    ],
    [
      'an Event of Kubernetes',
      [
        {
          type: 'kubernetes.event',
          event: { ...examples['kubernetes.event'].event, service: 'backend', message: secret },
        },
      ],
    ],
    [
      'the last lines before a crash',
      [
        podChanged(pod),
        { ...examples['container.crashed'], type: 'container.crashed', uid: pod.uid, lines: [secret, 'x'] },
      ],
    ],
    ['a notice', [{ type: 'notice', level: 'info', text: secret }]],
    ['why the cluster is lost', [{ type: 'cluster.lost', why: secret }]],
    ['why a node tells nothing', [{ type: 'pods.stats', pods: [], unavailable: { node: secret } }]],
  ])('is masked in %s', (_, events) => {
    const { text } = told([started(), ...events]);
    expect(text).not.toContain(secret);
    expect(text).toContain('********');
  });

  it('is masked in base64 too', () => {
    const encoded = Buffer.from(secret).toString('base64');
    expect(told([started(), logged('backend', encoded)]).text).not.toContain(encoded);
  });

  it('leaves names as they are: what is known is found by them', () => {
    const { store } = told(
      [started(), edited(1, ['backend'], ['backend/a.ts'], startTime), podChanged(samplePod('backend'))],
      ['backend'],
    );
    expect(Object.keys(store.getState().services)).toContain('backend');
    expect(store.getState().services['backend']?.changed).toEqual(['backend/a.ts']);
  });

  it('is shown again when its Secret is gone, and a new one is not', () => {
    const store = createStore(() => startTime);
    store.hide('a', ['first-value']);
    store.hide('b', ['other-value']);
    store.hide('a', ['second-value']);
    expect(store.mask('first-value second-value other-value')).toBe('first-value ******** ********');
    store.hide('b', []);
    expect(store.mask('other-value')).toBe('other-value');
  });
});
