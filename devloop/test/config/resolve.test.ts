import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Config, Recipe } from '../../src/config/define.ts';
import { resolveProject, selectServices } from '../../src/config/resolve.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder({
    'helm/Chart.yaml': 'name: tasks',
    'helm/values.yaml': 'backend:\n  image: { repository: a, tag: b }\nfrontend:\n  image: { repository: a, tag: b }\n',
    'db/Chart.yaml': 'name: db',
    'values-dev.yaml': 'replicas: 1',
    'apps/backend/Dockerfile': 'FROM scratch',
    'src/server.ts': '',
    Dockerfile: 'FROM scratch',
  });
});
afterEach(() => folder.remove());

const base: Config = {
  name: 'tasks',
  release: { chart: 'helm' },
  services: { backend: { image: { context: '.' }, values: { image: 'backend.image' } } },
};
const resolve = (config: Config, namespace?: string) =>
  resolveProject(
    { config, file: folder.path('devloop.config.ts'), inputs: [folder.path('devloop.config.ts')] },
    namespace,
  );
const problemOf = async (config: Config) => (await faultOf(() => resolve(config))).problem;

describe('a project', () => {
  it('has absolute paths and every default', () => {
    expect(resolve(base)).toEqual({
      name: 'tasks',
      root: folder.root,
      configFile: folder.path('devloop.config.ts'),
      configInputs: [folder.path('devloop.config.ts')],
      namespace: 'tasks',
      services: [
        {
          name: 'backend',
          release: 'tasks',
          active: true,
          ports: [],
          image: {
            context: folder.root,
            dockerfile: folder.path('Dockerfile'),
            args: {},
            repository: 'devloop.local/tasks/backend',
          },
          imageValue: { path: 'backend.image', shape: 'map' },
        },
      ],
      releases: [{ name: 'tasks', chart: folder.path('helm'), values: [], set: {} }],
      allowContexts: [],
      secretEnv: [],
      parallelBuilds: 2,
      watch: { rest: 15, max: 500 },
      ui: { notify: 'off', mouse: false },
    });
  });

  it('keeps what is given', () => {
    const project = resolve({
      name: 'tasks',
      namespace: 'other',
      release: { chart: 'helm', name: 'called', values: ['values-dev.yaml'], set: { 'a.b': '1' } },
      services: {
        backend: {
          image: { context: '.', dockerfile: 'apps/backend/Dockerfile', target: 'dev', args: { A: '1' } },
          values: { image: 'backend.image' },
          ports: [{ local: 1, remote: 2 }],
          workload: 'api',
        },
      },
      allowContexts: ['staging'],
      parallelBuilds: 4,
      watch: { rest: 5 },
    });
    expect(project).toMatchObject({
      namespace: 'other',
      allowContexts: ['staging'],
      parallelBuilds: 4,
      watch: { rest: 5, max: 500 },
    });
    expect(project.releases).toEqual([
      { name: 'called', chart: folder.path('helm'), values: [folder.path('values-dev.yaml')], set: { 'a.b': '1' } },
    ]);
    expect(project.services[0]).toMatchObject({
      release: 'called',
      workload: 'api',
      ports: [{ local: 1, remote: 2 }],
      image: { dockerfile: folder.path('apps/backend/Dockerfile'), target: 'dev', args: { A: '1' } },
    });
  });

  it('takes the namespace of the command line first', () => {
    expect(resolve({ ...base, namespace: 'config' }, 'flag').namespace).toBe('flag');
  });
});

describe('what is missing on this machine', () => {
  const backend = { image: { context: '.' }, values: { image: 'backend.image' } };
  it.each<[string, Config, { title: string; why: string; fix: string }]>([
    [
      'the chart',
      { ...base, release: { chart: 'charts' } },
      {
        title: 'The chart of release tasks is missing',
        why: 'charts/Chart.yaml does not exist',
        fix: 'Correct release.chart in the configuration, or add the file.',
      },
    ],
    [
      'a values file',
      { ...base, release: { chart: 'helm', values: ['values-dev.yaml', 'values-no.yaml'] } },
      {
        title: 'A values file of release tasks is missing',
        why: 'values-no.yaml does not exist',
        fix: 'Correct release.values in the configuration, or add the file.',
      },
    ],
    [
      'the context',
      { ...base, services: { backend: { ...backend, image: { context: 'nowhere' } } } },
      {
        title: 'The build context of backend is missing',
        why: 'nowhere does not exist',
        fix: 'Correct services.backend.image.context in the configuration, or add the file.',
      },
    ],
    [
      'the Dockerfile that is named',
      { ...base, services: { backend: { ...backend, image: { context: '.', dockerfile: 'Dockerfile.dev' } } } },
      {
        title: 'The Dockerfile of backend is missing',
        why: 'Dockerfile.dev does not exist',
        fix: 'Correct services.backend.image.dockerfile in the configuration, or add the file.',
      },
    ],
    [
      'the Dockerfile of the context',
      { ...base, services: { backend: { ...backend, image: { context: 'helm' } } } },
      {
        title: 'The Dockerfile of backend is missing',
        why: 'helm/Dockerfile does not exist',
        fix: 'Correct services.backend.image.dockerfile in the configuration, or add the file.',
      },
    ],
  ])('is %s', async (_, config, problem) => {
    expect(await problemOf(config)).toEqual(problem);
  });
});

describe('ports', () => {
  it('may be given once only', async () => {
    const ports = [{ local: 4000, remote: 80 }];
    const problem = await problemOf({ ...base, services: { backend: { ports }, frontend: { ports } } });
    expect(problem.title).toBe('Port 4000 is given twice');
    expect(problem.why).toBe('both backend and frontend forward local port 4000');
  });

  it('may lead to the same port of two services', () => {
    const services = { a: { ports: [{ local: 1, remote: 80 }] }, b: { ports: [{ local: 2, remote: 80 }] } };
    expect(resolve({ ...base, services }).services.map(({ ports }) => ports[0]?.local)).toEqual([1, 2]);
  });
});

describe('several releases', () => {
  const several: Config = {
    name: 'tasks',
    releases: { app: { chart: 'helm' }, data: { chart: 'db', name: 'data-dev' } },
    services: { backend: { release: 'app' }, worker: { release: 'app' }, db: { release: 'data' } },
  };

  it('are named by their key, and by their own name where they have one', () => {
    const project = resolve(several);
    expect(project.releases.map(({ name }) => name)).toEqual(['app', 'data-dev']);
    expect(project.services.map(({ release }) => release)).toEqual(['app', 'app', 'data-dev']);
  });

  it('need a service to say which is its own', async () => {
    const problem = await problemOf({ ...several, services: { backend: {} } });
    expect(problem).toEqual({
      title: 'Service backend has no release',
      why: 'there are several: app, data',
      fix: 'Set services.backend.release to one of app, data.',
    });
  });

  it('are not made up', async () => {
    const problem = await problemOf({ ...several, services: { backend: { release: 'apps' } } });
    expect(problem.why).toBe('there is no release apps');
  });

  it('are cut down to those of the services that are named', () => {
    const project = selectServices(resolve(several), ['backend']);
    expect(project.releases.map(({ name }) => name)).toEqual(['app']);
    expect(project.services.map(({ name, active }) => [name, active])).toEqual([
      ['backend', true],
      ['worker', false],
    ]);
  });

  it('all stay when no service is named', () => {
    const project = resolve(several);
    expect(selectServices(project, [])).toBe(project);
  });
});

describe('an unknown service', () => {
  it('is taken for the nearest one', async () => {
    const { problem, exitCode } = await faultOf(() => selectServices(resolve(base), ['bakend']));
    expect(problem).toEqual({
      title: 'No service bakend',
      why: 'the configuration has backend',
      fix: 'Did you mean backend?',
    });
    expect(exitCode).toBe(2);
  });

  it('is like none', async () => {
    const { problem } = await faultOf(() => selectServices(resolve(base), ['backend', 'zzz']));
    expect(problem).toMatchObject({ title: 'No service zzz', fix: 'Name one of these, or none for all.' });
  });
});

describe('a recipe for the sandbox', () => {
  const withRecipe = (sandbox: Recipe): Config => ({
    ...base,
    services: { backend: { image: { context: '.' }, values: { image: 'backend.image' }, sandbox } },
  });
  const recipeOf = (sandbox: Recipe) => resolve(withRecipe(sandbox)).services[0]?.image?.recipe;

  it('of a bundle starts it, and copies nothing', () => {
    expect(recipeOf({ bundle: 'src/server.ts' })).toEqual({
      bundle: folder.path('src/server.ts'),
      start: ['node', '--enable-source-maps', 'server.js'],
    });
  });

  it('of a start command copies the context', () => {
    expect(recipeOf({ start: ['npm', 'start'] })).toEqual({ start: ['npm', 'start'], folder: folder.root });
  });

  it('keeps what is given', () => {
    const build = ['npm', 'run', 'build'];
    const env = { NODE_ENV: 'production' };
    expect(recipeOf({ bundle: 'src/server.ts', build, start: ['node', 'server.js'], env, folder: 'src' })).toEqual({
      bundle: folder.path('src/server.ts'),
      build,
      start: ['node', 'server.js'],
      env,
      folder: folder.path('src'),
    });
  });

  it.each<[string, Recipe, string]>([
    ['a bundle that is missing', { bundle: 'src/nope.ts' }, 'What the sandbox bundles for backend is missing'],
    ['a folder that is missing', { start: ['a'], folder: 'nope' }, "The sandbox's folder of backend is missing"],
    [
      'a folder outside',
      { start: ['a'], folder: '..' },
      "The sandbox's folder of backend is outside of its image's context",
    ],
  ])('%s is told', async (_, recipe, title) => {
    expect((await problemOf(withRecipe(recipe))).title).toBe(title);
  });
});
