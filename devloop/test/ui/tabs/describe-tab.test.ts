import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../../src/model/events.ts';
import type { LiveSpec } from '../../../src/model/project.ts';
import { describeRows } from '../../../src/ui/tabs/describe-tab.ts';
import { shortPath } from '../../../src/ui/tabs/short-path.ts';
import {
  allHealthy,
  buildFailed,
  compilerProblem,
  crashLoopPod,
  deployed,
  edited,
  forwarded,
  imageOf,
  inputsOf,
  missingSecretPod,
  podChanged,
  sampleContainer,
  samplePod,
  sampleProject,
  sampleWorkload,
  started,
  startTime,
  workloadChanged,
} from '../../support/sample.ts';
import type { Timed } from '../../support/screen.ts';
import { healthy, probedPod, withPod } from './scenes.ts';
import { atOnce, showTab, stateAt } from './show-tab.ts';

const live: LiveSpec = {
  bundle: { entry: '/project/src/server.ts', to: '/app/server.js', external: [] },
  sync: [{ from: '/project/public', to: '/app/public', ignore: [] }],
  run: [{ command: ['npm', 'run', 'css'], when: ['**/*.css'] }],
  restart: true,
  rebuild: ['package.json'],
};
const withLive = { ...sampleProject(), services: sampleProject().services.map((service) => ({ ...service, live })) };
const show = (columns: number, ...events: readonly LoopEvent[]) =>
  showTab(describeRows, stateAt(atOnce(events)), columns);

describe('the describe tab', () => {
  it('tells of the service, its workload and its pod', () => {
    const events: Timed[] = [
      ...healthy,
      [0, { type: 'pod.removed', uid: 'backend-7d9f-0', name: 'x', service: 'backend' }],
    ];
    expect(showTab(describeRows, stateAt([...events, withPod(probedPod())]), 100)).toBe(
      `Service backend
  Phase         ready: live
  Edit          none since the start, live since 14:03:20, after 1.2 s
  Image         backend:edit-0 (edit 0)
  Release       tasks, revision 1, deploy done at 14:03:20, namespace tasks-dev, chart helm
  URL           http://localhost:4000 → port 8080, ready, to backend-7d9f-0
  Live update   off: each edit makes a new image

Deployment backend
  Pods          1 wanted, 1 of the newest version, 1 ready

Pod backend-7d9f8b6c5-x2x4q
  Status        ready
  Phase         Running, Ready 4 s after it was created, 3 s after its container started (since
                14:03:24)
  Node          minikube
  Age           1m 00s, since 14:03:20
  Edit          0
  Container backend
    State         running for 59 s, ready
    Image         backend:edit-0
    Readiness     GET http://:8080/healthz every 1 s, timeout 0.5 s, fails after 3 in a row
    Liveness      TCP :8080 every 10 s, timeout 0.5 s, fails after 3 in a row, first after 5 s`,
    );
  });

  it('tells the steps of a live update in their order, and why there are none', () => {
    expect(show(100, ...allHealthy(withLive))).toContain(
      `  Live update   bundle src/server.ts to /app/server.js
                sync public to /app/public
                run npm run css when **/*.css changes
                restart the program
                a new image when package.json changes`,
    );
    const problem = { title: 'no', why: 'its image has neither Node 18 nor a shell' };
    expect(show(100, ...allHealthy(withLive), { type: 'update.unavailable', service: 'backend', problem })).toContain(
      '  Not live      its image has neither Node 18 nor a shell',
    );
  });

  it.each<[string, readonly LoopEvent[], readonly string[]]>([
    [
      'before the first build',
      [started()],
      ['Phase         waiting: for its first build', 'Image         none built yet'],
    ],
    ['before the first deploy', [started()], ['Release       tasks, no revision yet, deploy not tried yet']],
    ['without pods', [started()], ['No pods of it are in the cluster.']],
    [
      'of a failed build',
      [...allHealthy(), edited(1, ['backend'], ['a'], startTime), ...buildFailed('backend', 1, compilerProblem)],
      [
        'Phase         failed: src/server.ts:14:9',
        'Next step     Correct the file',
        'Edit          1; the start is live',
      ],
    ],
    [
      'of an image that is not deployed yet',
      [
        ...allHealthy(),
        { type: 'build.succeeded', service: 'backend', image: imageOf('backend', 2), reused: false, ms: 1 },
      ],
      ['Image         backend:edit-2 (edit 2)', 'Deployed      backend:edit-0 (edit 0)'],
    ],
    [
      'of a failed deploy',
      [...allHealthy(), { type: 'deploy.failed', release: 'tasks', edit: 1, problem: compilerProblem, ms: 5 }],
      ['deploy failed at 14:03:20'],
    ],
    [
      'of a running deploy',
      [...allHealthy(), { type: 'deploy.started', release: 'tasks', edit: 1, inputs: 'x' }],
      ['deploy running since 14:03:20'],
    ],
    ['of a port that waits', [started(), forwarded('backend', 4000)], ['http://localhost:4000 → port 8080, held\n']],
    [
      'of a crash loop',
      [...allHealthy(), podChanged(crashLoopPod('backend'))],
      [
        'Status        failing: backend exited with code 1: the app reported an error (crash loop, 3 restarts)',
        'Next step     kubectl --namespace tasks-dev logs backend-7d9f-0 --container backend --previous',
        'State         waiting: CrashLoopBackOff',
        'Message       back-off 40s restarting failed container',
        'Last run      exit code 1, the app reported an error',
        'Restarts      3',
      ],
    ],
    [
      'of a missing Secret',
      [...allHealthy(), podChanged(missingSecretPod('backend', 'db'))],
      ['failing: Secret db is missing in namespace tasks-dev'],
    ],
    [
      'of a container that ended',
      [
        started(),
        podChanged(
          samplePod('backend', 0, {
            ready: false,
            containers: [
              sampleContainer('backend', 0, { state: 'terminated', exitCode: 137, reason: 'OOMKilled', ready: false }),
            ],
          }),
        ),
      ],
      ['State         ended: exit code 137, killed for using more memory than its limit (OOMKilled)'],
    ],
    [
      'of an init container',
      [
        started(),
        podChanged(
          samplePod('backend', 0, {
            containers: [
              sampleContainer('migrate', 0, { init: true, state: 'terminated', exitCode: 0 }),
              sampleContainer('backend'),
            ],
          }),
        ),
      ],
      ['  Init container migrate\n    State         done\n'],
    ],
    [
      'of a pod that a rollout replaces',
      [started(), podChanged(samplePod('backend', 0, { current: false, deleting: true }))],
      ['Pod backend-7d9f-0  ending', 'Template      an older one: a rollout is replacing this pod'],
    ],
    [
      'of a workload that complains',
      [
        started(),
        workloadChanged(
          sampleWorkload('backend', { replicas: 3, updated: 1, observed: false, complaint: 'exceeded quota' }),
        ),
      ],
      [
        'Pods          3 wanted, 1 of the newest version, 0 ready',
        'Controller    has not seen',
        'Complaint     exceeded quota',
      ],
    ],
    [
      'of a service that only the cluster knows',
      [started(), podChanged(samplePod('backend', 0, { service: 'backend' })), ...deployed({}, inputsOf({}))],
      ['Container backend'],
    ],
  ])('tells %s', (_, events, expected) => {
    const text = show(120, ...events);
    for (const words of expected) expect(text).toContain(words);
  });

  it('says of one that the configuration does not name that only the cluster knows it', () => {
    const events = atOnce([started(), workloadChanged(sampleWorkload('database'))]);
    const text = showTab(describeRows, stateAt(events), 80, 0, 'database');
    expect(text).toContain('Configured    no: only the cluster knows it');
    expect(text).not.toMatch(/Image|Release|Live update/);
  });

  it('copies a value without its name', () => {
    const rows = describeRows({ state: stateAt(healthy), service: 'backend', now: startTime, columns: 80 });
    expect(rows.map(({ copy }) => copy)).toContain('backend:edit-0 (edit 0)');
  });
});

describe('a path as seen from the project', () => {
  it.each([
    ['/project/helm', '/project', 'helm'],
    ['/project', '/project', '.'],
    ['/projects/helm', '/project', '/projects/helm'],
    ['C:\\project\\helm', 'C:\\project', 'helm'],
    ['oci://registry/chart', '/project', 'oci://registry/chart'],
    ['/project/helm', '', '/project/helm'],
  ])('%j in %j is %j', (file, root, expected) => {
    expect(shortPath(file, root)).toBe(expected);
  });
});
