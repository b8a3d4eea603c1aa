import { mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pod } from '../../../src/sandbox/store/objects.ts';
import { isReady, startTestNode, type TestNode, textOf, waitsFor, web } from './support.ts';

const query = { container: 'web', follow: false, previous: false, timestamps: false };
const sh = (script: string) => ({ command: ['sh', '-c', script] });
const forever = sh('exec sleep 1000');
let it: TestNode;
const faults: string[] = [];
beforeAll(async () => {
  it = await startTestNode({ onError: (where) => faults.push(where) });
});
afterAll(() => it.close());

const hasPhase = (phase: string) => (pod: Pod) => pod.status?.phase === phase;
const eventsOf = (name: string) => it.events.filter((event) => event.startsWith(`${name} `));
const logOf = async (name: string) => textOf(await it.node.logs(it.get(name), query));
function remove(name: string, seconds: number): void {
  it.store.update('Pod', 'default', name, (copy) => {
    copy.metadata.deletionTimestamp = '2030-01-01T00:00:00Z';
    copy.metadata.deletionGracePeriodSeconds = seconds;
  });
}

test('a program beside a container ends with it', async () => {
  it.run('beside', forever);
  const pod = await it.until('beside', isReady);
  const program = await it.node.exec(pod, { container: 'web', command: ['sleep', '1000'], stdin: false, tty: false });
  remove('beside', 0);
  expect(await program.exit).toBe(137);
});

describe('a deadline', () => {
  test('ends the pod, which stays with its log', async () => {
    it.run('late', sh('echo up; exec sleep 1000'), { activeDeadlineSeconds: 100, restartPolicy: 'Always' });
    const pod = await it.until('late', (now) => web(now)?.state?.terminated !== undefined);
    expect(pod.status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
    expect(eventsOf('late').slice(-2)).toEqual([
      'late Normal DeadlineExceeded Pod was active on the node longer than the specified deadline kubelet',
      'late Normal Killing Stopping container web kubelet spec.containers{web}',
    ]);
    expect(await logOf('late')).toBe('up\n');
    remove('late', 1);
    await it.gone('late');
  });

  test('holds for init containers, and may be set later', async () => {
    const initContainers = [{ name: 'one', image: 'app:1', imagePullPolicy: 'Never', ...forever }];
    it.run('init', forever, { initContainers });
    await it.until('init', ({ status }) => status?.initContainerStatuses?.[0]?.state?.running !== undefined);
    it.store.update('Pod', 'default', 'init', (copy) => {
      copy.spec.activeDeadlineSeconds = 1;
    });
    const pod = await it.until('init', hasPhase('Failed'));
    expect(pod.status?.reason).toBe('DeadlineExceeded');
    expect(web(pod)?.state?.waiting?.reason).toBe('PodInitializing');
  });

  test('is nothing to a pod that is over before', async () => {
    it.run('early', sh('exit 0'), { activeDeadlineSeconds: 300, restartPolicy: 'Never' });
    await it.until('early', hasPhase('Succeeded'));
    it.run('marker', forever, { activeDeadlineSeconds: 310 });
    await it.until('marker', hasPhase('Failed'));
    expect(it.get('early').status?.phase).toBe('Succeeded');
  });
});

describe('the end of a container', () => {
  test('SIGTERM is for its main process alone, and SIGKILL for all', async () => {
    const child = `sh -c 'trap "echo child heard" TERM; echo child; while :; do sleep 0.02; done'`;
    it.run('term', sh(`trap 'echo main heard' TERM; ${child} & while :; do sleep 0.02; done`), {
      restartPolicy: 'Never',
    });
    const log = await it.node.logs(await it.until('term', isReady), { ...query, follow: true });
    const chunks = log[Symbol.asyncIterator]();
    expect(String((await chunks.next()).value)).toBe('child\n');
    const text = textOf({ [Symbol.asyncIterator]: () => chunks });
    remove('term', 30);
    await it.gone('term');
    expect(await text).toContain('main heard');
    expect(await text).not.toContain('child heard');
  });

  test('a deletion without grace kills, with no hook', async () => {
    const preStop = { exec: { command: ['sh', '-c', 'exit 7'] } };
    it.run('killed', { ...sh('trap "" TERM; echo up; while :; do sleep 0.02; done'), lifecycle: { preStop } });
    const pod = await it.until('killed', isReady);
    it.store.remove('Pod', 'default', 'killed');
    const folder = path.join(it.folder, 'node/pods');
    while ((await readdir(folder)).includes(pod.metadata.uid)) await new Promise((resolve) => setImmediate(resolve));
    expect(eventsOf('killed').join('\n')).not.toContain('FailedPreStopHook');
  });

  test('preStop runs before SIGTERM, and says when it failed', async () => {
    const preStop = { exec: { command: ['sh', '-c', 'echo hook > $DIR/hook; echo out; echo err >&2; exit 4'] } };
    it.run(
      'pre',
      {
        ...sh('trap "cat /v/hook; exit 0" TERM; while :; do sleep 0.02; done'),
        env: [{ name: 'DIR', value: '/v' }],
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
        lifecycle: { preStop },
      },
      { volumes: [{ name: 'v', emptyDir: {} }], terminationGracePeriodSeconds: 500 },
    );
    const pod = await it.until('pre', isReady);
    const text = textOf(await it.node.logs(pod, { ...query, follow: true }));
    remove('pre', 500);
    await it.gone('pre');
    expect(await text).toBe('hook\n');
    expect(eventsOf('pre').at(-1)).toBe(
      `pre Warning FailedPreStopHook Exec lifecycle hook ([sh -c echo hook > $DIR/hook; echo out; echo err >&2; exit 4]) for Container "web" in Pod "pre_default(${pod.metadata.uid})" failed - error: command 'sh -c echo hook > $DIR/hook; echo out; echo err >&2; exit 4' exited with 4: err\n, message: "out\\nerr\\n" kubelet spec.containers{web}`,
    );
  });

  test.each<[string, object, (uid: string, ip: string) => string]>([
    [
      'a command',
      { exec: { command: ['nope'] } },
      (uid) =>
        `Exec lifecycle hook ([nope]) for Container "web" in Pod "NAME_default(${uid})" failed - error: command 'nope' exited with 126: , message: "OCI runtime exec failed: exec failed: unable to start container process: exec: \\"nope\\": executable file not found in $PATH: unknown\\r\\n"`,
    ],
    [
      'HTTP',
      { httpGet: { port: 8099, path: '/x' } },
      (uid, ip) =>
        `Http lifecycle hook (/x) for Container "web" in Pod "NAME_default(${uid})" failed - error: Get "http://${ip}:8099/x": dial tcp ${ip}:8099: connect: connection refused, message: ""`,
    ],
    [
      'a port without a number',
      { httpGet: { port: 'none', path: '/x' } },
      (uid) =>
        `Http lifecycle hook (/x) for Container "web" in Pod "NAME_default(${uid})" failed - error: couldn't find port: none, message: ""`,
    ],
    [
      'TCP',
      { tcpSocket: { port: 8099 } },
      () =>
        'Cannot run handler: invalid handler: &Handler{Exec:nil,HTTPGet:nil,TCPSocket:&TCPSocketAction{Port:{0 8099 },Host:,},}',
    ],
  ])('a postStart hook of %s that fails ends it', async (what, postStart, message) => {
    const name = `post-${what.replaceAll(' ', '-').toLowerCase()}`;
    it.run(name, { ...forever, lifecycle: { postStart } }, { restartPolicy: 'Never' });
    const pod = await it.until(name, hasPhase('Failed'));
    expect(web(pod)?.state?.terminated).toMatchObject({ exitCode: 143 });
    const text = message(pod.metadata.uid, pod.status?.podIP ?? '').replace('NAME', name);
    expect(eventsOf(name).slice(-2)).toEqual([
      `${name} Warning FailedPostStartHook ${text} kubelet spec.containers{web}`,
      `${name} Normal Killing FailedPostStartHook kubelet spec.containers{web}`,
    ]);
  });

  test('restartPolicy OnFailure runs it until it succeeds', async () => {
    it.run(
      'onfail',
      { ...sh('echo run >> /v/runs; [ $(wc -l < /v/runs) -eq 2 ]'), volumeMounts: [{ name: 'v', mountPath: '/v' }] },
      {
        restartPolicy: 'OnFailure',
        volumes: [{ name: 'v', emptyDir: {} }],
      },
    );
    const pod = await it.until('onfail', hasPhase('Succeeded'));
    expect(web(pod)).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 1 } } });
  });
});

describe('readiness and startup', () => {
  test('a readiness gate that another one sets', async () => {
    it.run('gate', forever, { readinessGates: [{ conditionType: 'example.com/Gate' }] });
    const is = (type: string, status: string) => (pod: Pod) =>
      pod.status?.conditions?.some((one) => one.type === type && one.status === status) === true;
    const before = await it.until('gate', is('ContainersReady', 'True'));
    expect(before.status?.conditions?.find(({ type }) => type === 'Ready')?.reason).toBe('ReadinessGatesNotReady');
    const set = (status: string) =>
      it.store.update('Pod', 'default', 'gate', (copy) => {
        const others = (copy.status?.conditions ?? []).filter(({ type }) => type !== 'example.com/Gate');
        copy.status = { ...copy.status, conditions: [...others, { type: 'example.com/Gate', status }] };
      });
    set('True');
    await it.until('gate', is('Ready', 'True'));
    set('False');
    await it.until('gate', is('Ready', 'False'));
  });

  test('a startup probe holds the others back, and one that fails restarts it', async () => {
    const exec = (script: string) => ({
      exec: { command: ['sh', '-c', script] },
      periodSeconds: 5,
      timeoutSeconds: 500,
    });
    it.run(
      'starts',
      {
        ...forever,
        startupProbe: { ...exec('test -e /v/started'), failureThreshold: 1000 },
        readinessProbe: exec('true'),
        livenessProbe: exec('test -e /v/started'),
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      },
      { volumes: [{ name: 'v', emptyDir: {} }] },
    );
    await it.untilEvent('starts Warning Unhealthy Startup probe failed: ');
    expect(web(it.get('starts'))).toMatchObject({ started: false, ready: false });
    const { exit } = await it.node.exec(it.get('starts'), {
      container: 'web',
      command: ['touch', '/v/started'],
      stdin: false,
      tty: false,
    });
    expect(await exit).toBe(0);
    const pod = await it.until('starts', isReady);
    expect(web(pod)).toMatchObject({ started: true, restartCount: 0 });
    expect(eventsOf('starts').join('\n')).not.toContain('Liveness');

    it.run('never-starts', { ...forever, startupProbe: { ...exec('false'), failureThreshold: 2 } });
    await it.until('never-starts', (now) => web(now)?.restartCount === 1);
    expect(eventsOf('never-starts')).toContain(
      'never-starts Normal Killing Container web failed startup probe, will be restarted kubelet spec.containers{web}',
    );
  });

  test('a TCP probe', async () => {
    const script = `require('node:net').createServer().listen(4000);process.on('SIGTERM',()=>process.exit())`;
    const tcp = (port: string | number) => ({ tcpSocket: { port }, periodSeconds: 5, timeoutSeconds: 500 });
    const ports = [{ name: 'tcp', containerPort: 4000 }];
    it.run('tcp', {
      command: ['node', '-e', script],
      ports,
      readinessProbe: tcp('tcp'),
      livenessProbe: { ...tcp(4001), failureThreshold: 1000 },
    });
    const pod = await it.until('tcp', isReady);
    const ip = pod.status?.podIP;
    await it.untilEvent(
      `tcp Warning Unhealthy Liveness probe failed: dial tcp ${ip}:4001: connect: connection refused`,
    );
  });

  test('a probe that takes too long fails, with nothing to say', async () => {
    it.run('slow', { ...forever, readinessProbe: { exec: { command: ['sleep', '1000'] }, timeoutSeconds: 1 } });
    await it.untilEvent('slow Warning Unhealthy Readiness probe failed:  kubelet');
  });
});

describe('an error that nothing foresaw', () => {
  test('is told and tried again, and no process is left', async () => {
    it.run('unlucky', sh('exit 1'));
    await it.until('unlucky', waitsFor('CrashLoopBackOff'));
    const folder = path.join(it.folder, 'node/pods', it.get('unlucky').metadata.uid, 'containers/web');
    const { restartCount = 0 } = web(it.get('unlucky')) ?? {};
    // The log of the next run has no place.
    const place = path.join(folder, `${restartCount + 1}.log`);
    await mkdir(place);
    await it.until('unlucky', waitsFor('CreateContainerError'));
    expect(faults).toContain('container web of pod unlucky');
    await rmdir(place);
    await it.until('unlucky', (pod) => (web(pod)?.restartCount ?? 0) > restartCount + 1);
  });

  test('a table of processes that cannot be written: the program ends', async () => {
    const table = path.join(it.folder, 'node/processes');
    const name = 'untold';
    await rename(table, `${table}-aside`);
    it.run(name, forever);
    await it.until(name, waitsFor('CreateContainerError'));
    expect(faults).toContain(`container web of pod ${name}`);
    await rename(`${table}-aside`, table);
    await it.until(name, isReady);
    expect((await readdir(table)).length).toBeGreaterThan(0);
  });
});
