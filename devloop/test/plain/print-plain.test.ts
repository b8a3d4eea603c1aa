import { describe, expect, it } from '@jest/globals';
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
  samplePod,
  started,
  startTime,
} from '../support/sample.ts';

/** What the printer writes for the last of the event lists, after all the ones before it. */
function printed(...batches: readonly (readonly LoopEvent[])[]): string {
  let text = '';
  let seq = 0;
  const print = createPlainPrinter({
    write: (line) => {
      text += line;
    },
    color: false,
  });
  for (const batch of batches) {
    text = '';
    for (const event of batch) {
      seq += 1;
      print({ ...event, seq, at: startTime + seq } as StampedEvent);
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

describe('the plain printer', () => {
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
backend  │ ● edit 0 is live in 1.2 s (watch 60 ms, build 240 ms, deploy 210 ms, ready 690 ms)
frontend │ ● ready, 1/1 pod
frontend │ http://localhost:4001 leads to port 8080
frontend │ ● edit 0 is live in 1.2 s (watch 60 ms, build 240 ms, deploy 210 ms, ready 690 ms)
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
backend  │ ● ready, 1/1 pod, http://localhost:4000
backend  │ ● edit 1 is live in 1.2 s (watch 60 ms, build 240 ms, deploy 210 ms, ready 690 ms)
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
backend  │ ✗ Build of backend failed (310 ms)
backend  │   src/server.ts:14:9: error TS2322: Type string is not assignable to type number
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
backend  │ ✗ Pod backend-7d9f-0 is failing
backend  │   backend exited with code 1: the app reported an error (crash loop, 1 restart)
backend  │   → kubectl --namespace tasks-dev logs backend-7d9f-0 --container backend --previous
"
`);
  });

  it('prints the cause and the fix of a pod that cannot start', () => {
    expect(printed(allHealthy(), [podChanged(missingSecretPod('frontend', 'tasks-db'))])).toMatchInlineSnapshot(`
"
frontend │ ✗ Pod frontend-7d9f-0 is failing
frontend │   Secret tasks-db is missing in namespace tasks-dev
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
    expect(lines.join('')).toContain('\x1b[36mbackend  │ \x1b[0m\x1b[31m✗ Build of backend failed');
  });
});
