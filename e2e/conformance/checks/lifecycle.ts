import { group } from '../check.ts';
import { configMap, container, forever, onePod, pod } from '../objects.ts';
import { conditionsOf, eventsOf, finished, isReady, output, ready } from '../pods.ts';
import { at, pick } from '../values/at.ts';

const restarts = (object: unknown): number => Number(at(object, 'status.containerStatuses.0.restartCount'));
const often = { periodSeconds: 1, failureThreshold: 1 };

const volume = (name: string, source: object, script: string, mount: object = {}) =>
  pod(name, [container(script, { volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }] })], {
    restartPolicy: 'Never',
    volumes: [{ name: 'v', ...source }],
  });

/** Probes, the end of pods, and volumes. */
export const lifecycle = group('lifecycle', {
  'a readiness probe that fails at first': async (c) => {
    const readinessProbe = { exec: { command: ['sh', '-c', 'test -e /tmp/conformance/ready'] }, ...often };
    const main = container('sleep 3; touch /tmp/conformance/ready; while true; do sleep 1; done', {
      readinessProbe,
      volumeMounts: [{ name: 'v', mountPath: '/tmp/conformance' }],
    });
    await c.create('pods', pod('one', [main], { volumes: [{ name: 'v', emptyDir: {} }] }));
    const running = await c.untilObject(
      'pods',
      'one',
      (one) => at(one, 'status.containerStatuses.0.state.running') !== undefined,
    );
    const done = await c.untilObject('pods', 'one', isReady);
    const events = await eventsOf(c, 'Pod', 'one', 'Unhealthy');
    return [
      conditionsOf(running),
      conditionsOf(done),
      restarts(done),
      events.filter((text) => text.includes('Unhealthy')),
    ];
  },

  'a readiness probe over HTTP that is refused': async (c) => {
    const readinessProbe = { httpGet: { path: '/', port: 8099 }, ...often };
    await c.create('pods', pod('one', [container(forever, { readinessProbe })]));
    const events = await eventsOf(c, 'Pod', 'one', 'Unhealthy');
    const object = await c.read('pods', 'one');
    return [conditionsOf(object), events.filter((text) => text.includes('Unhealthy'))];
  },

  'a readiness probe over HTTP that answers 503': async (c) => {
    const script = "require('http').createServer((q, a) => { a.statusCode = 503; a.end('not now') }).listen(8080)";
    const main = {
      name: 'main',
      image: 'node:24-alpine',
      command: ['node', '-e', script],
      readinessProbe: { httpGet: { path: '/x', port: 8080 }, initialDelaySeconds: 2, ...often },
    };
    await c.create('pods', pod('one', [main]));
    const events = await eventsOf(c, 'Pod', 'one', 'Unhealthy');
    return events.filter((text) => text.includes('503'));
  },

  'a liveness probe that fails': async (c) => {
    const livenessProbe = { exec: { command: ['sh', '-c', 'echo broken; exit 1'] }, ...often };
    await c.create('pods', pod('one', [container(forever, { livenessProbe })]));
    const object = await c.untilObject('pods', 'one', (one) => restarts(one) > 0);
    const ended = 'status.containerStatuses.0.lastState.terminated';
    return [
      pick(object, 'status.phase', `${ended}.exitCode`, `${ended}.reason`),
      await eventsOf(c, 'Pod', 'one', 'Killing'),
    ];
  },

  'a startup probe that fails': async (c) => {
    const startupProbe = { exec: { command: ['false'] }, ...often };
    await c.create('pods', pod('one', [container(forever, { startupProbe })]));
    const before = await c.untilObject(
      'pods',
      'one',
      (one) => at(one, 'status.containerStatuses.0.state.running') !== undefined,
    );
    await c.untilObject('pods', 'one', (one) => restarts(one) > 0);
    return [
      pick(before, 'status.containerStatuses.0.started', 'status.containerStatuses.0.ready'),
      await eventsOf(c, 'Pod', 'one', 'Killing'),
    ];
  },

  'a startup probe holds the others back': async (c) => {
    const startupProbe = { exec: { command: ['true'] }, initialDelaySeconds: 2, periodSeconds: 1 };
    await c.create('pods', pod('one', [container(forever, { startupProbe })]));
    const before = await c.untilObject(
      'pods',
      'one',
      (one) => at(one, 'status.containerStatuses.0.state.running') !== undefined,
    );
    const after = await c.untilObject('pods', 'one', isReady);
    return [before, after].map((object) =>
      pick(object, 'status.containerStatuses.0.started', 'status.containerStatuses.0.ready'),
    );
  },

  'a TCP probe': async (c) => {
    const main = {
      name: 'main',
      image: 'node:24-alpine',
      command: ['node', '-e', "require('net').createServer().listen(8080)"],
      ports: [{ name: 'tcp', containerPort: 8080 }],
      readinessProbe: { tcpSocket: { port: 'tcp' }, periodSeconds: 1 },
    };
    return conditionsOf(await ready(c, pod('one', [main])));
  },

  'SIGTERM and the grace period': async (c) => {
    const script = 'trap "echo ending; exit 0" TERM; echo up; while true; do sleep 1 & wait $!; done';
    await ready(c, pod('one', [container(script)], { terminationGracePeriodSeconds: 20, restartPolicy: 'Never' }));
    const following = c.ask('GET', `${c.path('pods', 'one')}/log?follow=true`);
    const answer = await c.ask('DELETE', c.path('pods', 'one'));
    await c.untilGone('pods', 'one');
    return [pick(answer, 'status', 'body.kind', 'body.metadata.deletionGracePeriodSeconds'), (await following).body];
  },

  'a container that ignores SIGTERM is killed': async (c) => {
    await ready(c, pod('one', [container('trap "" TERM; while true; do sleep 1; done')], { restartPolicy: 'Never' }));
    const watch = await c.watch('pods', 'fieldSelector=metadata.name%3Done');
    await c.remove('pods', 'one');
    await watch.until(({ type }) => type === 'DELETED');
    watch.close();
    return eventsOf(c, 'Pod', 'one', 'Killing');
  },

  'a preStop hook runs first': async (c) => {
    const preStop = { exec: { command: ['sh', '-c', 'echo hook >/v/hook'] } };
    const script = 'trap "cat /v/hook; exit 0" TERM; while true; do sleep 1 & wait $!; done';
    const main = container(script, { lifecycle: { preStop }, volumeMounts: [{ name: 'v', mountPath: '/v' }] });
    await ready(c, pod('one', [main], { terminationGracePeriodSeconds: 20, volumes: [{ name: 'v', emptyDir: {} }] }));
    const following = c.ask('GET', `${c.path('pods', 'one')}/log?follow=true`);
    await c.remove('pods', 'one');
    await c.untilGone('pods', 'one');
    // The container may be gone before the last read, of which the log then tells.
    return String((await following).body).split('\n')[0];
  },

  'delete without grace': async (c) => {
    await ready(c, pod('one', [container(forever)]));
    const { status } = await c.ask('DELETE', `${c.path('pods', 'one')}?gracePeriodSeconds=0`);
    return [status, pick(await c.ask('GET', c.path('pods', 'one')), 'status')];
  },

  'delete one that has no node': async (c) => {
    await c.create('pods', pod('one', [container('true')], { nodeSelector: { none: 'here' } }));
    const { status, body } = await c.ask('DELETE', c.path('pods', 'one'));
    return [
      status,
      at(body, 'metadata.deletionGracePeriodSeconds'),
      pick(await c.ask('GET', c.path('pods', 'one')), 'status'),
    ];
  },

  'a deadline of the pod': async (c) => {
    await c.create('pods', pod('one', [container(forever)], { restartPolicy: 'Never', activeDeadlineSeconds: 2 }));
    const object = await c.untilObject('pods', 'one', (one) => at(one, 'status.phase') === 'Failed');
    return [
      pick(object, 'status.phase', 'status.reason', 'status.message'),
      (await eventsOf(c, 'Pod', 'one', 'DeadlineExceeded')).filter((text) => text.includes('Deadline')),
    ];
  },

  'an emptyDir outlives a restart': async (c) => {
    const object = volume('one', { emptyDir: {} }, 'echo run >>/v/runs; cat /v/runs; [ $(grep -c run /v/runs) -gt 1 ]');
    return output(c, { ...object, spec: { ...(at(object, 'spec') as object), restartPolicy: 'OnFailure' } });
  },

  'a ConfigMap as files': async (c) => {
    await c.create('configmaps', { ...configMap('m', { a: 'first\n', 'b.txt': 'second' }), binaryData: { c: 'AAEC' } });
    return output(
      c,
      volume('one', { configMap: { name: 'm' } }, 'cd /v; for f in *; do echo "$f $(wc -c <$f)"; done; cat a b.txt'),
    );
  },

  'chosen keys as files': async (c) => {
    await c.create('secrets', { metadata: { name: 's' }, stringData: { a: 'first', b: 'second' } });
    const source = { secret: { secretName: 's', items: [{ key: 'b', path: 'deep/name' }], defaultMode: 256 } };
    return output(c, volume('one', source, 'cat /v/deep/name; echo; ls /v; stat -L -c %a /v/deep/name'));
  },

  'one file by subPath': async (c) => {
    await c.create('configmaps', configMap('m', { a: 'first', b: 'second' }));
    return output(
      c,
      volume('one', { configMap: { name: 'm' } }, 'cat /v/only; echo; ls /v', { mountPath: '/v/only', subPath: 'b' }),
    );
  },

  'projected files': async (c) => {
    await c.create('configmaps', configMap('m', { a: 'first' }));
    await c.create('secrets', { metadata: { name: 's' }, stringData: { b: 'second' } });
    const sources = [
      { configMap: { name: 'm' } },
      { secret: { name: 's' } },
      { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    ];
    return output(c, volume('one', { projected: { sources } }, 'cd /v; for f in *; do echo "$f: $(cat $f)"; done'));
  },

  'a volume whose Secret is not there': async (c) => {
    await c.create('pods', volume('one', { secret: { secretName: 'none' } }, 'true'));
    // A kubelet that is busy says first that it has not heard of the Secret yet.
    const query = 'fieldSelector=involvedObject.name=one';
    const message = await c.until('events', query, (events) =>
      events.map((event) => String(at(event, 'message'))).find((text) => text.endsWith('not found')),
    );
    const object = await c.read('pods', 'one');
    return [pick(object, 'status.phase', 'status.containerStatuses.0.state'), message];
  },

  'a volume whose Secret is optional': async (c) =>
    output(c, volume('one', { secret: { secretName: 'none', optional: true } }, 'ls /v | wc -l | tr -d " "')),

  'a hook after the start': async (c) => {
    const postStart = { exec: { command: ['sh', '-c', 'echo started >/v/hook'] } };
    const main = container('while [ ! -e /v/hook ]; do sleep 0.1; done; cat /v/hook', {
      lifecycle: { postStart },
      volumeMounts: [{ name: 'v', mountPath: '/v' }],
    });
    return output(c, pod('one', [main], { restartPolicy: 'Never', volumes: [{ name: 'v', emptyDir: {} }] }));
  },

  'the same pod again': async (c) => {
    await finished(c, onePod('one', 'echo first'));
    await c.remove('pods', 'one');
    await c.untilGone('pods', 'one');
    return output(c, onePod('one', 'echo second'));
  },
});
