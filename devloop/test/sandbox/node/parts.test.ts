import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { imageNameError, pullPolicyOf } from '../../../src/sandbox/node/containers/image-name.ts';
import { goDuration, RestartBackoff } from '../../../src/sandbox/node/containers/restart-backoff.ts';
import { ContainerLog } from '../../../src/sandbox/node/logs/container-log.ts';
import { chooseRun } from '../../../src/sandbox/node/logs/log-request.ts';
import { createPodAddresses } from '../../../src/sandbox/node/network/pod-addresses.ts';
import { PodDeadline } from '../../../src/sandbox/node/pods/pod-deadline.ts';
import { conditionsOf, phaseOf } from '../../../src/sandbox/node/pods/pod-status.ts';
import { writeAtomically } from '../../../src/sandbox/node/volumes/atomic-files.ts';
import { createRewriter } from '../../../src/sandbox/node/volumes/mounts.ts';
import type { ContainerStatus, Pod } from '../../../src/sandbox/store/objects.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { textOf } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sbx-parts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('mount paths', () => {
  const rewrite = createRewriter([
    { mountPath: '/data', source: '/v/data' },
    { mountPath: '/data/deep/', source: '/v/deep' },
    { mountPath: '/etc/a.b', source: '/v/file' },
    { mountPath: '/', source: '/v/root' },
  ]);
  test.each([
    ['/data', '/v/data'],
    ['/data/x', '/v/data/x'],
    ['/data/deep/x', '/v/deep/x'],
    ['/database', '/database'],
    ['/data-old', '/data-old'],
    ['/srv/data', '/srv/data'],
    ['--dir=/data/x', '--dir=/v/data/x'],
    ['file:///data/x', 'file:///v/data/x'],
    ['cat /data/a > /data/b', 'cat /v/data/a > /v/data/b'],
    ['"/data"', '"/v/data"'],
    ['/bin:/data:/x', '/bin:/v/data:/x'],
    ['/etc/axb', '/etc/axb'],
    ['/etc/a.b', '/v/file'],
    ['/', '/'],
    ['./data', './data'],
  ])('%s becomes %s', (text, expected) => expect(rewrite(text)).toBe(expected));
});

describe('image names', () => {
  test.each([
    'busybox',
    'busybox:1.36',
    'a/b',
    'localhost:5000/a:1',
    'ghcr.io/A'.toLowerCase(),
    `a@sha256:${'0'.repeat(64)}`,
    'devloop.local/tasks/backend:4f0c',
  ])('%s is one', (name) => expect(imageNameError(name)).toBeUndefined());
  test.each(['UPPER/x', 'Nginx', '', 'a b', 'a:', ':1', 'a//b'])('"%s" is none', (name) =>
    expect(imageNameError(name)).toContain(`couldn't parse image reference "${name}": invalid reference format`),
  );
  test.each([
    ['a', undefined, 'Always'],
    ['a:latest', undefined, 'Always'],
    ['a:1', undefined, 'IfNotPresent'],
    ['a:1', 'Never', 'Never'],
  ])('%s %s pulls %s', (image, policy, expected) => expect(pullPolicyOf(image, policy)).toBe(expected));
});

describe('the words for image names that are none', () => {
  // As a kubelet 1.20 with Docker says them.
  test.each([
    ['Not Valid', true],
    ['UP/x:1', true],
    ['localhost:5000/Nginx', true],
    ['a b', false],
    ['x:', false],
    ['x@sha256:1', false],
    ['HOST.io/a b', false],
  ])('%s: whether it is told of the case: %s', (name, isTold) =>
    expect(imageNameError(name)?.endsWith('invalid reference format: repository name must be lowercase')).toBe(isTold),
  );
});

describe('a deadline', () => {
  const start = (seconds: number | undefined) => {
    const clock = createFakeClock(1_000_000);
    let passed = 0;
    const deadline = new PodDeadline(clock, () => {
      passed += 1;
    });
    deadline.set(clock.now(), seconds);
    return { clock, deadline, passed: () => passed };
  };
  test('longer than a timer can wait', () => {
    const { clock, passed } = start(3_000_000);
    clock.advance(2_147_483_647);
    clock.advance(3_000_000_000 - 2_147_483_648);
    expect(passed()).toBe(0);
    clock.advance(1);
    expect(passed()).toBe(1);
  });
  test('that is set again, taken away, or over already', () => {
    const { clock, deadline, passed } = start(10);
    deadline.set(clock.now(), 20);
    clock.advance(15_000);
    expect(passed()).toBe(0);
    deadline.set(clock.now(), undefined);
    clock.advance(100_000);
    expect(passed()).toBe(0);
    deadline.set(clock.now() - 5000, 1);
    clock.advance(0);
    expect(passed()).toBe(1);
  });
});

describe('restart back-off', () => {
  test('doubles from ten seconds to five minutes, after one free start', () => {
    const backoff = new RestartBackoff();
    const waits: number[] = [];
    let now = 1_000_000;
    for (let run = 0; run < 8; run += 1) {
      const left = backoff.left(now, now);
      waits.push(left / 1000);
      now += left;
      backoff.next(now);
    }
    expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  });
  test('ten minutes of peace forget it', () => {
    const backoff = new RestartBackoff();
    backoff.next(0);
    backoff.next(10_000);
    expect(backoff.left(100_000, 100_000)).toBe(20_000);
    expect(backoff.left(100_000, 110_000)).toBe(10_000);
    expect(backoff.left(610_001, 610_001)).toBe(0);
    backoff.next(610_001);
    expect(backoff.wait).toBe(10_000);
  });
  test.each([
    [10_000, '10s'],
    [80_000, '1m20s'],
    [300_000, '5m0s'],
  ])('%i is %s', (ms, text) => expect(goDuration(ms)).toBe(text));
});

test('pod addresses are not used twice at a time', () => {
  const addresses = createPodAddresses();
  const all = Array.from({ length: 600 }, () => addresses.take());
  expect(all[0]).toBe('10.244.0.2');
  expect(new Set(all).size).toBe(600);
  expect(all.some((address) => /\.(0|255)$/.test(address))).toBe(false);
});

type Word = 'wait' | 'run' | 'ok' | 'bad' | 'loop';
const states: Record<Word, Pick<ContainerStatus, 'state' | 'lastState'>> = {
  wait: { state: { waiting: { reason: 'ContainerCreating' } } },
  run: { state: { running: {} } },
  ok: { state: { terminated: { exitCode: 0 } } },
  bad: { state: { terminated: { exitCode: 1 } } },
  loop: { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 1 } } },
};
const statusOf = (word: Word, index: number): ContainerStatus => ({
  name: `c${index}`,
  image: '',
  imageID: '',
  ready: word === 'run' || word === 'ok',
  restartCount: 0,
  ...states[word],
});

describe('the phase of a pod', () => {
  test.each<[string, Word[], Word[], string]>([
    ['Always', [], ['wait'], 'Pending'],
    ['Always', [], ['run'], 'Running'],
    ['Always', [], ['run', 'wait'], 'Pending'],
    ['Always', [], ['loop'], 'Running'],
    ['Always', [], ['ok'], 'Running'],
    ['Never', [], ['ok'], 'Succeeded'],
    ['Never', [], ['ok', 'bad'], 'Failed'],
    ['Never', [], ['run', 'bad'], 'Running'],
    ['OnFailure', [], ['bad'], 'Running'],
    ['OnFailure', [], ['ok'], 'Succeeded'],
    ['Always', ['run'], ['wait'], 'Pending'],
    ['Always', ['bad'], ['wait'], 'Pending'],
    ['Never', ['bad'], ['wait'], 'Failed'],
    ['Always', ['ok'], ['run'], 'Running'],
  ])('%s %p %p: %s', (restartPolicy, init, main, expected) => {
    expect(phaseOf({ restartPolicy, containers: [] }, { init: init.map(statusOf), main: main.map(statusOf) })).toBe(
      expected,
    );
  });
  test('a readiness gate without its condition', () => {
    const spec = { containers: [], readinessGates: [{ conditionType: 'x/y' }] };
    expect(conditionsOf(spec, 'Running', { init: [], main: [statusOf('run', 0)] }, [])[1]).toMatchObject({
      reason: 'ReadinessGatesNotReady',
      message: 'corresponding condition of pod readiness gate "x/y" does not exist.',
    });
  });
});

describe('logs', () => {
  let count = 0;
  const log = (limit?: number) => new ContainerLog(path.join(folder, `${count++}.log`), () => 1_700_000_000_000, limit);
  const none = { follow: false, timestamps: false };
  const written = () => {
    const own = log();
    own.write('stdout', Buffer.from('one\ntw'));
    own.write('stderr', Buffer.from('err\n'));
    own.write('stdout', Buffer.from('o\npart'));
    own.end();
    return own;
  };
  test.each<[string, object, string]>([
    ['all, with the part at the end', {}, 'one\nerr\ntwo\npart'],
    ['tail', { tailLines: 2 }, 'two\npart'],
    ['tail of nothing', { tailLines: 0 }, ''],
    ['a limit', { limitBytes: 6 }, 'one\ner'],
    ['since later', { since: 1_700_000_000_001 }, ''],
    ['since then', { since: 1_700_000_000_000 }, 'one\nerr\ntwo\npart'],
    ['times', { timestamps: true, tailLines: 1 }, '2023-11-14T22:13:20.000000003Z part'],
    ['follow of what has ended', { follow: true }, 'one\nerr\ntwo\npart'],
  ])('%s', async (_name, query, expected) =>
    expect(await textOf(written().read({ ...none, ...query }))).toBe(expected),
  );

  test('follow goes on until the end', async () => {
    const own = log();
    own.write('stdout', Buffer.from('one\n'));
    const text = textOf(own.read({ ...none, follow: true }));
    own.write('stdout', Buffer.from('two\nrest'));
    own.end();
    expect(await text).toBe('one\ntwo\nrest');
  });
  test('a long line is kept in parts, and comes out whole', async () => {
    const own = log();
    own.write('stdout', Buffer.from(`${'x'.repeat(40_000)}\n`));
    own.end();
    expect(own.records().map(({ data }) => data.length)).toEqual([16384, 16384, 7233]);
    expect((await textOf(own.read(none))).length).toBe(40_001);
    expect(await textOf(own.read({ ...none, timestamps: true }))).toMatch(/^\d{4}-\S+Z x{40000}\n$/);
  });
  test('it does not grow for ever', () => {
    const own = log(100);
    for (let line = 0; line < 50; line += 1) own.write('stdout', Buffer.from(`line ${line}\n`));
    own.end();
    expect(own.records().length).toBeLessThan(6);
    expect(own.tail(1)).toBe('line 49\n');
  });
  const podWith = (status: object) =>
    ({ metadata: { name: 'p' }, status: { containerStatuses: [{ name: 'web', ...status }] } }) as unknown as Pod;
  test.each<[string, object, boolean]>([
    [
      'container "web" in pod "p" is waiting to start: ContainerCreating',
      { state: { waiting: { reason: 'ContainerCreating' } } },
      false,
    ],
    [
      'container "web" in pod "p" is waiting to start: image can\'t be pulled',
      { state: { waiting: { reason: 'ErrImagePull' } } },
      false,
    ],
    [
      'container "web" in pod "p" is waiting to start: trying and failing to pull image',
      { state: { waiting: { reason: 'ImagePullBackOff' } } },
      false,
    ],
    ['previous terminated container "web" in pod "p" not found', { state: { running: {} } }, true],
    ['container "web" in pod "p" is not available', { name: 'other' }, false],
  ])('%s', (message, status, previous) => expect(() => chooseRun(podWith(status), 'web', previous)).toThrow(message));
  test('a container that waits for its restart shows the last run', () => {
    const status = {
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { containerID: 'x' } },
    };
    expect(chooseRun(podWith(status), 'web', false)).toBe('x');
  });
});

test('files of a volume change in one step', async () => {
  const place = path.join(folder, 'volume');
  const file = (text: string) => ({ data: Buffer.from(text), mode: 0o644 });
  await writeAtomically(
    place,
    new Map([
      ['a', file('1')],
      ['b/c', file('2')],
    ]),
    '1',
  );
  expect(await readFile(path.join(place, 'b/c'), 'utf8')).toBe('2');
  await writeAtomically(place, new Map([['a', file('3')]]), '2');
  expect(await readFile(path.join(place, 'a'), 'utf8')).toBe('3');
  expect((await readdir(place)).sort()).toEqual(['..2', '..data', 'a']);
  expect(await readlink(path.join(place, '..data'))).toBe('..2');
});
