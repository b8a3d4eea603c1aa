import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDocker } from '../../src/adapters/docker/docker-cli.ts';
import type { BuildReport, Command } from '../../src/engine/outside.ts';
import type { ClusterTarget } from '../../src/model/cluster.ts';
import type { BuildStep } from '../../src/model/operation.ts';
import type { ImageSpec } from '../../src/model/project.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { type Answer, createFakeRun } from '../fakes/run-command.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

const env = { DOCKER_HOST: 'tcp://192.168.49.2:2376' };
const target: ClusterTarget = { kind: 'minikube', context: 'minikube', why: '', dockerEnv: env, images: 'shared' };
const reference = 'devloop.local/tasks/backend:abc';
const never = new AbortController().signal;
const buildx = '/plugins/docker-buildx build';
const inspected = {
  Os: 'linux',
  Architecture: 'arm64',
  Variant: 'v8',
  Config: { Entrypoint: ['sh', '-c', 'echo "$A" b'], Cmd: null as string[] | null },
};

let folder: TempFolder;
let image: ImageSpec;
let steps: BuildStep[];
let output: string[];
const report: BuildReport = { step: (step) => steps.push(step), output: (line) => output.push(line) };

beforeEach(() => {
  steps = [];
  output = [];
  folder = createTempFolder({
    Dockerfile: 'FROM node:24-alpine\n',
    ...Object.fromEntries(
      ['init.sh', 'runner.cjs', 'standby.cjs', 'runner.sh', 'agent.sh'].map((name) => [`runner/${name}`, name]),
    ),
  });
  image = {
    context: folder.root,
    dockerfile: folder.path('Dockerfile'),
    args: {},
    repository: 'devloop.local/tasks/backend',
    runner: 'version',
  };
});
afterEach(() => folder.remove());

interface Has {
  readonly node?: Answer;
  readonly sh?: Answer;
}

/** The value after an option. */
const optionOf = (args: readonly string[], option: string) => args[args.indexOf(option) + 1] ?? '';

/** A docker whose images have these programs. @param onLayer sees the build of the layer while it runs */
function dockerWith(
  { node = { exitCode: 127 }, sh = { exitCode: 127 } }: Has,
  onLayer: (command: Command) => Promise<Answer> = async () => ({}),
  more: Parameters<typeof createFakeRun>[0] = {},
) {
  const isLayer = ({ args }: Command) => optionOf(args, '--file').startsWith(folder.path('runner'));
  const fake = createFakeRun({
    ...more,
    [buildx]: more[buildx] ?? (async (command) => (isLayer(command) ? onLayer(command) : {})),
    'docker run': more['docker run'] ?? (async ({ args }) => (optionOf(args, '--entrypoint') === 'node' ? node : sh)),
    'docker image inspect --format {{json .}}': { stdout: JSON.stringify(inspected) },
    'docker image rm': {},
  });
  const lines = () => fake.lines().map((line) => line.replace(/devloop-look-[0-9a-f-]+/, 'NAME'));
  return {
    ...fake,
    lines,
    layerBuilds: () => fake.calls.filter(isLayer),
    docker: createDocker(fake.run, target, { buildx: '/plugins/docker-buildx' }, folder.path('runner')),
  };
}

const modern = { node: { stdout: 'v24.1.0\n' }, sh: {} };

describe('an image with the runner', () => {
  it("is the user's own, then what docker finds in it, then the layer; the user's own loses its name", async () => {
    const { docker, lines, calls } = dockerWith(modern);
    await docker.build({ ...image, target: 'dev', args: { A: '1' } }, 'abc', report, never);
    const app = `${reference}-app`;
    const run = 'docker run --rm --pull=never --network none --name NAME --entrypoint';
    expect(lines().toSpliced(4, 1)).toEqual([
      `${buildx} --builder default --progress rawjson --provenance=false --tag ${app} --file ${image.dockerfile} --target dev --build-arg A=1 ${folder.root}`,
      `${run} node ${app} --version`,
      `${run} sh ${app} -c :`,
      `docker image inspect --format {{json .}} ${app}`,
      `docker image rm --no-prune ${app}`,
    ]);
    expect(calls.every((call) => call.env === env)).toBe(true);
    expect(calls[4]?.args.slice(0, -1)).toEqual([
      ...['build', '--builder', 'default', '--progress', 'rawjson', '--provenance=false'],
      ...['--tag', reference, '--file', folder.path('runner/node.Dockerfile')],
      ...['--label', 'dev.devloop.image=true', '--label', 'dev.devloop.runner=node', '--platform', 'linux/arm64/v8'],
      ...['--build-arg', `BASE=${app}`, '--build-arg', `DEVLOOP_LAYER_IMAGE=${reference}`],
      ...['--build-arg', 'DEVLOOP_LAYER_ENTRYPOINT=["sh","-c","echo \\"$A\\" b"]'],
      ...['--build-arg', 'DEVLOOP_LAYER_CMD=[]'],
    ]);
    expect(await docker.runnerOf(reference, never)).toEqual({ kind: 'node' });
  });

  it.each([
    ['node', 'node', modern, ['init.sh', 'runner.cjs', 'standby.cjs']],
    ['node', 'node-without-shell', { node: modern.node }, ['runner.cjs', 'standby.cjs']],
    ['shell', 'shell', { sh: {} }, ['agent.sh', 'run', 'runner.sh']],
    ['shell', 'shell', { sh: {}, node: { stdout: 'v16.20.2\n' } }, ['agent.sh', 'run', 'runner.sh']],
    ['none', 'none', { node: { stdout: 'v16.20.2\n' } }, []],
    ['none', 'none', { node: { exitCode: 126 } }, []],
  ])('of the kind %s has the layer %s, with its files', async (kind, layer, has: Has, files) => {
    let context = '';
    let modes: string[] = [];
    const { docker, layerBuilds } = dockerWith(has, async ({ args }) => {
      context = args.at(-1) ?? '';
      expect(readdirSync(context).sort()).toEqual(files);
      modes = ['.', ...files].map((name) => (statSync(path.join(context, name)).mode & 0o7777).toString(8));
      return {};
    });
    await docker.build(image, 'abc', report, never);
    expect(path.basename(optionOf(layerBuilds()[0]?.args ?? [], '--file'))).toBe(`${layer}.Dockerfile`);
    expect(layerBuilds()[0]?.args).toContain(`dev.devloop.runner=${kind}`);
    expect(modes).toEqual(['755', ...files.map((name) => (name === 'run' ? '1777' : '644'))]);
    expect(existsSync(context)).toBe(false);
    expect(await docker.runnerOf(reference, never)).toEqual({ kind });
  });

  it('without Node has its program as words that a shell can read', async () => {
    const { docker, layerBuilds } = dockerWith({ sh: {} });
    await docker.build(image, 'abc', report, never);
    expect(layerBuilds()[0]?.args).toContain('DEVLOOP_LAYER_ENTRYPOINT=sh -c echo\\0040\\0042\\0044A\\0042\\0040b');
    expect(layerBuilds()[0]?.args).toContain('DEVLOOP_LAYER_CMD=');
  });

  it('tells the layer as one step of the build', async () => {
    await dockerWith(modern).docker.build(image, 'abc', report, never);
    const step = { id: 'add the runner of live updates', name: 'add the runner of live updates' };
    expect(steps).toEqual([
      { ...step, status: 'running' },
      { ...step, status: 'done', ms: expect.any(Number) },
    ]);
    expect(output).toEqual([]);
  });

  it('says when there is nothing that could run it', async () => {
    await dockerWith({}).docker.build(image, 'abc', report, never);
    expect(output).toEqual(['The image has neither Node 18 nor a shell: it cannot be updated live.']);
  });

  it('is looked into once for each Dockerfile', async () => {
    const { docker, lines } = dockerWith(modern);
    const looks = () => lines().filter((line) => line.startsWith('docker run')).length;
    await docker.build(image, 'abc', report, never);
    await docker.build(image, 'def', report, never);
    expect(looks()).toBe(2);
    folder.write('Dockerfile', 'FROM busybox\n');
    await docker.build(image, 'ghi', report, never);
    expect(looks()).toBe(4);
    await docker.build({ ...image, target: 'other' }, 'jkl', report, never);
    expect(looks()).toBe(6);
  });
});

describe('what goes wrong', () => {
  it("in the user's own build is told as ever, and nothing is done after it", async () => {
    const { docker, calls } = dockerWith({}, undefined, { [buildx]: { exitCode: 1, lines: ['ERROR: no'] } });
    expect((await faultOf(docker.build(image, 'abc', report, never))).problem.title).toBe(
      'The build of backend failed',
    );
    expect(calls).toHaveLength(1);
  });

  it('in the layer is told, and leaves no image without a runner', async () => {
    const { docker, lines } = dockerWith(modern, async () => ({ exitCode: 1, lines: ['ERROR: no space left'] }));
    const { kind, problem } = await faultOf(docker.build(image, 'abc', report, never));
    expect([kind, problem.title, problem.why]).toEqual([
      'outside',
      'The runner of live updates could not be added to the image',
      'ERROR: no space left',
    ]);
    expect(lines().at(-1)).toBe(`docker image rm --no-prune ${reference}-app`);
    expect(steps.at(-1)?.status).toBe('failed');
  });

  it('when docker cannot start a container is not taken for an answer', async () => {
    const stderr = 'docker: Error response from daemon: no runtime.\n\nRun docker run --help for more information\n';
    const answers: Answer[] = [{ exitCode: 125, stderr }, modern.node];
    const { docker } = dockerWith(modern, undefined, { 'docker run': async () => answers.shift() ?? {} });
    const { problem } = await faultOf(docker.build(image, 'abc', report, never));
    expect([problem.title, problem.why]).toEqual([
      'The image cannot be looked into',
      'docker: Error response from daemon: no runtime.',
    ]);
  });

  it('does not keep containers or names of a build that is cut off', async () => {
    const controller = new AbortController();
    const { docker, lines } = dockerWith(modern, undefined, {
      'docker run': async () => {
        controller.abort(new Error('edit 2 replaces edit 1'));
        return { exitCode: 128 };
      },
      'docker rm': {},
    });
    await expect(docker.build(image, 'abc', report, controller.signal)).rejects.toThrow('edit 2 replaces edit 1');
    expect(lines()).toContain('docker rm --force --volumes NAME');
    expect(lines().at(-1)).toBe(`docker image rm --no-prune ${reference}-app`);
    expect(steps.map(({ status }) => status)).toEqual(['running']);
  });
});

describe('the runner of an image of an earlier devloop', () => {
  const asked = 'docker image inspect --format {{json .Config.Labels}}';
  const runnerOf = (answer: Answer) => dockerWith({}, undefined, { [asked]: answer });

  it.each([
    ['{"dev.devloop.image":"true","dev.devloop.runner":"shell"}', 'shell'],
    ['{"dev.devloop.image":"true"}', 'absent'],
    ['null', 'absent'],
  ])('is told by its labels: %s', async (stdout, kind) => {
    const { docker, lines } = runnerOf({ stdout });
    expect(await docker.runnerOf(reference, never)).toEqual({ kind });
    expect(await docker.runnerOf(reference, never)).toEqual({ kind });
    expect(lines()).toEqual([`${asked} ${reference}`]);
  });

  it('is not known when the daemon does not have it', async () => {
    const { docker } = runnerOf({ exitCode: 1, stderr: `Error: No such image: ${reference}` });
    expect((await faultOf(docker.runnerOf(reference, never))).problem).toMatchObject({
      title: `Docker does not know the image ${reference}`,
      why: `Error: No such image: ${reference}`,
    });
  });
});
