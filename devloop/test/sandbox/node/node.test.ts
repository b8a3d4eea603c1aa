import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isReady, startTestNode, type TestNode, textOf, waitsFor, web } from './support.ts';

const query = { container: 'web', follow: false, previous: false, timestamps: false };
const sh = (script: string) => ({ command: ['sh', '-c', script] });
let it: TestNode;
beforeAll(async () => {
  it = await startTestNode();
});
afterAll(() => it.close());

const logOf = async (name: string, more = {}) => textOf(await it.node.logs(it.get(name), { ...query, ...more }));

describe('a pod that runs', () => {
  test('its status and events are a kubelet’s', async () => {
    it.run('runs', sh('echo out; echo err >&2; printf part; exec sleep 1000'));
    const pod = await it.until('runs', isReady);
    expect(pod.status).toMatchObject({
      phase: 'Running',
      hostIP: '127.0.0.1',
      podIP: expect.stringMatching(/^10\.244\./),
    });
    expect(pod.status?.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ]);
    expect(web(pod)).toMatchObject({ started: true, restartCount: 0, image: 'app:1', lastState: {} });
    expect(web(pod)?.containerID).toMatch(/^sandbox:\/\/[0-9a-f]{64}$/);
    expect(it.events.filter((event) => event.startsWith('runs '))).toEqual([
      'runs Normal Pulled Container image "app:1" already present on machine kubelet spec.containers{web}',
      'runs Normal Created Created container web kubelet spec.containers{web}',
      'runs Normal Started Started container web kubelet spec.containers{web}',
    ]);
  });

  test('a graceful deletion ends it and takes it out of the store', async () => {
    it.run('deleted', sh('trap "exit 0" TERM; echo up; while :; do sleep 0.01; done'));
    await it.until('deleted', isReady);
    it.store.update('Pod', 'default', 'deleted', (copy) => {
      copy.metadata.deletionTimestamp = '2030-01-01T00:00:00Z';
      copy.metadata.deletionGracePeriodSeconds = 30;
    });
    await it.gone('deleted');
    expect(it.events).toContain('deleted Normal Killing Stopping container web kubelet spec.containers{web}');
  });

  test('another image restarts it in place', async () => {
    it.run('changed', sh('exec sleep 1000'));
    await it.until('changed', isReady);
    it.store.update('Pod', 'default', 'changed', (copy) => {
      for (const container of copy.spec.containers) container.image = 'app:2';
    });
    const pod = await it.until('changed', (now) => isReady(now) && web(now)?.restartCount === 1);
    expect(web(pod)).toMatchObject({ image: 'app:2', lastState: { terminated: { exitCode: 143, reason: 'Error' } } });
    expect(it.events.join('\n')).toContain('Killing Container web definition changed, will be restarted');
  });

  test('env, mounts and the working folder', async () => {
    it.store.create('ConfigMap', { metadata: { name: 'cm', namespace: 'default' }, data: { key: 'value' } });
    it.run(
      'env',
      {
        command: [
          'sh',
          '-c',
          'cat /etc/app/key; echo " $A $B $FROM_IMAGE $HOSTNAME $DIR"; echo last > /dev/termination-log',
        ],
        env: [
          { name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'key' } } },
          { name: 'B', value: '$(A)-b' },
          { name: 'DIR', value: '/etc/app' },
        ],
        volumeMounts: [{ name: 'v', mountPath: '/etc/app' }],
      },
      { restartPolicy: 'Never', volumes: [{ name: 'v', configMap: { name: 'cm' } }] },
    );
    const pod = await it.until('env', ({ status }) => status?.phase === 'Succeeded');
    const text = await logOf('env');
    expect(text).toMatch(/^value value value-b yes env \/.*\/volumes\/v\n$/);
    expect(web(pod)?.state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed', message: 'last\n' });
    expect(pod.status?.conditions?.[1]).toMatchObject({ type: 'Ready', status: 'False', reason: 'PodCompleted' });
  });

  test('exec has its env and folder; a program that is not there ends with 126', async () => {
    it.run('exec', { ...sh('exec sleep 1000'), env: [{ name: 'A', value: 'b' }] });
    await it.until('exec', isReady);
    const ask = { container: 'web', stdin: true, tty: false };
    const one = await it.node.exec(it.get('exec'), { ...ask, command: ['sh', '-c', 'cat; echo $A; exit 3'] });
    one.stdin?.end('in ');
    expect(await textOf(one.stdout ?? [])).toBe('in b\n');
    expect(await one.exit).toBe(3);
    const two = await it.node.exec(it.get('exec'), { ...ask, command: ['nope'] });
    expect(await textOf(two.stdout ?? [])).toContain('exec: "nope": executable file not found in $PATH: unknown');
    expect(await two.exit).toBe(126);
    await expect(it.node.exec(it.get('exec'), { ...ask, container: 'x', command: ['sh'] })).rejects.toThrow(
      'container not found ("x")',
    );
  });

  test('stats name its container', async () => {
    const summary = JSON.stringify(await it.node.stats());
    expect(summary).toContain('"podRef":{"name":"runs"');
  });

  test('its log lies in a file that only the user reads', async () => {
    const folder = path.join(it.folder, 'node/pods', it.get('runs').metadata.uid, 'containers/web');
    expect(await readdir(folder)).toContain('0.log');
    expect(await readFile(path.join(folder, '0.log'), 'utf8')).toMatch(/^\S+Z stdout F out\n/m);
  });
});

describe('a pod that fails', () => {
  test('a crash loop', async () => {
    it.run('crash', sh('echo run; exit 3'));
    const pod = await it.until('crash', (now) => waitsFor('CrashLoopBackOff')(now) && web(now)?.restartCount === 2);
    expect(web(pod)).toMatchObject({ ready: false, lastState: { terminated: { exitCode: 3, reason: 'Error' } } });
    expect(web(pod)?.state?.waiting?.message).toBe(
      `back-off 20s restarting failed container=web pod=crash_default(${pod.metadata.uid})`,
    );
    expect(pod.status?.phase).toBe('Running');
    expect(it.events).toContain(
      'crash Warning BackOff Back-off restarting failed container kubelet spec.containers{web}',
    );
    expect(await logOf('crash', { previous: true })).toBe('run\n');
  });

  // The spec's `$$` is one `$`.
  test.each([
    ['kill -9 $$$$', 137],
    ['kill -TERM $$$$', 143],
    ['exit 2', 2],
  ])('%s ends with %i', async (script, exitCode) => {
    const name = `code${exitCode}`;
    it.run(name, sh(script), { restartPolicy: 'Never' });
    const pod = await it.until(name, ({ status }) => status?.phase === 'Failed');
    expect(web(pod)?.state?.terminated).toMatchObject({ exitCode, reason: 'Error' });
  });

  test.each([
    ['nope', 127, 'exec: "nope": executable file not found in $PATH'],
    ['/etc/passwd', 126, 'exec: "/etc/passwd": permission denied'],
  ])('%s does not start', async (program, exitCode, text) => {
    const name = `start${exitCode}`;
    it.run(name, { command: [program] });
    const pod = await it.until(name, waitsFor('RunContainerError'));
    expect(web(pod)?.state?.waiting?.message).toContain(text);
    expect(web(pod)?.lastState?.terminated).toMatchObject({ exitCode, reason: 'ContainerCannotRun' });
  });

  test.each<[string, object, string, string]>([
    ['ErrImagePull', { image: 'none:1' }, 'rpc error', 'Error: ErrImagePull'],
    ['ImagePullBackOff', { image: 'none:1' }, 'Back-off pulling image "none:1"', 'Error: ImagePullBackOff'],
    [
      'ErrImageNeverPull',
      { image: 'none:1', imagePullPolicy: 'Never' },
      'is not present with pull policy of Never',
      'ErrImageNeverPull',
    ],
    ['InvalidImageName', { image: 'UPPER/x' }, 'repository name must be lowercase', 'InspectFailed'],
    [
      'CreateContainerConfigError',
      { envFrom: [{ secretRef: { name: 'x' } }] },
      'secret "x" not found',
      'Error: secret "x" not found',
    ],
    [
      'CreateContainerConfigError',
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'k' } } }] },
      "couldn't find key k in ConfigMap default/cm",
      'Failed',
    ],
  ])('%s', async (reason, container, message, event) => {
    const name = `bad-${Math.random().toString(36).slice(2)}`;
    it.run(name, container);
    const pod = await it.until(name, waitsFor(reason));
    expect(web(pod)?.state?.waiting?.message).toContain(message);
    expect(it.events.filter((each) => each.startsWith(name)).join('\n')).toContain(event);
    expect(pod.status?.phase).toBe('Pending');
    await expect(it.node.logs(pod, query)).rejects.toThrow(`container "web" in pod "${name}" is waiting to start`);
  });

  test('a volume of a ConfigMap that is not there holds it; it goes on when it comes', async () => {
    it.run(
      'mount',
      { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
      { volumes: [{ name: 'v', configMap: { name: 'late' } }] },
    );
    await it.untilEvent(
      'mount Warning FailedMount MountVolume.SetUp failed for volume "v" : configmap "late" not found',
    );
    expect(web(it.get('mount'))?.state?.waiting?.reason).toBe('ContainerCreating');
    it.store.create('ConfigMap', { metadata: { name: 'late', namespace: 'default' }, data: { a: 'b' } });
    await it.until('mount', isReady);
  });

  test('an init container that fails, and ones in order', async () => {
    const init = (name: string, script: string) => ({ name, image: 'app:1', imagePullPolicy: 'Never', ...sh(script) });
    it.run('init-fails', {}, { restartPolicy: 'Never', initContainers: [init('one', 'exit 4')] });
    const failed = await it.until('init-fails', ({ status }) => status?.phase === 'Failed');
    expect(web(failed)?.state?.waiting?.reason).toBe('PodInitializing');
    expect(failed.status?.conditions?.[0]).toMatchObject({
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [one]',
    });
    it.run('init-works', sh('exec sleep 1000'), { initContainers: [init('one', 'exit 0'), init('two', 'exit 0')] });
    const pod = await it.until('init-works', isReady);
    expect(pod.status?.initContainerStatuses?.map(({ ready }) => ready)).toEqual([true, true]);
  });

  test('a failing liveness probe restarts it', async () => {
    const exec = { command: ['sh', '-c', 'echo nay; exit 1'] };
    it.run('alive', {
      ...sh('exec sleep 1000'),
      livenessProbe: { exec, periodSeconds: 10, timeoutSeconds: 500, failureThreshold: 2 },
    });
    await it.until('alive', (pod) => web(pod)?.restartCount === 1);
    const text = it.events.join('\n');
    expect(text).toContain('alive Warning Unhealthy Liveness probe failed: nay');
    expect(text).toContain('alive Normal Killing Container web failed liveness probe, will be restarted');
  });
});

describe('the end of the node', () => {
  test('a new one runs the pods of an old one again', async () => {
    const one = await startTestNode();
    one.run('again', sh('exit 1'));
    await one.until('again', (pod) => web(pod)?.restartCount === 1);
    await one.node.stop();
    const before = web(one.get('again'))?.restartCount;
    const two = await startTestNode({ store: one.store, folder: one.folder });
    two.store.update('Pod', 'default', 'again', (copy) => {
      for (const container of copy.spec.containers) container.command = ['sleep', '1000'];
    });
    const pod = await two.until('again', isReady);
    expect(web(pod)?.restartCount).toBeGreaterThanOrEqual(before ?? 0);
    await two.close();
    expect(one.get('again')).toBeDefined();
    expect(await readdir(path.join(one.folder, 'node/processes'))).toEqual([]);
    await one.close();
  });
});
