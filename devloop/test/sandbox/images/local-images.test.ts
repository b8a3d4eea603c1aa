import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BuildReport } from '../../../src/engine/outside.ts';
import { Bundles } from '../../../src/live/bundles.ts';
import { sandboxLive } from '../../../src/live/sandbox-steps.ts';
import type { BundleSpec, ImageSpec, RecipeSpec } from '../../../src/model/project.ts';
import {
  createLocalImages,
  type LocalImageBuilder,
  recipeTag,
} from '../../../src/sandbox/images/create-local-images.ts';
import { faultOf } from '../../fakes/fault-of.ts';
import { createFakeRun, type FakeRun } from '../../fakes/run-command.ts';
import { createTempFolder, type TempFolder } from '../../fakes/temp-folder.ts';

const signal = new AbortController().signal;
const reference = (tag: string) => `devloop.local/tasks/backend:${tag}`;
let folder: TempFolder;
let images: LocalImageBuilder;
let bundles: Bundles;
let fake: FakeRun;
let inUse: ReadonlySet<string> | undefined;
let lines: string[];
const report: BuildReport = { step: () => {}, output: (line) => lines.push(line) };

beforeEach(() => {
  lines = [];
  inUse = new Set();
  folder = createTempFolder({
    'src/server.ts': "import { answer } from './answer.ts';\nconsole.log('the answer is', answer);\n",
    'src/answer.ts': 'export const answer: number = 42;\n',
    'app/page.js': 'page',
    'app/lib/deep.js': 'deep',
    'app/node_modules/dep/index.js': 'dep',
  });
  fake = createFakeRun({
    'npm run build': { lines: ['compiling', 'done'] },
    'npm run broken': { lines: ['oh no'], exitCode: 2 },
  });
  bundles = new Bundles(folder.root);
  images = createLocalImages({
    folder: folder.path('images'),
    bundle: (one) => bundles.build(one),
    runnerFile: '/devloop/runner.cjs',
    run: fake.run,
    files: {
      contextFiles: async () => ['app/page.js', 'app/lib/deep.js', 'src/server.ts'].map((file) => folder.path(file)),
    },
    env: { PATH: '/project/bin' },
    inUse: async () => inUse,
  });
});
afterEach(async () => {
  await images.close();
  await bundles.close();
  folder.remove();
});

const spec = (recipe?: RecipeSpec): ImageSpec => ({
  context: folder.root,
  dockerfile: folder.path('Dockerfile'),
  args: {},
  repository: 'devloop.local/tasks/backend',
  ...(recipe && { recipe }),
});
const bundled = () => spec({ bundle: folder.path('src/server.ts'), start: ['node', 'server.js'] });
const copied = (more: Partial<RecipeSpec> = {}) =>
  spec({ start: ['next', 'dev'], folder: folder.path('app'), ...more });

describe('a bundle', () => {
  test('is one file that Node runs', async () => {
    await images.build(bundled(), 'abc', report, signal);
    const image = images.find(reference('abc'));
    expect(image).toMatchObject({ reference: reference('abc'), command: ['node', 'server.js'], entrypoint: [] });
    const said = execFileSync(process.execPath, ['server.js'], { cwd: image?.folder, encoding: 'utf8' });
    expect(said).toBe('the answer is 42\n');
  });

  test('is built anew from what has changed', async () => {
    await images.build(bundled(), 'one', report, signal);
    folder.write('src/answer.ts', 'export const answer = 43;\n');
    await images.build(bundled(), 'two', report, signal);
    const textOf = (tag: string) =>
      readFileSync(path.join(images.find(reference(tag))?.folder ?? '', 'server.js'), 'utf8');
    expect(textOf('one')).toContain('42');
    expect(textOf('two')).toContain('43');
  });

  test('that does not compile is told with place and line, and is no image', async () => {
    folder.write('src/answer.ts', 'export const answer = ;\n');
    const { kind, problem } = await faultOf(images.build(bundled(), 'abc', report, signal));
    expect(kind).toBe('outside');
    expect(problem.title).toBe('The bundle of server.ts failed');
    expect(problem.why).toMatch(/src\/answer\.ts:1:22: Unexpected ";"$/);
    expect(problem.evidence?.slice(1)).toEqual(['export const answer = ;', `${' '.repeat(22)}^`]);
    expect(images.find(reference('abc'))).toBeUndefined();
    expect(await images.hasImage(reference('abc'), signal)).toBe(false);
  });

  test('works again after an error', async () => {
    folder.write('src/answer.ts', 'export const answer = ;\n');
    await faultOf(images.build(bundled(), 'abc', report, signal));
    folder.write('src/answer.ts', 'export const answer = 44;\n');
    await images.build(bundled(), 'abc', report, signal);
    expect(await images.hasImage(reference('abc'), signal)).toBe(true);
  });
});

describe('a copied folder', () => {
  test('has the files of the build context, and a way to its packages', async () => {
    await images.build(copied(), 'abc', report, signal);
    const at = images.find(reference('abc'))?.folder ?? '';
    expect(readdirSync(at).sort()).toEqual(['image.json', 'lib', 'node_modules', 'page.js']);
    expect(readFileSync(path.join(at, 'lib/deep.js'), 'utf8')).toBe('deep');
    expect(readFileSync(path.join(at, 'node_modules/dep/index.js'), 'utf8')).toBe('dep');
  });

  test('is built by the command, which is heard', async () => {
    await images.build(copied({ build: ['npm', 'run', 'build'] }), 'abc', report, signal);
    expect(fake.calls[0]).toMatchObject({ cwd: images.find(reference('abc'))?.folder, env: { PATH: '/project/bin' } });
    expect(lines).toEqual(['compiling', 'done']);
  });

  test('whose command fails is no image, and says why', async () => {
    const broken = copied({ build: ['npm', 'run', 'broken'] });
    expect((await faultOf(images.build(broken, 'abc', report, signal))).problem).toMatchObject({
      title: '`npm run broken` failed',
      why: 'it ended with exit code 2',
      evidence: ['oh no'],
    });
    expect(images.find(reference('abc'))).toBeUndefined();
  });
});

test('a service without a recipe is told how to write one', async () => {
  const { kind, problem } = await faultOf(images.build(spec(), 'abc', report, signal));
  expect(kind).toBe('usage');
  expect(problem.title).toBe('The sandbox cannot run backend');
  expect(problem.fix).toContain('services.backend.sandbox');
});

test('a build that is cut off is no image', async () => {
  const cut = new AbortController();
  cut.abort();
  await expect(images.build(bundled(), 'abc', report, cut.signal)).rejects.toThrow();
  expect(images.find(reference('abc'))).toBeUndefined();
});

describe('what is kept', () => {
  const tags = ['t1', 't2', 't3', 't4', 't5', 't6'];
  async function buildAll() {
    for (const [index, tag] of tags.entries()) {
      await images.build(copied(), tag, report, signal);
      utimesSync(images.find(reference(tag))?.folder ?? '', index, index);
    }
    await images.build(copied(), 'last', report, signal);
    // Old ones go in the background, at the latest before the end.
    await images.close();
  }
  const left = () => tags.filter((tag) => existsSync(folder.path(`images/tasks/backend/${tag}`)));

  test('is the newest few', async () => {
    await buildAll();
    expect(left()).toEqual(['t4', 't5', 't6']);
  });

  test('is what pods run, however old', async () => {
    inUse = new Set([reference('t1')]);
    await buildAll();
    expect(left()).toEqual(['t1', 't4', 't5', 't6']);
  });

  test('is everything where another process knows what runs', async () => {
    inUse = undefined;
    await buildAll();
    expect(left()).toEqual(tags);
  });
});

describe('public images', () => {
  test.each([
    ['node:24-alpine', ['node']],
    ['docker.io/library/node:22', ['node']],
    ['busybox', ['sh']],
    ['busybox:1.36', ['sh']],
  ])('%s is a program of this machine', (name, command) => {
    expect(images.find(name)).toMatchObject({ reference: name, command });
  });

  test.each(['postgres:17', 'example.com/node:1', 'devloop.local/tasks/backend:nope', 'node:../../x', 'Busybox', ''])(
    '%j is not there',
    (name) => {
      expect(images.find(name)).toBeUndefined();
    },
  );
});

describe('an image that takes live updates', () => {
  const live = (image: ImageSpec): ImageSpec => ({ ...image, runner: 'v1' });
  const runnerOf = (tag: string) => images.runnerOf(reference(tag), signal);

  test('has the runner, and a token of its own that only the user can read', async () => {
    await images.build(live(bundled()), 'one', report, signal);
    await images.build(live(bundled()), 'two', report, signal);
    const [one, two] = await Promise.all([runnerOf('one'), runnerOf('two')]);
    expect(one).toEqual({ kind: 'node', token: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(two.token).not.toBe(one.token);
    const image = images.find(reference('one'));
    expect(image).toMatchObject({
      live: { file: '/devloop/runner.cjs', token: one.token },
      command: ['node', 'server.js'],
    });
    expect(statSync(path.join(image?.folder ?? '', 'image.json')).mode & 0o777).toBe(0o600);
  });

  test('no other image has', async () => {
    await images.build(bundled(), 'abc', report, signal);
    expect(await runnerOf('abc')).toEqual({ kind: 'absent' });
    expect(await runnerOf('nope')).toEqual({ kind: 'absent' });
    expect(await images.runnerOf('node:24', signal)).toEqual({ kind: 'absent' });
  });

  test('has the bundle that a live update sends', async () => {
    const image = live(bundled());
    await images.build(image, 'abc', report, signal);
    const entry = image.recipe?.bundle ?? '';
    const sent = sandboxLive({
      name: 'backend',
      ports: [],
      release: 'tasks',
      active: true,
      image,
      live: { bundle: { entry, to: '/app/main.js', external: ['x'] }, sync: [], run: [], restart: true, rebuild: [] },
    })?.bundle as BundleSpec;
    const other = new Bundles(folder.root);
    const { files } = await other.build(sent);
    await other.close();
    const at = images.find(reference('abc'))?.folder ?? '';
    expect(files.map(({ name }) => name)).toEqual(['server.js', 'server.js.map']);
    for (const { name, content } of files) expect(readFileSync(path.join(at, name))).toEqual(Buffer.from(content));
  });
});

test('the tag changes with the content, the recipe and the runner', () => {
  const image = spec({ start: ['node', 'a.js'] });
  const tag = recipeTag('0123456789ab', image, '/a/runner.cjs');
  expect(tag).toMatch(/^[0-9a-f]{12}$/);
  expect(recipeTag('0123456789ab', spec({ start: ['node', 'a.js'] }), '/b/runner.cjs')).toBe(tag);
  const others = [
    recipeTag('0123456789ac', image, '/a/runner.cjs'),
    recipeTag('0123456789ab', spec({ start: ['node', 'b.js'] }), '/a/runner.cjs'),
    recipeTag('0123456789ab', { ...image, runner: 'v1' }, '/a/runner.cjs'),
    recipeTag('0123456789ab', { ...image, runner: 'v2' }, '/a/runner.cjs'),
    recipeTag('0123456789ab', { ...image, runner: 'v1' }, '/b/runner.cjs'),
  ];
  expect(new Set([tag, ...others]).size).toBe(6);
});
