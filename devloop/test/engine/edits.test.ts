import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { plan } from '../../src/engine/plan.ts';
import { reloadConfig } from '../../src/engine/reload-config.ts';
import { dispatchEdit, touchedBy } from '../../src/engine/watch-edits.ts';
import { usageFault } from '../../src/model/errors.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import type { ProjectSpec } from '../../src/model/project.ts';
import { createFakeOutside } from '../fakes/outside.ts';
import { createRecordedStore } from '../fakes/store.ts';
import {
  buildFailed,
  built,
  imageOf,
  inputsOf,
  sampleProject,
  sampleService,
  started,
  startTime,
} from '../support/sample.ts';

const project: ProjectSpec = {
  ...sampleProject(),
  services: ['backend', 'frontend'].map((name) => {
    const service = sampleService(name, 4000);
    const image = {
      args: {},
      repository: name,
      context: `/project/apps/${name}`,
      dockerfile: `/project/docker/${name}.Dockerfile`,
    };
    return { ...service, image };
  }),
  releases: [{ name: 'tasks', chart: '/project/helm', values: ['/project/dev.yaml'], set: {} }],
};
const { files } = createFakeOutside();

describe('what changed files touch', () => {
  it.each<[string, string[], string[]]>([
    ['/project/apps/backend/src/server.ts', ['backend'], []],
    ['/project/docker/frontend.Dockerfile', ['frontend'], []],
    ['/project/helm/templates/backend.yaml', [], ['tasks']],
    ['/project/dev.yaml', [], ['tasks']],
    ['/project/helm-docs/notes.md', [], []],
    ['/project/apps/backend-tools/x.ts', [], []],
    ['/project/README.md', [], []],
  ])('%s', (file, services, releases) => {
    expect(touchedBy(project, files, [file])).toEqual({ services, releases });
  });

  it('is each service and release once', () => {
    const changed = [
      '/project/apps/backend/a.ts',
      '/project/apps/backend/b.ts',
      '/project/helm/values.yaml',
      '/project/apps/frontend/c.ts',
    ];
    expect(touchedBy(project, files, changed)).toEqual({ services: ['backend', 'frontend'], releases: ['tasks'] });
  });

  it('leaves out a service that the command line left out', () => {
    const services = project.services.map((service) => ({ ...service, active: service.name === 'backend' }));
    expect(touchedBy({ ...project, services }, files, ['/project/apps/frontend/c.ts']).services).toEqual([]);
  });
});

describe('a batch of changed files', () => {
  const setUp = () => {
    const store = createRecordedStore();
    store.dispatch(started(project));
    return store;
  };

  it('is an edit, with paths as in the project', () => {
    const store = setUp();
    const changed = [path.join('/project', 'apps', 'backend', 'a.ts'), '/project/README.md'];
    dispatchEdit(store, files, { files: changed, changedAt: startTime });
    expect(store.of('edit')[0]).toMatchObject({
      edit: 1,
      files: ['apps/backend/a.ts', 'README.md'],
      changedAt: startTime,
      services: ['backend'],
      releases: [],
    });
    dispatchEdit(store, files, { files: changed, changedAt: startTime });
    expect(store.of('edit')[1]?.edit).toBe(2);
  });

  it('is none when it touches nothing', () => {
    const store = setUp();
    dispatchEdit(store, files, { files: ['/project/README.md'], changedAt: startTime });
    expect(store.of('edit')).toEqual([]);
  });

  it('is none before the start', () => {
    const store = createRecordedStore();
    dispatchEdit(store, files, { files: ['/project/apps/backend/a.ts'], changedAt: startTime });
    expect(store.events).toEqual([]);
  });
});

describe('files that are only saved again', () => {
  const [ofBackend, ofFrontend, ofChart] = [
    '/project/apps/backend/a.ts',
    '/project/apps/frontend/b.ts',
    '/project/helm/values.yaml',
  ];
  const problem = { title: 'Build of backend failed', why: 'no space left on device' };
  const images = { backend: imageOf('backend'), frontend: imageOf('frontend') };
  const deployFailed: LoopEvent[] = [
    { type: 'deploy.started', release: 'tasks', edit: 0, inputs: inputsOf(images) },
    { type: 'deploy.failed', release: 'tasks', edit: 0, ms: 1, problem },
  ];
  const updateFailed: LoopEvent[] = [
    { type: 'update.started', service: 'backend', edit: 1 },
    { type: 'update.failed', service: 'backend', edit: 1, problem },
  ];
  const well = [...built('backend'), ...built('frontend')];
  const oneBad = [...buildFailed('backend', 0, problem), ...built('frontend')];

  it.each<[string, LoopEvent[], string[], string[], string[]]>([
    ['nothing where all is well', well, [ofBackend, ofChart], [], []],
    ['the build that failed', oneBad, [ofBackend, ofFrontend], ['backend'], []],
    ['no build that failed of another', oneBad, [ofFrontend, ofChart], [], []],
    [
      'none that is on its way',
      [...oneBad, { type: 'build.started', service: 'backend', edit: 0 }],
      [ofBackend],
      [],
      [],
    ],
    ['the live update that failed', [...well, ...updateFailed], [ofBackend], ['backend'], []],
    ['the deploy that failed, by its chart', [...well, ...deployFailed], [ofChart], [], ['tasks']],
    ['the deploy that failed, by a file of a service', [...well, ...deployFailed], [ofBackend], [], ['tasks']],
    ['both', [...oneBad, ...deployFailed], [ofBackend], ['backend'], ['tasks']],
  ])('try once more: %s', (_, events, savedAgain, services, releases) => {
    const store = createRecordedStore();
    for (const event of [started(project), ...events]) store.dispatch(event);
    dispatchEdit(store, files, { files: [], changedAt: startTime, savedAgain });
    const edit = { files: [path.relative('/project', savedAgain[0] ?? '')], services, releases };
    const isOne = services.length + releases.length > 0;
    expect(store.of('edit')).toEqual(isOne ? [expect.objectContaining(edit)] : []);
    const { start } = plan(store.getState());
    const builds = start.flatMap((one) => (one.kind === 'build' && one.edit > 0 ? [one.service] : []));
    expect(builds).toEqual(services);
  });

  it('and others that have changed are one edit', () => {
    const store = createRecordedStore();
    for (const event of [started(project), ...oneBad]) store.dispatch(event);
    dispatchEdit(store, files, { files: [ofFrontend], changedAt: startTime, savedAgain: [ofBackend] });
    expect(store.of('edit')).toEqual([
      expect.objectContaining({
        files: ['apps/frontend/b.ts', 'apps/backend/a.ts'],
        services: ['frontend', 'backend'],
        releases: [],
      }),
    ]);
  });
});

describe('a changed configuration', () => {
  async function reload(load: () => Promise<ProjectSpec>) {
    const store = createRecordedStore();
    store.dispatch(started(project));
    return { store, result: await reloadConfig(store, project, startTime, load) };
  }

  it('is taken over; what it changes counts as edited', async () => {
    const [backend, frontend] = project.services;
    if (!backend || !frontend) throw new Error('the project has two services');
    const services = [{ ...backend, ...(backend.image && { image: { ...backend.image, target: 'dev' } }) }, frontend];
    const { store } = await reload(async () => ({ ...project, services }));
    expect(store.of('config.reloaded')[0]?.changed).toEqual(['backend']);
    expect(store.of('edit')[0]).toMatchObject({
      edit: 1,
      files: ['devloop.config.ts'],
      changedAt: startTime,
      services: ['backend'],
      releases: [],
    });
  });

  it('is an edit of the release where it sets other values', async () => {
    const releases = project.releases.map((release) => ({ ...release, set: { 'backend.replicas': '2' } }));
    const { store } = await reload(async () => ({ ...project, releases }));
    expect(store.of('edit')[0]).toMatchObject({ services: [], releases: ['tasks'] });
  });

  it('that forwards another port builds and deploys nothing', async () => {
    const [backend, frontend] = project.services;
    if (!backend || !frontend) throw new Error('the project has two services');
    const services = [{ ...backend, ports: [{ local: 4100, remote: 8080 }] }, frontend];
    const { store, result } = await reload(async () => ({ ...project, services }));
    expect(store.of('edit')).toEqual([]);
    expect(result?.services[0]?.ports[0]?.local).toBe(4100);
  });

  it('may add a service', async () => {
    const services = [...project.services, sampleService('worker', 4002)];
    const { store } = await reload(async () => ({ ...project, services }));
    expect(store.of('config.reloaded')[0]?.changed).toEqual(['worker']);
    expect(store.getState().services['worker']).toMatchObject({ edit: 1, build: { status: 'idle' } });
  });

  it('may drop a service', async () => {
    const { store } = await reload(async () => ({ ...project, services: project.services.slice(0, 1) }));
    expect(store.of('config.reloaded')[0]?.changed).toEqual([]);
    expect(Object.keys(store.getState().services)).toEqual(['backend']);
  });

  it('may change a release', async () => {
    const releases = project.releases.map((release) => ({ ...release, set: { debug: 'true' } }));
    const { store } = await reload(async () => ({ ...project, releases }));
    expect(store.of('edit')[0]).toMatchObject({ services: [], releases: ['tasks'] });
  });

  it('that comes to the same is no edit', async () => {
    const { store, result } = await reload(async () => JSON.parse(JSON.stringify(project)) as ProjectSpec);
    expect(store.types()).toEqual(['loop.started', 'config.reloaded']);
    expect(result).toEqual(project);
  });

  it('that is bad is shown, and the last good one stays', async () => {
    const problem = { title: 'The configuration is not valid', why: 'devloop.config.ts:3:3: name: no' };
    const { store, result } = await reload(() => Promise.reject(usageFault(problem)));
    expect(result).toBeUndefined();
    expect(store.getState()).toMatchObject({ configProblem: problem, project });
  });

  it('that is good again heals it', async () => {
    const { store } = await reload(() => Promise.reject(new Error('odd')));
    expect(store.getState().configProblem).toEqual({ title: 'The configuration cannot be used', why: 'odd' });
    await reloadConfig(store, project, startTime, async () => project);
    expect(store.getState().configProblem).toBeUndefined();
  });

  it.each([{ name: 'other' }, { namespace: 'other' }])('of another %j needs a new start', async (change) => {
    const { store, result } = await reload(async () => ({ ...project, ...change }));
    expect(result).toBeUndefined();
    expect(store.of('config.rejected')[0]?.problem.title).toBe('The configuration needs a new start');
    expect(store.getState().project).toBe(project);
  });
});
