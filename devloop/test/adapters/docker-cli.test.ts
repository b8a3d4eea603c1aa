import { describe, expect, it } from '@jest/globals';
import { checkDocker, createDocker } from '../../src/adapters/docker/docker-cli.ts';
import type { BuildReport } from '../../src/engine/outside.ts';
import type { ClusterTarget } from '../../src/model/cluster.ts';
import type { ImageSpec } from '../../src/model/project.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createFakeRun } from '../fakes/run-command.ts';

const env = { DOCKER_HOST: 'tcp://192.168.49.2:2376' };
const target: ClusterTarget = {
  kind: 'minikube',
  context: 'minikube',
  profile: 'minikube',
  why: '',
  dockerEnv: env,
  images: 'shared',
};
const image: ImageSpec = {
  context: '/project',
  dockerfile: '/project/Dockerfile',
  args: {},
  repository: 'devloop.local/tasks/backend',
};
const reference = 'devloop.local/tasks/backend:abc';
const silent: BuildReport = { step: () => {}, output: () => {} };
const never = new AbortController().signal;
type Scripts = Parameters<typeof createFakeRun>[0];

function dockerWith(scripts: Scripts, to: ClusterTarget = target) {
  const fake = createFakeRun(scripts);
  return { ...fake, docker: createDocker(fake.run, to, { buildx: '/plugins/docker-buildx' }, '/devloop/runner') };
}

describe('a build', () => {
  it('goes to the buildx plugin, with the daemon of the cluster', async () => {
    const { docker, calls } = dockerWith({ '/plugins/docker-buildx build': {} });
    await docker.build({ ...image, target: 'dev', args: { A: '1', B: 'x y' } }, 'abc', silent, never);
    expect(calls[0]).toMatchObject({ file: '/plugins/docker-buildx', env });
    expect(calls[0]?.args).toEqual([
      ...['build', '--builder', 'default', '--progress', 'rawjson', '--provenance=false'],
      ...['--tag', reference, '--file', '/project/Dockerfile', '--label', 'dev.devloop.image=true'],
      ...['--target', 'dev', '--build-arg', 'A=1', '--build-arg', 'B=x y', '/project'],
    ]);
  });

  it('tells its output without control sequences', async () => {
    const data = Buffer.from('\u001b[31mred\u001b[0m\n').toString('base64');
    const { docker } = dockerWith({
      '/plugins/docker-buildx': { lines: [`{"logs":[{"vertex":"v","data":"${data}"}]}`] },
    });
    const heard: string[] = [];
    await docker.build(image, 'abc', { ...silent, output: (line) => heard.push(line) }, never);
    expect(heard).toEqual(['red']);
  });

  it('that fails says which step, why, and what it printed', async () => {
    const data = Buffer.from('src/a.ts(1,1): error TS1005\n').toString('base64');
    const error = 'process "/bin/sh -c make" did not complete successfully: exit code: 2';
    const lines = [
      `{"logs":[{"vertex":"v","data":"${data}"}]}`,
      JSON.stringify({
        vertexes: [
          {
            digest: 'v',
            name: '[2/2] RUN make',
            started: '2026-01-31T14:03:20Z',
            completed: '2026-01-31T14:03:21Z',
            error,
          },
        ],
      }),
      'ERROR: failed to build: failed to solve',
    ];
    const { docker } = dockerWith({ '/plugins/docker-buildx': { exitCode: 1, lines } });
    const fault = await faultOf(docker.build(image, 'abc', silent, never));
    expect(fault.kind).toBe('outside');
    expect(fault.problem).toEqual({
      title: 'The build of backend failed',
      why: '[2/2] RUN make: did not complete successfully: exit code: 2',
      fix: 'Correct it and save: the next save builds again. The last good pod keeps running.',
      evidence: ['src/a.ts(1,1): error TS1005'],
    });
  });

  it('that fails before any step says what buildx said', async () => {
    const { docker } = dockerWith({
      '/plugins/docker-buildx': {
        exitCode: 1,
        lines: ['ERROR: dockerfile parse error on line 3: unknown instruction: RUNN'],
      },
    });
    const { problem } = await faultOf(docker.build(image, 'abc', silent, never));
    expect(problem.why).toBe('ERROR: dockerfile parse error on line 3: unknown instruction: RUNN');
  });

  it('that says nothing has a reason all the same', async () => {
    const { docker } = dockerWith({ '/plugins/docker-buildx': { exitCode: 1 } });
    expect((await faultOf(docker.build(image, 'abc', silent, never))).problem.why).toBe('docker buildx said nothing');
  });

  it('that is cut off is no failure', async () => {
    const controller = new AbortController();
    const { docker } = dockerWith({
      '/plugins/docker-buildx': async () => {
        controller.abort(new Error('edit 2 replaces edit 1'));
        return { exitCode: 1 };
      },
    });
    await expect(docker.build(image, 'abc', silent, controller.signal)).rejects.toThrow('edit 2 replaces edit 1');
  });

  it('for a cluster with an image store of its own is carried there', async () => {
    const kind = { ...target, kind: 'kind', profile: 'dev', images: 'load', dockerEnv: {} } as const;
    const { docker, lines } = dockerWith({ '/plugins/docker-buildx': {}, kind: {} }, kind);
    await docker.build(image, 'abc', silent, never);
    expect(lines()[1]).toBe(`kind load docker-image ${reference} --name dev`);
  });
});

describe('the images of the daemon', () => {
  const list = 'docker image ls';
  const inspect = 'docker image inspect';

  it('are listed once; one that was never there is not asked for', async () => {
    const { docker, lines, calls } = dockerWith({ [list]: { stdout: 'other:1\n' } });
    expect([await docker.hasImage(reference, never), await docker.hasImage('x:2', never)]).toEqual([false, false]);
    expect(lines()).toEqual([
      'docker image ls --filter label=dev.devloop.image=true --format {{.Repository}}:{{.Tag}}',
    ]);
    expect(calls[0]?.env).toEqual(env);
  });

  it('are asked for one by one, for they may have been removed', async () => {
    const there = dockerWith({ [list]: { stdout: `${reference}\n` }, [inspect]: { stdout: 'sha256:1\n' } });
    expect(await there.docker.hasImage(reference, never)).toBe(true);
    const gone = dockerWith({
      [list]: { stdout: `${reference}\n` },
      [inspect]: { exitCode: 1, stderr: `Error: No such image: ${reference}` },
    });
    expect(await gone.docker.hasImage(reference, never)).toBe(false);
  });

  it('have what was built', async () => {
    const { docker } = dockerWith({ [list]: {}, [inspect]: {}, '/plugins/docker-buildx': {} });
    expect(await docker.hasImage(reference, never)).toBe(false);
    await docker.build(image, 'abc', silent, never);
    expect(await docker.hasImage(reference, never)).toBe(true);
  });

  it('cannot be told while the daemon is down, and can be again when it is up', async () => {
    const answers = [
      { exitCode: 1, stderr: 'Cannot connect to the Docker daemon at tcp://192.168.49.2:2376.' },
      { stdout: '' },
    ];
    const { docker } = dockerWith({ [list]: async () => answers.shift() ?? {} });
    const fault = await faultOf(docker.hasImage(reference, never));
    expect(fault).toMatchObject({
      kind: 'environment',
      problem: {
        title: 'The Docker daemon does not answer',
        why: 'Cannot connect to the Docker daemon at tcp://192.168.49.2:2376.',
      },
    });
    expect(await docker.hasImage(reference, never)).toBe(false);
  });

  it('can be told although the first who asked was cut off', async () => {
    const first = new AbortController();
    const { docker } = dockerWith({
      [list]: async (_, signal) => {
        first.abort(new Error('replaced'));
        return signal?.aborted ? { exitCode: 128 } : {};
      },
    });
    const asked = [docker.hasImage(reference, first.signal), docker.hasImage(reference, never)];
    await expect(asked[0]).rejects.toThrow('replaced');
    expect(await asked[1]).toBe(false);
    expect(await docker.hasImage(reference, never)).toBe(false);
  });
});

describe('the id of an image', () => {
  it.each<[string, Scripts['docker'], string | undefined]>([
    ['what docker says', { stdout: 'sha256:1\n' }, 'sha256:1'],
    ['none without the image', { exitCode: 1, stderr: 'Error: No such image' }, undefined],
  ])('is %s', async (_, answer, id) => {
    const { docker, lines } = dockerWith({ docker: answer ?? {} });
    expect(await docker.imageId(reference, never)).toBe(id);
    expect(lines()).toEqual([`docker image inspect --format {{.Id}} ${reference}`]);
  });
});

describe('checkDocker', () => {
  const check = (answer: object) => checkDocker(createFakeRun({ 'docker info': answer }).run, env);
  const info = (fields: object) => ({ stdout: JSON.stringify(fields) });
  const buildx = { Name: 'buildx', Path: '/usr/libexec/docker/cli-plugins/docker-buildx' };

  it('finds the buildx plugin', async () => {
    expect(await check(info({ ClientInfo: { Plugins: [{ Name: 'compose', Path: '/x' }, buildx] } }))).toEqual({
      buildx: buildx.Path,
    });
  });

  it.each([null, [], [{ ...buildx, Err: 'permission denied' }], [{ Name: 'buildx' }]])(
    'misses buildx in %j',
    async (plugins) => {
      const { kind, problem } = await faultOf(check(info({ ClientInfo: { Plugins: plugins } })));
      expect([kind, problem.title]).toEqual(['environment', 'docker buildx is missing']);
    },
  );

  it('sees a daemon that does not answer', async () => {
    const { problem, exitCode } = await faultOf(
      check({ ...info({ ServerErrors: ['Cannot connect to the Docker daemon.'] }), exitCode: 1 }),
    );
    expect(exitCode).toBe(3);
    expect(problem.why).toBe('Cannot connect to the Docker daemon.');
    expect(problem.fix).toContain('minikube start');
  });

  it('takes an answer that is not JSON for none', async () => {
    expect((await faultOf(check({ exitCode: 1, stderr: 'a\nunknown flag\n' }))).problem.why).toBe('unknown flag');
  });

  it('passes on that docker is not installed', async () => {
    const { run } = createFakeRun({ docker: 'not installed' });
    expect((await faultOf(checkDocker(run, {}))).problem.title).toBe('docker was not found');
  });
});

describe('the images of a project', () => {
  const line = (Repository: string, Tag: string, CreatedAt: string) => JSON.stringify({ Repository, Tag, CreatedAt });

  it('are those of its repositories, with the time that they were made', async () => {
    const stdout = [
      line('devloop.local/tasks/backend', 'abc', '2026-01-31 14:03:22 +0100 CET'),
      line('devloop.local/tasks/backend', 'abc-app', '2026-01-31 13:03:22 +0000 UTC'),
      line('devloop.local/tasks/backend', '<none>', '2026-01-31 13:03:22 +0000 UTC'),
      line('devloop.local/tasks/backend', 'undated', 'N/A'),
      line('devloop.local/tasks/backend-of-another', 'abc', '2026-01-31 13:03:22 +0000 UTC'),
      line('postgres', '17', '2026-01-31 13:03:22 +0000 UTC'),
      '',
    ].join('\n');
    const { docker, calls } = dockerWith({ 'docker image ls': { stdout } });
    const repositories = ['devloop.local/tasks/backend', 'devloop.local/tasks/web'];
    const createdAt = Date.UTC(2026, 0, 31, 13, 3, 22);
    const repository = 'devloop.local/tasks/backend';
    expect(await docker.listImages(repositories, never)).toEqual([
      { repository, tag: 'abc', createdAt, isLeftover: false },
      { repository, tag: 'abc-app', createdAt, isLeftover: true },
    ]);
    expect(calls[0]).toMatchObject({ file: 'docker', env });
    expect(calls[0]?.args).toEqual([
      ...['image', 'ls', '--filter', 'reference=devloop.local/tasks/backend'],
      ...['--filter', 'reference=devloop.local/tasks/web', '--format', '{{json .}}'],
    ]);
  });

  it('are none without a repository, and Docker is not asked', async () => {
    const { docker, calls } = dockerWith({});
    expect(await docker.listImages([], never)).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('are none when Docker does not answer', async () => {
    const { docker } = dockerWith({ 'docker image ls': { exitCode: 1, stderr: 'Cannot connect' } });
    expect(await docker.listImages(['a'], never)).toEqual([]);
  });

  it.each([
    ['is removed, without force', {}, true],
    [
      'stays when a container uses it',
      { exitCode: 1, stderr: 'Error response from daemon: conflict: container abc is using its referenced image' },
      false,
    ],
  ])('one of them %s', async (_, answer, removed) => {
    const { docker, calls, lines } = dockerWith({ 'docker image rm': answer });
    expect(await docker.removeImage(reference, never)).toBe(removed);
    expect(lines()).toEqual([`docker image rm ${reference}`]);
    expect(calls[0]).toMatchObject({ env, about: { image: reference } });
  });
});
