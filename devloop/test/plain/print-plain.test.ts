import { describe, expect, it } from '@jest/globals';
import { examples } from '../../reference/examples.ts';
import type { LoopEvent, StampedEvent } from '../../src/model/events.ts';
import { createPlainPrinter } from '../../src/plain/print-plain.ts';
import {
  allHealthy,
  buildFailed,
  built,
  compilerProblem,
  crash,
  crashLoopPod,
  deployed,
  edited,
  imageOf,
  inputsOf,
  live,
  logged,
  missingSecretPod,
  podChanged,
  probed,
  sampleContainer,
  samplePod,
  sampleProject,
  started,
  startTime,
} from '../support/sample.ts';

/** What the printer writes for the last of the event lists, after all the ones before it, each a minute later. */
function printed(...batches: readonly (readonly LoopEvent[])[]): string {
  let text = '';
  let seq = 0;
  const print = createPlainPrinter({
    write: (line) => {
      text += line;
    },
    color: false,
  });
  for (const [minute, batch] of batches.entries()) {
    text = '';
    for (const event of batch) {
      seq += 1;
      print({ ...event, seq, at: startTime + minute * 60_000 + seq } as StampedEvent);
    }
  }
  return `\n${text}`;
}

const crashed: LoopEvent = {
  type: 'container.crashed',
  service: 'backend',
  uid: 'backend-7d9f-0',
  pod: 'backend-7d9f-0',
  container: 'backend',
  ...crash,
  lines: ['Error: connect ECONNREFUSED', '    at connect'],
};

const exampleStart = { type: 'loop.started', ...examples['loop.started'] } as const;

const stepOf = (status: 'running' | 'done' | 'cached' | 'failed', name: string, ms?: number): LoopEvent => ({
  type: 'build.step',
  service: 'backend',
  step: { id: name, name, status, ...(ms !== undefined && { ms }) },
});

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

  it('prints each step of a build when it ends, with its time', () => {
    const steps = [
      stepOf('cached', '[build 1/3] FROM node:24', 0),
      stepOf('running', '[build 2/3] RUN npm ci'),
      stepOf('done', '[build 2/3] RUN npm ci', 3200),
      stepOf('done', '[build 2/3] RUN npm ci', 3200),
      stepOf('running', '[build 3/3] RUN npm run build'),
      stepOf('failed', '[build 3/3] RUN npm run build', 812),
    ];
    expect(
      printed(allHealthy(), [{ type: 'build.started', service: 'backend', edit: 1 }, ...steps]),
    ).toMatchInlineSnapshot(`
"
backend  │ building edit 1
backend  │   ✓ [build 1/3] FROM node:24 (cached)
backend  │   ✓ [build 2/3] RUN npm ci (3.2 s)
backend  │   ✗ [build 3/3] RUN npm run build (failed after 812 ms)
"
`);
  });

  it('prints where the time of a fast edit went', () => {
    const ms = { watch: 16, build: 42, deploy: 5, ready: 80, total: 143 };
    expect(printed(allHealthy(), [{ type: 'service.live', service: 'backend', edit: 12, ms }])).toBe(
      '\nbackend  │ ● edit 12 live in 143 ms: watch 16, build 42, deploy 5, ready 80\n',
    );
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

  it('names the files that have changed since a service that fails was last live', () => {
    const text = printed(allHealthy(), [
      edited(1, ['backend'], ['src/a.ts'], startTime),
      edited(2, ['backend'], ['src/b.ts'], startTime),
      ...buildFailed('backend', 2, compilerProblem),
    ]);
    expect(text).toMatchInlineSnapshot(`
"
devloop  │ edit 1: src/a.ts → backend
devloop  │ edit 2: src/b.ts → backend
backend  │ building edit 2
backend  │ ✗ edit 2 does not build: src/server.ts:14:9: error TS2322: Type string is not assignable to type number (310 ms)
backend  │     │ #9 [build 4/5] RUN npm run build
backend  │     │ src/server.ts(14,9): error TS2322: Type 'string' is not assignable to type 'number'.
backend  │     │ npm error Lifecycle script \`build\` failed with error:
backend  │   changed: src/b.ts, src/a.ts
backend  │   → Correct the file: the next save builds again, and the last good pod goes on serving.
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

  it('names the files of an edit and where its time went', () => {
    const images = { backend: imageOf('backend', 1), frontend: imageOf('frontend') };
    const edit: readonly LoopEvent[] = [
      edited(1, ['backend'], ['src/a.ts', 'src/b.ts'], startTime),
      ...built('backend', 1),
      ...deployed(images, inputsOf(images), 1, 2),
      podChanged(samplePod('backend', 1, { ready: false })),
      podChanged(samplePod('backend', 1)),
      live('backend', 1),
    ];
    expect(printed(allHealthy(), edit)).toMatchInlineSnapshot(`
"
devloop  │ edit 1: src/a.ts, src/b.ts → backend
backend  │ building edit 1
backend  │ built backend:edit-1 in 240 ms
devloop  │ deploying release tasks
devloop  │ release tasks is at revision 2 in 210 ms
backend  │ starting: waiting for new pods
backend  │ starting: waiting for its readiness probe
backend  │ ● ready, 1/1 pod, http://localhost:4000
backend  │ ● edit 1 live in 1.2 s: watch 60 ms, build 240 ms, deploy 210 ms, ready 690 ms
"
`);
  });

  it('cuts a long list of files', () => {
    const files = Array.from({ length: 5000 }, (_, index) => `src/${index}.ts`);
    const text = printed(allHealthy(), [edited(1, ['backend'], files, startTime)]);
    expect(text).toContain('src/0.ts, src/1.ts, src/2.ts, src/3.ts, src/4.ts and 4995 more → backend');
  });

  it('prints the compiler output of a failed build once', () => {
    expect(printed(allHealthy(), buildFailed('backend', 1, compilerProblem))).toMatchInlineSnapshot(`
"
backend  │ building edit 1
backend  │ ✗ edit 1 does not build: src/server.ts:14:9: error TS2322: Type string is not assignable to type number (310 ms)
backend  │     │ #9 [build 4/5] RUN npm run build
backend  │     │ src/server.ts(14,9): error TS2322: Type 'string' is not assignable to type 'number'.
backend  │     │ npm error Lifecycle script \`build\` failed with error:
backend  │   → Correct the file: the next save builds again, and the last good pod goes on serving.
"
`);
  });

  it('prints a crash with its meaning and last lines, and a crash loop once', () => {
    const text = printed(allHealthy(), [
      crashed,
      podChanged(crashLoopPod('backend', 1)),
      podChanged(crashLoopPod('backend', 2)),
      podChanged(crashLoopPod('backend', 3)),
    ]);
    expect(text).toMatchInlineSnapshot(`
"
backend  │ ✗ backend of backend-7d9f-0 exited with code 1: the app reported an error
backend  │     │ Error: connect ECONNREFUSED
backend  │     │     at connect
backend  │ ✗ backend keeps crashing: exit code 1, the app reported an error
backend  │   → kubectl --namespace tasks-dev logs backend-7d9f-0 --container backend --previous
"
`);
  });

  it('prints the last lines of a crash below the card, and no more than that it crashes again', () => {
    const ended = samplePod('backend', 0, {
      ready: false,
      containers: [sampleContainer('backend', 0, { state: 'terminated', ready: false, reason: 'Error', exitCode: 1 })],
    });
    const text = printed(allHealthy(), [
      podChanged(ended),
      crashed,
      podChanged(crashLoopPod('backend', 1)),
      podChanged(samplePod('backend', 0, { ready: false })),
      podChanged(ended),
      crashed,
      podChanged(crashLoopPod('backend', 2)),
    ]);
    expect(text).toMatchInlineSnapshot(`
"
backend  │ ✗ backend has ended: exit code 1, the app reported an error
backend  │   → kubectl --namespace tasks-dev logs backend-7d9f-0 --container backend --previous
backend  │   last lines of backend of backend-7d9f-0:
backend  │     │ Error: connect ECONNREFUSED
backend  │     │     at connect
backend  │ ✗ backend of backend-7d9f-0 exited with code 1 again: the app reported an error
"
`);
  });

  it('prints the card again when a new edit fails, but not of the pod that the edit is to mend', () => {
    const project = sampleProject();
    const live = { sync: [], run: [], restart: true, rebuild: [] };
    const services = project.services.map((service) => ({ ...service, live }));
    const at = startTime + 60_000;
    const next = { ...crashLoopPod('backend'), uid: 'backend-7d9f-1', name: 'backend-7d9f-1', createdAt: at + 500 };
    const text = printed(
      [...allHealthy({ ...project, services }), podChanged(crashLoopPod('backend'))],
      [
        { type: 'edit', edit: 1, files: ['src/a.ts'], changedAt: at, services: ['backend'], releases: [] },
        podChanged(crashLoopPod('backend', 4)),
        { type: 'pod.removed', uid: 'backend-7d9f-0', name: 'backend-7d9f-0', service: 'backend' },
        podChanged(next),
        podChanged({ ...next, ready: false }),
      ],
    );
    expect(text).toMatchInlineSnapshot(`
"
devloop  │ edit 1: src/a.ts → backend
backend  │ ✗ backend keeps crashing: exit code 1, the app reported an error
backend  │   changed: src/a.ts
backend  │   → kubectl --namespace tasks-dev logs backend-7d9f-1 --container backend --previous
"
`);
  });

  it('prints nothing of the card again when the service was ready for a moment only', () => {
    const text = printed(
      [...allHealthy(), crashed, podChanged(crashLoopPod('backend', 1))],
      [podChanged(samplePod('backend')), podChanged(crashLoopPod('backend', 2))],
    );
    expect(text).toBe('\nbackend  │ ● ready, 1/1 pod, http://localhost:4000\n');
  });

  it('prints one card of a deploy that fails, whatever services it is of', () => {
    const inputs = inputsOf({ backend: imageOf('backend'), frontend: imageOf('frontend') });
    const text = printed(allHealthy(), [
      { type: 'deploy.started', release: 'tasks', edit: 1, inputs },
      {
        type: 'deploy.failed',
        release: 'tasks',
        edit: 1,
        problem: { title: 'helm upgrade of tasks failed', why: 'replicas must be a number', fix: 'Correct the chart.' },
        ms: 130,
      },
    ]);
    expect(text).toMatchInlineSnapshot(`
"
devloop  │ deploying release tasks
devloop  │ ✗ helm could not deploy release tasks: replicas must be a number (130 ms)
devloop  │   → Correct the chart.
"
`);
  });

  it('prints the cause and the fix of a pod that cannot start', () => {
    expect(printed(allHealthy(), [podChanged(missingSecretPod('frontend', 'tasks-db'))])).toMatchInlineSnapshot(`
"
frontend │ ✗ Secret tasks-db is missing in namespace tasks-dev
frontend │   → kubectl --namespace tasks-dev create secret generic tasks-db --from-literal=KEY=VALUE
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
