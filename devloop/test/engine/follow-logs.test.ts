import { describe, expect, it } from '@jest/globals';
import { followLogs } from '../../src/engine/follow-logs.ts';
import type { LogStart } from '../../src/engine/run-log-reader.ts';
import { Fault } from '../../src/model/errors.ts';
import type { PodView } from '../../src/model/pod.ts';
import { createFakeKubernetes } from '../fakes/kubernetes.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { crashLoopPod, podChanged, sampleContainer, samplePod, started, startTime } from '../support/sample.ts';

function setUp(start: LogStart = {}, isListed = true) {
  const kubernetes = createFakeKubernetes();
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  const controller = new AbortController();
  store.dispatch(started());
  const follower = followLogs(kubernetes, clock, store, start, controller.signal);
  if (isListed) follower.listed();
  const show = async (pod: PodView) => {
    store.dispatch(podChanged(pod));
    await settle();
  };
  const texts = () => store.of('log').map(({ line }) => line.text);
  /** Ends the newest stream, and lets the pause before the next one pass. */
  const breakStream = async (how: 'ends' | 'fails') => {
    const stream = kubernetes.streams.at(-1);
    if (how === 'ends') stream?.gate.open();
    else stream?.gate.fail(new Error('connection reset'));
    await settle();
    clock.advance(500);
    await settle();
  };
  return { kubernetes, clock, store, controller, show, texts, breakStream };
}

const at = (fraction: string) => `2026-01-31T14:03:21.${fraction}Z`;
const running = samplePod('backend');

describe('the log of a container', () => {
  it('is followed from its first line', async () => {
    const { kubernetes, store, controller, show } = setUp({ tail: 100 });
    await show(running);
    expect(kubernetes.streams.map(({ request }) => request)).toEqual([
      { namespace: 'tasks-dev', pod: 'backend-7d9f-0', container: 'backend', follow: true },
    ]);
    kubernetes.streams[0]?.line(at('100000000'), 'listening');
    expect(store.of('log')[0]?.line).toEqual({
      at: Date.parse('2026-01-31T14:03:21.100Z'),
      service: 'backend',
      source: 'container',
      pod: 'backend-7d9f-0',
      container: 'backend',
      text: 'listening',
    });
    controller.abort();
  });

  it('of a pod that was there before begins where it is told to', async () => {
    const { kubernetes, controller, show } = setUp({ tail: 100 }, false);
    await show(samplePod('backend', 0));
    expect(kubernetes.streams[0]?.request.tail).toBe(100);
    controller.abort();
  });

  it('is followed once, however often the pod changes', async () => {
    const { kubernetes, controller, show } = setUp();
    for (let times = 0; times < 3; times += 1) await show(running);
    expect(kubernetes.streams).toHaveLength(1);
    controller.abort();
  });

  it('is not asked for while the container waits', async () => {
    const { kubernetes, controller, show } = setUp();
    await show(
      samplePod('backend', 0, {
        containers: [sampleContainer('backend', 0, { state: 'waiting', reason: 'ContainerCreating' })],
      }),
    );
    expect(kubernetes.streams).toEqual([]);
    controller.abort();
  });

  it('of each container of each pod has a stream of its own', async () => {
    const { kubernetes, controller, show } = setUp();
    await show(samplePod('backend', 0, { containers: [sampleContainer('app'), sampleContainer('sidecar')] }));
    await show(samplePod('frontend'));
    expect(kubernetes.streams.map(({ request }) => `${request.pod}/${request.container}`)).toEqual([
      'backend-7d9f-0/app',
      'backend-7d9f-0/sidecar',
      'frontend-7d9f-0/frontend',
    ]);
    controller.abort();
  });

  it('goes on with the next run after a restart', async () => {
    const { kubernetes, controller, show, breakStream } = setUp();
    await show(running);
    await show(samplePod('backend', 0, { containers: [sampleContainer('backend', 0, { restarts: 1 })] }));
    expect(kubernetes.streams).toHaveLength(1);
    await breakStream('ends');
    expect(kubernetes.streams).toHaveLength(2);
    controller.abort();
  });

  it('goes on after what the stream of the run before has brought, be it of the next run already', async () => {
    const { kubernetes, clock, controller, show, texts } = setUp();
    await show(running);
    await show(samplePod('backend', 0, { containers: [sampleContainer('backend', 0, { restarts: 1 })] }));
    const lines = [at('100000000'), at('200000000')] as const;
    for (const line of lines) kubernetes.streams[0]?.line(line, `line ${line}`);
    clock.advance(2000);
    await settle();
    expect(kubernetes.streams[1]?.request.since).toBe(Date.parse(lines[1]) - 2000);
    for (const line of [...lines, at('300000000')]) kubernetes.streams[1]?.line(line, `line ${line}`);
    expect(texts()).toEqual([...lines, at('300000000')].map((line) => `line ${line}`));
    controller.abort();
  });

  it('of a container that had ended when it was first seen is told too', async () => {
    const { kubernetes, controller, show, texts, breakStream } = setUp();
    const ended = sampleContainer('migrate', 0, { init: true, state: 'terminated', exitCode: 0, reason: 'Completed' });
    await show(samplePod('backend', 0, { containers: [ended] }));
    kubernetes.streams[0]?.line(at('1'), 'migrated');
    await breakStream('ends');
    expect(texts()).toEqual(['migrated']);
    expect(kubernetes.streams).toHaveLength(1);
    controller.abort();
  });
});

describe('a stream that breaks', () => {
  it.each(['ends', 'fails'] as const)(
    '(%s) is taken up after its last line, without a gap or a double',
    async (how) => {
      const { kubernetes, controller, show, texts, breakStream } = setUp();
      await show(running);
      kubernetes.streams[0]?.line(at('100'), 'one');
      kubernetes.streams[0]?.line(at('200'), 'two');
      await breakStream(how);
      const [, resumed] = kubernetes.streams;
      expect(resumed?.request.since).toBe(Date.parse(at('200')) - 2000);
      for (const [fraction, text] of [
        ['100', 'one'],
        ['200', 'two'],
        ['300', 'three'],
      ] as const)
        resumed?.line(at(fraction), text);
      expect(texts()).toEqual(['one', 'two', 'three']);
      controller.abort();
    },
  );

  it('keeps apart lines of the same time', async () => {
    const { kubernetes, controller, show, texts, breakStream } = setUp();
    await show(running);
    kubernetes.streams[0]?.line(at('1'), 'a');
    kubernetes.streams[0]?.line(at('1'), 'b');
    await breakStream('fails');
    for (const text of ['a', 'b', 'c', 'd']) kubernetes.streams[1]?.line(at('1'), text);
    expect(texts()).toEqual(['a', 'b', 'c', 'd']);
    controller.abort();
  });

  it('may break again while it repeats itself', async () => {
    const { kubernetes, controller, show, texts, breakStream } = setUp();
    await show(running);
    for (const text of ['a', 'b']) kubernetes.streams[0]?.line(at('1'), text);
    await breakStream('fails');
    kubernetes.streams[1]?.line(at('1'), 'a');
    await breakStream('fails');
    for (const text of ['a', 'b', 'c']) kubernetes.streams[2]?.line(at('1'), text);
    await breakStream('fails');
    for (const text of ['a', 'b', 'c', 'd']) kubernetes.streams[3]?.line(at('1'), text);
    kubernetes.streams[3]?.line(at('2'), 'e');
    expect(texts()).toEqual(['a', 'b', 'c', 'd', 'e']);
    controller.abort();
  });

  it('with the end of its container is read once more, to the last line', async () => {
    const { kubernetes, store, controller, show, texts, breakStream } = setUp();
    await show(running);
    kubernetes.streams[0]?.line(at('1'), 'one');
    store.dispatch(
      podChanged(
        samplePod('backend', 0, { containers: [sampleContainer('backend', 0, { state: 'terminated', exitCode: 0 })] }),
      ),
    );
    await breakStream('fails');
    for (const [time, text] of [
      ['1', 'one'],
      ['2', 'last words'],
    ] as const)
      kubernetes.streams[1]?.line(at(time), text);
    await breakStream('ends');
    expect(texts()).toEqual(['one', 'last words']);
    expect(kubernetes.streams).toHaveLength(2);
    controller.abort();
  });

  it('in the middle of a line tells that line once, whole', async () => {
    const { kubernetes, controller, show, texts, breakStream } = setUp();
    await show(running);
    kubernetes.streams[0]?.line(at('1'), 'one');
    kubernetes.streams[0]?.line(at('2'), 'tw', false);
    await breakStream('ends');
    for (const [time, text] of [
      ['1', 'one'],
      ['2', 'two'],
    ] as const)
      kubernetes.streams[1]?.line(at(time), text);
    expect(texts()).toEqual(['one', 'two']);
    controller.abort();
  });

  it('with the end of a container whose last words have no newline tells them once', async () => {
    const { kubernetes, controller, show, texts, breakStream } = setUp();
    await show(running);
    kubernetes.streams[0]?.line(at('1'), 'last words', false);
    await breakStream('ends');
    await show(
      samplePod('backend', 0, { containers: [sampleContainer('backend', 0, { state: 'terminated', exitCode: 0 })] }),
    );
    kubernetes.streams[1]?.line(at('1'), 'last words', false);
    await breakStream('ends');
    expect(texts()).toEqual([]);
    kubernetes.streams[2]?.line(at('1'), 'last words', false);
    await breakStream('ends');
    expect(texts()).toEqual(['last words']);
    expect(kubernetes.streams).toHaveLength(3);
    controller.abort();
  });

  it('while its container is started anew is completed from the run before, and then goes on', async () => {
    const { kubernetes, clock, controller, show, texts, breakStream } = setUp();
    await show(running);
    kubernetes.streams[0]?.line(at('1'), 'one');
    await show(samplePod('backend', 0, { containers: [sampleContainer('backend', 0, { restarts: 1 })] }));
    await breakStream('fails');
    expect(kubernetes.streams[1]?.request).toMatchObject({ previous: true, since: Date.parse(at('1')) - 2000 });
    kubernetes.streams[1]?.line(at('1'), 'one');
    await breakStream('fails');
    for (const [time, text] of [
      ['1', 'one'],
      ['2', 'last words'],
    ] as const)
      kubernetes.streams[2]?.line(at(time), text);
    await breakStream('ends');
    expect(kubernetes.streams[3]?.request).toMatchObject({ follow: true });
    kubernetes.streams[3]?.line(at('3'), 'hello again');
    expect(texts()).toEqual(['one', 'last words', 'hello again']);
    controller.abort();
    await settle();
    expect(clock.pending()).toBe(0);
  });

  it('of a container that was started anew twice between two looks is completed from the run between', async () => {
    const { kubernetes, controller, show, texts, breakStream } = setUp();
    await show(running);
    kubernetes.streams[0]?.line(at('1'), 'run 0');
    await show(samplePod('backend', 0, { containers: [sampleContainer('backend', 0, { restarts: 2 })] }));
    await breakStream('ends');
    expect(kubernetes.streams[1]?.request.previous).toBe(true);
    kubernetes.streams[1]?.line(at('2'), 'run 1');
    await breakStream('ends');
    kubernetes.streams[2]?.line(at('3'), 'run 2');
    expect(texts()).toEqual(['run 0', 'run 1', 'run 2']);
    controller.abort();
  });

  it('is taken up again with all others when the cluster is back', async () => {
    const { kubernetes, clock, store, controller, show, texts } = setUp();
    await show(running);
    kubernetes.streams[0]?.line(at('1'), 'one');
    store.dispatch({ type: 'cluster.lost', why: 'no answer' });
    store.dispatch({ type: 'cluster.connected' });
    await settle();
    clock.advance(500);
    await settle();
    expect(kubernetes.streams).toHaveLength(2);
    kubernetes.streams[1]?.line(at('1'), 'one');
    kubernetes.streams[1]?.line(at('2'), 'two');
    expect(texts()).toEqual(['one', 'two']);
    controller.abort();
  });

  it('that cannot be read is asked for again with the next news of its pod', async () => {
    const { kubernetes, controller, show } = setUp();
    await show(running);
    kubernetes.streams[0]?.gate.fail(new Error('the kubelet does not answer'));
    await settle();
    expect(kubernetes.streams).toHaveLength(1);
    await show(samplePod('frontend'));
    expect(kubernetes.streams.filter(({ request }) => request.pod === running.name)).toHaveLength(1);
    await show({ ...running, deleting: true });
    expect(kubernetes.streams.filter(({ request }) => request.pod === running.name)).toHaveLength(2);
    controller.abort();
  });

  it('is left alone for as long as the server asks for', async () => {
    const { kubernetes, clock, controller, show } = setUp();
    await show(running);
    kubernetes.streams[0]?.gate.fail(new Fault('environment', { title: 'refused', why: '429' }, 3000));
    await settle();
    await show({ ...running, deleting: true });
    clock.advance(2999);
    await settle();
    expect(kubernetes.streams).toHaveLength(1);
    clock.advance(1);
    await settle();
    expect(kubernetes.streams).toHaveLength(2);
    controller.abort();
  });

  it('is given up when its pod is gone', async () => {
    const { kubernetes, clock, store, show, breakStream } = setUp();
    await show(running);
    store.dispatch({ type: 'pod.removed', uid: running.uid, name: running.name, service: 'backend' });
    await breakStream('fails');
    expect(kubernetes.streams).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });

  it('is not taken up after the end of the loop', async () => {
    const { kubernetes, clock, controller, show } = setUp();
    await show(running);
    controller.abort();
    await settle();
    clock.advance(1000);
    await settle();
    expect(kubernetes.streams).toHaveLength(1);
    expect(clock.pending()).toBe(0);
    await show(samplePod('frontend'));
    expect(kubernetes.streams).toHaveLength(1);
  });
});

describe('a log that is rotated on the node', () => {
  const notices = ({ store }: ReturnType<typeof setUp>) => store.of('notice').map(({ text }) => text);
  const pass = async ({ clock }: ReturnType<typeof setUp>) => {
    clock.advance(10_000);
    await settle();
  };

  it('goes on without a word while its stream does', async () => {
    const given = setUp();
    await given.show(running);
    for (const time of ['1', '2', '9']) given.kubernetes.streams[0]?.line(at(time), `line ${time}`);
    await pass(given);
    expect([given.texts(), notices(given)]).toEqual([['line 1', 'line 2', 'line 9'], []]);
    given.controller.abort();
  });

  it.each(['ends', 'fails'] as const)('while its stream is cut (%s) is told as a gap, once', async (how) => {
    const given = setUp();
    await given.show(running);
    for (const time of ['1', '2']) given.kubernetes.streams[0]?.line(at(time), `line ${time}`);
    await given.breakStream(how);
    for (const time of ['7', '8']) given.kubernetes.streams[1]?.line(at(time), `line ${time}`);
    await pass(given);
    expect(given.texts()).toEqual(['line 1', 'line 2', 'line 7', 'line 8']);
    expect(notices(given)).toEqual([
      'Lines of backend-7d9f-0 (backend) between 2026-01-31T14:03:21Z and 2026-01-31T14:03:21Z may be missing: its log was rotated on the node while it could not be read',
    ]);
    await given.breakStream(how);
    for (const time of ['8', '9']) given.kubernetes.streams[2]?.line(at(time), `line ${time}`);
    await pass(given);
    expect(given.texts().at(-1)).toBe('line 9');
    expect(notices(given)).toHaveLength(1);
    given.controller.abort();
  });

  it('is no gap when the last line is still there', async () => {
    const given = setUp();
    await given.show(running);
    for (const time of ['1', '2', '3']) given.kubernetes.streams[0]?.line(at(time), `line ${time}`);
    await given.breakStream('fails');
    for (const time of ['3', '4']) given.kubernetes.streams[1]?.line(at(time), `line ${time}`);
    await pass(given);
    expect([given.texts().at(-1), notices(given)]).toEqual(['line 4', []]);
    given.controller.abort();
  });

  it('is not what a restart looks like before it is known of', async () => {
    const given = setUp();
    await given.show(running);
    given.kubernetes.streams[0]?.line(at('1'), 'last words');
    await given.breakStream('ends');
    given.kubernetes.streams[1]?.line(at('5'), 'hello again');
    await given.show(samplePod('backend', 0, { containers: [sampleContainer('backend', 0, { restarts: 1 })] }));
    await pass(given);
    expect(notices(given)).toEqual([]);
    given.controller.abort();
  });

  it('is not what the first lines after a known restart look like', async () => {
    const given = setUp();
    await given.show(running);
    given.kubernetes.streams[0]?.line(at('1'), 'run 0');
    await given.show(samplePod('backend', 0, { containers: [sampleContainer('backend', 0, { restarts: 2 })] }));
    await given.breakStream('ends');
    given.kubernetes.streams[1]?.line(at('2'), 'run 1');
    await given.breakStream('ends');
    given.kubernetes.streams[2]?.line(at('3'), 'run 2');
    await pass(given);
    expect([given.texts(), notices(given)]).toEqual([['run 0', 'run 1', 'run 2'], []]);
    given.controller.abort();
  });
});

describe('a crash', () => {
  const crashes = (restarts: number, waiting: boolean) =>
    samplePod('backend', 0, {
      ready: false,
      containers: [
        sampleContainer('backend', 0, {
          ready: false,
          restarts,
          ...(waiting
            ? { state: 'waiting', reason: 'CrashLoopBackOff', last: { exitCode: 1, reason: 'Error' } }
            : { state: 'terminated', exitCode: 1, reason: 'Error' }),
        }),
      ],
    });
  const crashStreams = (kubernetes: ReturnType<typeof createFakeKubernetes>) =>
    kubernetes.streams.filter(({ request }) => !request.follow);

  it('is told with its last lines, once', async () => {
    const { kubernetes, store, controller, show } = setUp();
    await show(crashes(0, false));
    const [stream] = crashStreams(kubernetes);
    expect(stream?.request).toEqual({
      namespace: 'tasks-dev',
      pod: 'backend-7d9f-0',
      container: 'backend',
      tail: 20,
      previous: false,
    });
    stream?.line(at('1'), 'Error: no database');
    stream?.gate.open();
    await settle();
    await show(crashes(0, false));
    await show(crashes(0, true));
    expect(crashStreams(kubernetes)).toHaveLength(1);
    expect(store.of('container.crashed')).toHaveLength(1);
    expect(store.of('container.crashed')[0]).toMatchObject({
      exitCode: 1,
      reason: 'Error',
      lines: ['Error: no database'],
      pod: 'backend-7d9f-0',
    });
    controller.abort();
  });

  it('is told again for each further run', async () => {
    const { kubernetes, store, controller, show } = setUp();
    for (const restarts of [0, 1, 2]) {
      await show(crashes(restarts, true));
      crashStreams(kubernetes).at(-1)?.gate.open();
      await settle();
    }
    expect(store.of('container.crashed')).toHaveLength(3);
    controller.abort();
  });

  it('that was only seen from the run after it is read from the run before', async () => {
    const { kubernetes, controller, show } = setUp();
    const last = { exitCode: 137, reason: 'OOMKilled' };
    await show(
      samplePod('backend', 0, {
        ready: false,
        containers: [sampleContainer('backend', 0, { ready: false, restarts: 1, last })],
      }),
    );
    expect(crashStreams(kubernetes).map(({ request }) => request.previous)).toEqual([true]);
    await show(
      samplePod('backend', 0, {
        ready: false,
        containers: [sampleContainer('backend', 0, { ready: false, restarts: 1, last })],
      }),
    );
    expect(crashStreams(kubernetes)).toHaveLength(1);
    controller.abort();
  });

  it('is read from the run before when the container was started again meanwhile', async () => {
    const { kubernetes, store, controller, show } = setUp();
    await show(crashes(0, false));
    await show(
      samplePod('backend', 0, {
        ready: false,
        containers: [
          sampleContainer('backend', 0, { ready: false, restarts: 1, last: { exitCode: 1, reason: 'Error' } }),
        ],
      }),
    );
    const [first] = crashStreams(kubernetes);
    first?.line(at('2'), 'starting');
    first?.gate.open();
    await settle();
    const second = crashStreams(kubernetes)[1];
    expect(second?.request.previous).toBe(true);
    second?.line(at('1'), 'Error: no database');
    second?.gate.open();
    await settle();
    expect(store.of('container.crashed').map(({ lines }) => lines)).toEqual([['Error: no database']]);
    controller.abort();
  });

  it('whose log cannot be read is told all the same', async () => {
    const { kubernetes, store, controller, show } = setUp();
    await show(crashLoopPod('backend'));
    crashStreams(kubernetes)[0]?.gate.fail(new Error('container not found'));
    await settle();
    expect(store.of('container.crashed')[0]?.lines).toEqual(['(its log could not be read)']);
    controller.abort();
  });

  it('is none when the pod is told to end and its container obeys', async () => {
    const { kubernetes, controller, show } = setUp();
    const containers = [
      sampleContainer('backend', 0, { state: 'terminated', exitCode: 143, reason: 'Error', ready: false }),
    ];
    await show(samplePod('backend', 0, { deleting: true, containers }));
    expect(crashStreams(kubernetes)).toEqual([]);
    controller.abort();
  });
});
