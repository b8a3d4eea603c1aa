import { describe, expect, it } from '@jest/globals';
import {
  allHealthy,
  buildFailed,
  compilerProblem,
  crashLoopPod,
  edited,
  imageOf,
  inputsOf,
  missingSecretPod,
  podChanged,
  sampleContainer,
  samplePod,
  sampleProject,
  startTime,
} from '../support/sample.ts';
import { crashed, printed } from './printed.ts';

describe('of a failure the plain printer', () => {
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
});
