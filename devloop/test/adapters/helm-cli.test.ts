import { describe, expect, it } from '@jest/globals';
import { checkHelm, createHelm } from '../../src/adapters/helm/helm-cli.ts';
import { HelmRuns } from '../../src/adapters/helm/helm-runs.ts';
import type { HelmUpgrade } from '../../src/engine/outside.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { type Answer, createFakeRun } from '../fakes/run-command.ts';
import { createTempFolder } from '../fakes/temp-folder.ts';

const never = new AbortController().signal;
/** A state folder that cannot be written. */
const runs = new HelmRuns('minikube', {
  folder: () => Promise.reject(new Error('read-only')),
  now: () => 0,
  startOf: async () => undefined,
});
function helmWith(answer: Answer) {
  const fake = createFakeRun({ helm: answer });
  return {
    ...fake,
    helm: createHelm(fake.run, { file: 'helm', env: {}, context: 'minikube', cwd: '/project', takesOver: false, runs }),
  };
}
const upgrade: HelmUpgrade = {
  release: {
    name: 'tasks',
    chart: '/project/helm',
    values: ['/project/a.yaml', '/project/b.yaml'],
    set: { 'a.b': '1', 'backend.image.tag': 'config' },
  },
  namespace: 'dev',
  set: { 'backend.image.tag': 'abc' },
  description: 'devloop inputs 1',
  checked: false,
};
const released = {
  stdout: JSON.stringify({ name: 'tasks', version: 4, info: { status: 'deployed', description: 'devloop inputs 1' } }),
};
const where = ['--kube-context', 'minikube', '--namespace', 'dev'];

describe('an upgrade', () => {
  it('names its context and namespace, and asks for JSON', async () => {
    const { helm, calls } = helmWith(released);
    expect(await helm.upgrade(upgrade, never)).toEqual({
      revision: 4,
      status: 'deployed',
      description: 'devloop inputs 1',
    });
    expect(calls[0]).toMatchObject({ file: 'helm', cwd: '/project', stopSignal: 'SIGINT', apart: true });
    expect(calls[0]?.args).toEqual([
      ...[
        'upgrade',
        '--install',
        'tasks',
        '/project/helm',
        '--values',
        '/project/a.yaml',
        '--values',
        '/project/b.yaml',
      ],
      ...['--set-string', 'a.b=1', '--set-string', 'backend.image.tag=abc'],
      ...['--description', 'devloop inputs 1', '--output', 'json', ...where],
    ]);
  });

  it('skips the check of the manifests when helm has accepted the chart before', async () => {
    const { helm, calls } = helmWith(released);
    await helm.upgrade({ ...upgrade, checked: true }, never);
    expect(calls[0]?.args).toContain('--disable-openapi-validation');
  });

  it.each([
    ['a,b', 'a\\,b'],
    ['{a}', '\\{a\\}'],
    ['a\\b', 'a\\\\b'],
    ['x[0]=1', 'x\\[0\\]=1'],
    ['plain text', 'plain text'],
  ])('escapes the value %s', async (value, escaped) => {
    const { helm, calls } = helmWith(released);
    await helm.upgrade({ ...upgrade, release: { ...upgrade.release, set: {} }, set: { key: value } }, never);
    expect(calls[0]?.args).toContain(`key=${escaped}`);
  });
});

describe('the newest revision', () => {
  it('is read from the history', async () => {
    const history = [
      {
        revision: 7,
        updated: '2026-01-31T14:00:00.123456789Z',
        status: 'pending-upgrade',
        chart: 'tasks-0.1.0',
        app_version: '',
        description: 'Preparing upgrade',
      },
    ];
    const { helm, calls } = helmWith({ stdout: JSON.stringify(history) });
    expect(await helm.latest('tasks', 'dev')).toEqual({
      revision: 7,
      status: 'pending-upgrade',
      description: 'Preparing upgrade',
      updated: Date.UTC(2026, 0, 31, 14, 0, 0, 123),
    });
    expect(calls[0]?.args).toEqual(['history', 'tasks', '--max', '1', '--output', 'json', ...where]);
  });

  it('is the last of several', async () => {
    const { helm } = helmWith({
      stdout:
        '[{"revision":1,"status":"superseded","description":"a"},{"revision":2,"status":"deployed","description":"b"}]',
    });
    expect((await helm.latest('tasks', 'dev'))?.revision).toBe(2);
  });

  it('is none of a release that does not exist', async () => {
    expect(
      await helmWith({ exitCode: 1, stderr: 'Error: release: not found\n' }).helm.latest('tasks', 'dev'),
    ).toBeUndefined();
    expect(await helmWith({ stdout: '[]' }).helm.latest('tasks', 'dev')).toBeUndefined();
  });
});

describe('all revisions', () => {
  it('come with their times, where helm has told one', async () => {
    const stdout = JSON.stringify([
      { revision: 1, updated: '2026-01-31T15:00:00.5+01:00', status: 'deployed', description: 'a' },
      { revision: 2, updated: 'long ago', status: 'pending-upgrade', description: 'b' },
    ]);
    const { helm, calls } = helmWith({ stdout });
    expect(await helm.history('tasks', 'dev', never)).toEqual([
      { revision: 1, status: 'deployed', description: 'a', updated: Date.UTC(2026, 0, 31, 14, 0, 0, 500) },
      { revision: 2, status: 'pending-upgrade', description: 'b' },
    ]);
    expect(calls[0]?.args).toEqual(['history', 'tasks', '--output', 'json', ...where]);
  });

  it('are none of a release that does not exist', async () => {
    const { helm } = helmWith({ exitCode: 1, stderr: 'Error: release: not found\n' });
    expect(await helm.history('tasks', 'dev', never)).toEqual([]);
  });

  it('that cannot be read are an error', async () => {
    const fault = await faultOf(helmWith({ exitCode: 1, stderr: 'Error: no' }).helm.history('tasks', 'dev', never));
    expect(fault.problem).toMatchObject({ title: 'helm history of tasks failed', why: 'no' });
  });
});

describe('a helm that changes a release', () => {
  it('is not started when devloop ends', async () => {
    const { helm, calls } = helmWith(released);
    await faultOf(helm.upgrade(upgrade, AbortSignal.abort()));
    expect(calls).toEqual([]);
  });

  it('is not interrupted where it would die of that', async () => {
    const { helm, calls } = helmWith({ stdout: '[{"revision":5,"status":"deployed","description":""}]' });
    await helm.rollback('tasks', 'dev', 3, never);
    await helm.uninstall('tasks', 'dev');
    const changes = calls.filter(({ args }) => args[0] !== 'history');
    expect(changes.map(({ stopSignal, apart }) => [stopSignal, apart])).toEqual([
      ['none', true],
      ['none', true],
    ]);
  });

  const pending = { revision: 2, status: 'pending-upgrade', description: '', updated: 1000 };
  it.each([
    ['has ended well', released, 'somebody else'],
    ['has failed', { exitCode: 1, stderr: 'Error: UPGRADE FAILED: connection refused' }, 'devloop'],
    ['was killed', { exitCode: 128 }, 'devloop'],
    [
      'has found it locked',
      { exitCode: 1, stderr: 'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress' },
      'somebody else',
    ],
  ])('and %s makes what is pending afterwards the work of: %3$s', async (_, answer, by) => {
    const folder = createTempFolder();
    try {
      const own = new HelmRuns('minikube', {
        folder: async () => folder.root,
        now: () => 1000,
        startOf: async () => undefined,
      });
      const options = { file: 'helm', env: {}, context: 'minikube', cwd: '/project', takesOver: false, runs: own };
      const helm = createHelm(createFakeRun({ helm: answer }).run, options);
      await helm.upgrade(upgrade, never).catch(() => {});
      expect(await helm.ownerOf('tasks', 'dev', pending)).toEqual({ by });
    } finally {
      folder.remove();
    }
  });
});

describe('the other commands', () => {
  it('print manifests', async () => {
    const { helm, lines } = helmWith({ stdout: 'kind: Service\n' });
    expect([await helm.manifest('tasks', 'dev', never), await helm.template(upgrade)]).toEqual([
      'kind: Service\n',
      'kind: Service\n',
    ]);
    expect(lines()).toEqual([
      'helm get manifest tasks --kube-context minikube --namespace dev',
      'helm template tasks /project/helm --values /project/a.yaml --values /project/b.yaml --set-string a.b=1 --set-string backend.image.tag=abc --kube-context minikube --namespace dev',
    ]);
  });

  it('uninstall what there is', async () => {
    expect(await helmWith({ stdout: 'release "tasks" uninstalled' }).helm.uninstall('tasks', 'dev')).toBe(true);
    expect(
      await helmWith({
        exitCode: 1,
        stderr: 'Error: uninstall: Release not loaded: tasks: release: not found',
      }).helm.uninstall('tasks', 'dev'),
    ).toBe(false);
  });

  it.each([
    ['helm history of tasks failed', (helm: ReturnType<typeof createHelm>) => helm.latest('tasks', 'dev')],
    [
      'helm get manifest of tasks failed',
      (helm: ReturnType<typeof createHelm>) => helm.manifest('tasks', 'dev', never),
    ],
    ['helm template of tasks failed', (helm: ReturnType<typeof createHelm>) => helm.template(upgrade)],
    ['helm uninstall of tasks failed', (helm: ReturnType<typeof createHelm>) => helm.uninstall('tasks', 'dev')],
  ])('fail as: %s', async (title, work) => {
    const { problem, kind } = await faultOf(work(helmWith({ exitCode: 1, stderr: 'Error: it broke' }).helm));
    expect([problem.title, problem.why, kind]).toEqual([title, 'it broke', 'outside']);
  });
});

describe('an upgrade that fails', () => {
  const failWith = (stderr: string) => faultOf(helmWith({ exitCode: 1, stderr }).helm.upgrade(upgrade, never));

  it.each([
    [
      'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress',
      /Another helm works on the release, or was cut off/,
    ],
    ['Error: found in Chart.yaml, but missing in charts/ directory: postgresql', /`helm dependency build`/],
    [
      'Error: UPGRADE FAILED: Service "x" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated',
      /NodePort/,
    ],
    [
      'Error: template: tasks/templates/a.yaml:3: function "foo" not defined',
      /Correct the chart or its values and save/,
    ],
  ])('says what to do about: %s', async (stderr, fix) => {
    const fault = await failWith(stderr);
    expect(fault.problem.fix).toMatch(fix);
    expect(fault.kind).toBe('outside');
  });

  it.each([
    'Error: Kubernetes cluster unreachable: Get "https://192.168.49.2:8443/version": dial tcp: connection refused',
    'Error: context "minikube" does not exist',
  ])('is a matter of the environment: %s', async (stderr) => {
    expect((await failWith(stderr)).exitCode).toBe(3);
  });

  it('leaves warnings and control sequences out', async () => {
    const { problem } = await failWith(
      'WARNING: Kubernetes configuration file is group-readable\nlevel=WARN msg="x"\n\u001b[31mError: bad\u001b[0m\nsecond line\n',
    );
    expect(problem).toMatchObject({ why: 'bad second line', evidence: ['Error: bad', 'second line'] });
  });

  it('keeps a long text short, and whole in the evidence', async () => {
    const { problem } = await failWith(`Error: ${'x'.repeat(2000)}`);
    expect(problem.why).toHaveLength(601);
    expect(problem.evidence?.[0]).toHaveLength(2007);
  });

  it('in silence says so', async () => {
    expect((await failWith('')).problem.why).toBe('helm said nothing');
  });
});

it('checkHelm tells a helm that does not work from one that is not there', async () => {
  await expect(checkHelm(createFakeRun({ helm: { stdout: 'v3.19.0' } }).run)).resolves.toBe(3);
  await expect(checkHelm(createFakeRun({ helm: { stdout: 'v4.1.0+g1' } }).run)).resolves.toBe(4);
  const broken = await faultOf(
    checkHelm(createFakeRun({ helm: { exitCode: 1, stderr: 'exec format error\nmore' } }).run),
  );
  expect(broken).toMatchObject({
    kind: 'environment',
    problem: { title: 'helm does not work', why: 'exec format error' },
  });
  const missing = await faultOf(checkHelm(createFakeRun({ helm: 'not installed' }).run));
  expect(missing.problem.title).toBe('helm was not found');
});

describe('a rollback', () => {
  const history = { stdout: JSON.stringify([{ revision: 5, status: 'deployed', description: 'Rollback to 3' }]) };
  const made = { revision: 5, status: 'deployed', description: 'Rollback to 3' };
  const withHelm = (answer: Answer, takesOver: boolean) => {
    const fake = createFakeRun({ 'helm rollback': answer, 'helm history': history });
    const options = { file: 'helm', env: {}, context: 'minikube', cwd: '/project', takesOver, runs };
    return { ...fake, helm: createHelm(fake.run, options) };
  };

  it.each([
    ['helm 3', false, []],
    ['helm 4, which has to take over what devloop has set', true, ['--force-conflicts']],
  ])('of %s makes a new revision, which history names', async (_, takesOver, flags) => {
    const { helm, calls } = withHelm({}, takesOver);
    expect(await helm.rollback('tasks', 'dev', 3, never)).toEqual(made);
    expect(calls[0]?.args).toEqual(['rollback', 'tasks', '3', ...flags, ...where]);
  });

  it('that fails says it in helm’s words', async () => {
    const { helm } = withHelm({ exitCode: 1, stderr: 'Error: release has no 3 version' }, false);
    const fault = await faultOf(helm.rollback('tasks', 'dev', 3, never));
    expect(fault.problem).toMatchObject({ title: 'helm rollback of tasks failed', why: 'release has no 3 version' });
  });
});
