import { describe, expect, it } from '@jest/globals';
import { examples } from '../../reference/examples.ts';
import type { LoopEvent, StampedEvent } from '../../src/model/events.ts';
import { createPlainPrinter } from '../../src/plain/print-plain.ts';
import {
  allHealthy,
  buildFailed,
  compilerProblem,
  logged,
  podChanged,
  probed,
  samplePod,
  started,
  startTime,
} from '../support/sample.ts';
import { exampleStart, printed } from './printed.ts';

describe('the plain printer', () => {
  it('prints these lines of each event', () => {
    const types = Object.keys(examples) as LoopEvent['type'][];
    const lines = types.map((type) => {
      const event = { type, ...examples[type] } as LoopEvent;
      const text = type === 'loop.started' ? printed([event]) : printed([exampleStart], [event]);
      return `${type}\n${text.slice(1).replaceAll(/^/gm, '  ').trimEnd()}`;
    });
    expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
"
loop.started
  devloop │ cluster minikube: the current context, a local Minikube
  devloop │ project tasks in namespace tasks-dev: backend
loop.stopping
  devloop │ stopping: q was pressed
config.reloaded
  devloop │ configuration reloaded: backend changed
config.rejected
  devloop │ ✗ devloop.config.ts cannot be used; the last good configuration stays in use
  devloop │   devloop.config.ts:8:7: services.backend.port: there is no such field
  devloop │   → Did you mean ports?
edit
  devloop │ edit 12: apps/backend/src/server.ts → backend
watch.paused
  devloop │ watching is paused: edits are collected until it is resumed
watch.resumed
  devloop │ watching is resumed; 2 files waited
watch.held
  devloop │ git is at work: changed files wait (index.lock stands)
watch.released
  devloop │ changed files go on
service.toggled
  backend │ inactive: not built, updated or forwarded
rebuild.asked
  backend │ rebuild asked for
rollback.asked
  backend │ rollback asked for
release.green

service.health

build.started
  backend │ building edit 12
build.step
  backend │   ✓ [build 4/5] RUN npm run build (812 ms)
build.succeeded
  backend │ built devloop.local/tasks/backend:3f9c2a71d0e4 in 1.2 s
build.failed
  backend │ ✗ edit 12 does not build: [build 4/5] RUN npm run build: exit code: 2 (940 ms)
  backend │   at: src/server.ts:14:9
  backend │     │ src/server.ts(14,9): error TS2322: Type 'string' is not assignable to type 'number'.
  backend │   → Correct the file: the next save builds again, and the last good pod goes on serving.
build.cancelled
  backend │ build of edit 12 cancelled
update.started

update.prepared
  backend │ sending edit 12 to its pods: 1 file
update.refused
  backend │ edit 12 takes a new image: package.json takes an image build
update.failed
  backend │ ✗ edit 12 cannot be made live: src/server.ts:14:9: Expected ";" but found "}"
update.unavailable
  backend │ ✗ backend cannot be updated live
  backend │   its image has neither Node nor a shell
pod.update

deploy.started
  devloop │ deploying release tasks
deploy.succeeded
  devloop │ release tasks is at revision 7 in 214 ms
deploy.failed
  devloop │ ✗ helm upgrade of tasks failed (130 ms)
  devloop │   values: replicas: must be a number
pod.changed

pod.removed

workload.changed

workload.removed

container.crashed
  backend │ ✗ backend of tasks-backend-6d5f7c9b8-x2x7k exited with code 1: the app reported an error
  backend │     │ Error: connect ECONNREFUSED 10.0.0.7:5432
kubernetes.event
  backend │ ! Pod tasks-backend-6d5f7c9b8-x2x7k: Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503
probe.result

pods.stats

forward.changed
  backend │ http://localhost:4000 leads to port 4000
forward.removed
  devloop │ http://localhost:4000 is no longer forwarded
service.live
  backend │ ● edit 12 live in 143 ms: watch 16, build 42, deploy 5, ready 80
command.started

command.ended

cluster.lost
  devloop │ ✗ cluster lost: connect ECONNREFUSED 192.168.49.2:8443; trying again
cluster.connected

notice
  devloop │ ! the disk of the node is nearly full
log
  backend │ ready
"
`);
  });

  it('prints why a service starts, each reason once', () => {
    const pod = samplePod('backend', 0, { ready: false });
    const text = printed(allHealthy().slice(0, -4), [
      podChanged(pod),
      probed(pod, { ok: false, detail: 'connect ECONNREFUSED 127.0.0.1:4000', at: startTime + 9000 }),
      probed(pod, { ok: false, detail: 'database: try 1 of 9', at: startTime + 10_000 }),
      probed(pod, { ok: false, detail: 'database: try 2 of 9', at: startTime + 11_000 }),
      podChanged(samplePod('backend')),
    ]);
    expect(text).toMatchInlineSnapshot(`
"
backend  │ starting: waiting for its readiness probe
backend  │ ! readiness probe of backend-7d9f-0 fails: 200 after 3 ms: connect ECONNREFUSED 127.0.0.1:4000
backend  │ starting: readiness probe: connect ECONNREFUSED 127.0.0.1:4000
backend  │ starting: readiness probe: database: try 1 of 9
backend  │ ✗ backend runs, but its readiness probe fails: HTTP 200
backend  │   probe: readiness: HTTP 200: database: try 2 of 9 (3 in a row, 3 allowed)
backend  │ ● ready, 1/1 pod, http://localhost:4000
"
`);
  });

  it('prints that a probe fails, and that it passes again', () => {
    const pod = samplePod('backend');
    const failed = { ok: false, code: 503, latency: 12, detail: 'database:\nnot connected' };
    const text = printed(allHealthy(), [
      probed(pod, failed),
      probed(pod, failed),
      probed(pod, { latency: 4 }),
      probed(pod, { ok: false, latency: 0, from: 'kubelet', kind: 'liveness' }),
    ]);
    expect(text).toMatchInlineSnapshot(`
"
backend  │ ! readiness probe of backend-7d9f-0 fails: 503 after 12 ms: database: not connected
backend  │ readiness probe of backend-7d9f-0 passes again: 200 in 4 ms
"
`);
  });

  it('tells the way from the start until all is ready', () => {
    expect(printed(allHealthy())).toMatchInlineSnapshot(`
"
devloop  │ cluster minikube: the current context, a local Minikube
devloop  │ project tasks in namespace tasks-dev: backend, frontend
backend  │ building edit 0
backend  │ built backend:edit-0 in 240 ms
frontend │ building edit 0
frontend │ built frontend:edit-0 in 240 ms
devloop  │ deploying release tasks
devloop  │ release tasks is at revision 1 in 210 ms
backend  │ ● ready, 1/1 pod
backend  │ http://localhost:4000 leads to port 8080
backend  │ ● edit 0 live in 1.2 s: watch 60 ms, build 240 ms, deploy 210 ms, ready 690 ms
frontend │ ● ready, 1/1 pod
frontend │ http://localhost:4001 leads to port 8080
frontend │ ● edit 0 live in 1.2 s: watch 60 ms, build 240 ms, deploy 210 ms, ready 690 ms
"
`);
  });

  it('prints nothing for what is as it was', () => {
    const pod = samplePod('backend');
    const events: readonly LoopEvent[] = [
      probed(pod),
      { type: 'pods.stats', pods: [{ uid: pod.uid, cpu: 12, memory: 80 * 2 ** 20 }], unavailable: {} },
      podChanged(pod),
      { type: 'cluster.connected' },
      { type: 'command.started', command: { id: 1, line: 'helm upgrade', startedAt: startTime } },
      { type: 'forward.changed', forward: { service: 'backend', local: 4000, remote: 8080, status: 'held' } },
    ];
    expect(printed(allHealthy(), events)).toBe('\n');
  });

  it('prints a warning of Kubernetes once, whatever its count', () => {
    const event = (count: number): LoopEvent => ({
      type: 'kubernetes.event',
      event: {
        uid: 'event-1',
        type: 'Warning',
        reason: 'FailedMount',
        message: 'volume "data"\nnot found',
        object: { kind: 'Pod', name: 'backend-1' },
        service: 'backend',
        count,
        at: startTime,
      },
    });
    expect(printed(allHealthy(), [event(1), event(2)])).toBe(
      '\nbackend  │ ! Pod backend-1: FailedMount: volume "data" not found\n',
    );
  });

  it('prints a lost cluster once, and that it is back', () => {
    const lost: LoopEvent = { type: 'cluster.lost', why: 'connect ECONNREFUSED' };
    expect(printed(allHealthy(), [lost, lost, { type: 'cluster.connected' }])).toMatchInlineSnapshot(`
"
devloop  │ ✗ cluster lost: connect ECONNREFUSED; trying again
devloop  │ the cluster answers again
"
`);
  });

  it('prints notices, rejected configurations and the end', () => {
    const text = printed(allHealthy(), [
      { type: 'notice', level: 'info', text: 'an older devloop left a pending release; it is healed' },
      { type: 'notice', level: 'warning', text: 'the disk is nearly full' },
      {
        type: 'config.rejected',
        problem: { title: 'devloop.config.ts cannot be used', why: 'line 3: name: expected text' },
      },
      { type: 'loop.stopping', why: 'Ctrl-C' },
    ]);
    expect(text).toMatchInlineSnapshot(`
"
devloop  │ an older devloop left a pending release; it is healed
devloop  │ ! the disk is nearly full
devloop  │ ✗ devloop.config.ts cannot be used; the last good configuration stays in use
devloop  │   line 3: name: expected text
devloop  │ stopping: Ctrl-C
"
`);
  });

  it('says that a pod refuses what is forwarded, once, and when it takes it again', () => {
    const forward = { service: 'backend', local: 4000, remote: 8080, pod: 'backend-0' };
    const why = 'nothing listens on port 8080 of backend-0';
    expect(
      printed(allHealthy(), [
        { type: 'forward.changed', forward: { ...forward, status: 'held', why } },
        { type: 'forward.changed', forward: { ...forward, status: 'held', why } },
        { type: 'forward.changed', forward: { ...forward, status: 'ready' } },
      ]),
    ).toBe(
      [
        '',
        `backend  │ ✗ http://localhost:4000: ${why}; connections wait`,
        'backend  │ http://localhost:4000 takes connections again',
        '',
      ].join('\n'),
    );
  });

  it('says that a port cannot be forwarded, and by whom it is held', () => {
    const forward = {
      service: 'backend',
      local: 4000,
      remote: 8080,
      status: 'failed',
      why: 'node (pid 812) listens there',
    } as const;
    expect(printed(allHealthy(), [{ type: 'forward.changed', forward }])).toBe(
      '\nbackend  │ ✗ port 4000 is not forwarded: node (pid 812) listens there\n',
    );
  });

  it('puts the service before each line of a container, free of control sequences', () => {
    expect(printed([started()], [logged('backend', '\x1b[31mred\x1b[0m\x07'), logged('frontend', 'ok')])).toBe(
      '\nbackend  │ red\nfrontend │ ok\n',
    );
  });

  it('colours the lines when asked to, with the same text', () => {
    const lines: string[] = [];
    const print = createPlainPrinter({ write: (line) => lines.push(line), color: true });
    const events = [started(), ...buildFailed('backend', 0, compilerProblem)];
    events.forEach((event, seq) => {
      print({ ...event, seq, at: startTime } as StampedEvent);
    });
    expect(lines.join('')).toContain('\x1b[36mbackend  │ \x1b[0m\x1b[31m✗ edit 0 does not build');
  });
});
