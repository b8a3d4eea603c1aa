import { describe, expect, it } from '@jest/globals';
import { tabs } from '../../../src/ui/tabs/tabs.ts';
import { sampleContainer, startTime } from '../../support/sample.ts';
import { kubeEvent, ledger, manyEdits, probedPod, runCommand, withPod } from './scenes.ts';
import { showTab, stateAt } from './show-tab.ts';

const pod = probedPod();
const restarted = probedPod({
  name: 'backend-7d9f8b6c5-m7k2p',
  uid: 'backend-7d9f8b6c5-m7k2p',
  createdAt: startTime - 60_000,
  readySince: startTime + 12_500,
  containers: [
    sampleContainer('backend', 0, {
      startedAt: startTime + 12_000,
      restarts: 2,
      last: { exitCode: 137, reason: 'OOMKilled', finishedAt: startTime + 11_000 },
    }),
  ],
});
const buildLine =
  "DOCKER_HOST=tcp://192.168.49.2:2376 DOCKER_CERT_PATH='/home/a b' /usr/libexec/docker/cli-plugins/docker-buildx build --builder default --progress rawjson --tag devloop.local/tasks/backend:abc --file /project/backend/Dockerfile /project";
const full = stateAt([
  ...manyEdits,
  withPod(pod),
  withPod(restarted),
  ...ledger(pod),
  ...ledger(restarted).slice(2),
  kubeEvent('a', 1000),
  kubeEvent('b', 12_000, {
    type: 'Warning',
    reason: 'Unhealthy',
    message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
    count: 4,
  }),
  kubeEvent('c', 13_000, {
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting failed container backend in pod backend-7d9f8b6c5-x2x4q_tasks-dev(5c1f1b0a-6a0e)',
    count: 12,
  }),
  ...runCommand(1, 100, { line: buildLine, ms: 2488, exitCode: 0, about: { image: 'backend:edit-1' } }),
  ...runCommand(2, 3000, {
    line: "helm upgrade --install tasks /project/helm --set-string 'db.password=********'",
    ms: 210,
    exitCode: 1,
  }),
  ...runCommand(3, 55_000, { line: 'helm history tasks' }),
]);

describe('the tabs of the service view', () => {
  it('stand in this order', () => {
    expect(tabs.map(({ name }) => name)).toEqual(['probes', 'events', 'builds', 'timeline', 'commands', 'describe']);
  });

  const cases = [60, 80, 120, 200].flatMap((columns) => tabs.map((tab) => ({ ...tab, columns })));

  it.each(cases)('show $name at $columns columns', ({ rows, columns }) => {
    expect(showTab(rows, full, columns)).toMatchSnapshot();
  });

  it.each(tabs)('fit every width: $name', ({ rows }) => {
    const wide = stateAt([
      ...manyEdits,
      kubeEvent('w', 0, { message: '容器启动失败：找不到文件😀'.repeat(8), reason: '失败' }),
      ...runCommand(1, 0, { line: `helm upgrade ${'数据'.repeat(60)}`, ms: 5, exitCode: 1 }),
    ]);
    for (const state of [full, wide])
      for (let columns = 60; columns <= 300; columns += 1) expect(() => showTab(rows, state, columns)).not.toThrow();
  });

  it.each(tabs)('name each row of $name once', ({ rows }) => {
    for (const columns of [60, 160]) {
      const keys = rows({ state: full, service: 'backend', now: startTime, columns }).flatMap(({ key }) => key ?? []);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it.each(tabs)('say of $name why there is nothing, of a service that is gone too', ({ rows }) => {
    for (const state of [stateAt([]), full]) {
      const text = showTab(rows, state, 80, 0, 'gone');
      expect(text).toMatch(/^(No |There is no service gone now\.)/);
    }
  });
});
