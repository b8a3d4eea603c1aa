import { describe, expect, it } from '@jest/globals';
import { deployRelease, upgradeOf } from '../../src/engine/deploy-release.ts';
import { outsideFault } from '../../src/model/errors.ts';
import type { ProjectSpec } from '../../src/model/project.ts';
import { deployInputs } from '../../src/state/deploy-inputs.ts';
import { createFakeOutside } from '../fakes/outside.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import {
  built,
  edited,
  podChanged,
  samplePod,
  sampleProject,
  sampleWorkload,
  started,
  startTime,
  workloadChanged,
} from '../support/sample.ts';

function setUp(project: ProjectSpec = sampleProject()) {
  const outside = createFakeOutside();
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  for (const event of [started(project), ...project.services.flatMap(({ name }) => built(name))]) store.dispatch(event);
  const controller = new AbortController();
  const deploy = () =>
    deployRelease(outside, clock, store, 'tasks', deployInputs(store.getState(), 'tasks') ?? '', controller.signal);
  const finish = async (revision: number) => {
    await settle();
    outside.upgrades.at(-1)?.gate.open({ revision, status: 'deployed', description: '' });
  };
  return { outside, clock, store, controller, deploy, finish };
}

/** The description that a deploy of the present state writes. */
async function descriptionNow(): Promise<string> {
  const { outside, deploy, finish } = setUp();
  const work = deploy();
  await finish(1);
  await work;
  return outside.upgrades[0]?.upgrade.description ?? '';
}

describe('a first deploy', () => {
  it('sends images as the chart takes them, and says what came of it', async () => {
    const { outside, clock, store, deploy, finish } = setUp();
    const work = deploy();
    await settle();
    clock.advance(210);
    await finish(1);
    await work;
    const [{ upgrade } = { upgrade: undefined }] = outside.upgrades;
    expect(upgrade).toMatchObject({
      namespace: 'tasks-dev',
      checked: false,
      set: {
        'backend.image.repository': 'backend',
        'backend.image.tag': 'edit-0',
        'frontend.image.repository': 'frontend',
        'frontend.image.tag': 'edit-0',
      },
    });
    expect(upgrade?.description).toMatch(/^devloop inputs [0-9a-f]{16}$/);
    expect(store.of('deploy.succeeded')[0]).toMatchObject({
      release: 'tasks',
      revision: 1,
      by: 'helm',
      edit: 0,
      ms: 210,
    });
    expect(store.of('deploy.succeeded')[0]?.images.map(({ service, tag }) => `${service}:${tag}`)).toEqual([
      'backend:edit-0',
      'frontend:edit-0',
    ]);
    expect(store.getState().services['backend']?.deployed?.tag).toBe('edit-0');
  });

  it('sends one string where the chart takes one', async () => {
    const project = sampleProject(['backend']);
    const services = project.services.map((service) => ({
      ...service,
      imageValue: { path: 'app', shape: 'string' } as const,
    }));
    const { outside, deploy, finish } = setUp({ ...project, services });
    const work = deploy();
    await finish(1);
    await work;
    expect(outside.upgrades[0]?.upgrade.set).toEqual({ app: 'backend:edit-0' });
  });

  it('is spared when the cluster has it already', async () => {
    const description = await descriptionNow();
    const { outside, store, deploy } = setUp();
    outside.history.set('tasks', { revision: 7, status: 'deployed', description });
    await deploy();
    expect(outside.upgrades).toEqual([]);
    expect(store.of('deploy.succeeded')[0]).toMatchObject({ revision: 7, by: 'nothing' });
  });

  it.each([
    ['an object of it is gone', { status: 'deployed' }, ['Service backend']],
    ['the last revision failed', { status: 'failed' }, []],
    ['another hand made the last revision', { status: 'deployed', description: 'Upgrade complete' }, []],
  ])('is not spared when %s', async (_, latest, missing) => {
    const description = await descriptionNow();
    const { outside, store, deploy, finish } = setUp();
    outside.history.set('tasks', { revision: 7, description, ...latest });
    outside.kubernetes.missing = missing;
    const work = deploy();
    await finish(8);
    await work;
    expect(store.of('deploy.succeeded')[0]).toMatchObject({ revision: 8, by: 'helm' });
  });
});

describe('a later deploy', () => {
  it('does not look at the history, and need not check the chart again', async () => {
    const { outside, store, deploy, finish } = setUp();
    let work = deploy();
    await finish(1);
    await work;
    store.dispatch(edited(1, ['backend'], ['a.ts'], startTime));
    for (const event of built('backend', 1)) store.dispatch(event);
    outside.asked.length = 0;
    work = deploy();
    await finish(2);
    await work;
    expect(outside.asked).toEqual([]);
    expect(outside.upgrades[1]?.upgrade.checked).toBe(true);
    expect(store.of('deploy.succeeded')[1]).toMatchObject({ revision: 2, edit: 1 });
  });

  it('of another chart is checked', async () => {
    const { outside, deploy, finish } = setUp();
    let work = deploy();
    await finish(1);
    await work;
    outside.chart.hash = 'edited';
    work = deploy();
    await finish(2);
    await work;
    expect(outside.upgrades[1]?.upgrade.checked).toBe(false);
  });

  it('after a failed first one looks at the history again', async () => {
    const { outside, deploy, finish } = setUp();
    const work = deploy();
    await settle();
    outside.upgrades[0]?.gate.fail(new Error('no'));
    await work;
    const again = deploy();
    await finish(1);
    await again;
    expect(outside.asked.filter((question) => question.startsWith('history'))).toHaveLength(2);
    expect(outside.upgrades[1]?.upgrade.checked).toBe(false);
  });

  it('of what somebody has deleted counts revisions anew, and makes the namespace again', async () => {
    const { outside, store, deploy, finish } = setUp();
    let work = deploy();
    await finish(4);
    await work;
    store.dispatch(workloadChanged(sampleWorkload('backend')));
    store.dispatch({ type: 'workload.removed', uid: 'deployment-backend', name: 'backend' });
    const made: string[] = [];
    outside.kubernetes.ensureNamespace = async (namespace) => {
      made.push(namespace);
      return true;
    };
    work = deploy();
    await finish(1);
    await work;
    expect(outside.upgrades.map(({ upgrade }) => upgrade.after)).toEqual([0, 0]);
    expect(made).toEqual(['tasks-dev']);
  });
});

describe('a release that a helm has left unfinished', () => {
  const deployed = { revision: 6, status: 'deployed', description: 'devloop inputs 1' };
  const left = { revision: 7, status: 'pending-upgrade', description: 'Preparing upgrade', updated: startTime };

  it('is freed before the first deploy, which then goes on', async () => {
    const { outside, store, deploy, finish } = setUp();
    outside.history.set('tasks', left);
    outside.revisions.set('tasks', [deployed, left]);
    outside.owners.push({ by: 'devloop' });
    const work = deploy();
    await settle();
    expect(outside.upgrades).toEqual([]);
    outside.rollbacks[0]?.gate.open({ revision: 8, status: 'deployed', description: 'Rollback to 6' });
    await finish(9);
    await work;
    expect(outside.rollbacks.map(({ revision }) => revision)).toEqual([6]);
    expect(store.of('deploy.succeeded')[0]).toMatchObject({ revision: 9, by: 'helm' });
  });

  it('is left alone when it is not ours, and the deploy fails with the reason', async () => {
    const { outside, store, deploy } = setUp();
    outside.history.set('tasks', left);
    await deploy();
    expect([outside.rollbacks, outside.upgrades]).toEqual([[], []]);
    expect(outside.asked.filter((question) => question.startsWith('uninstall'))).toEqual([]);
    expect(store.of('deploy.failed')[0]?.problem).toMatchObject({ title: 'Release tasks is locked' });
  });

  it('is freed by the deploy after one that failed', async () => {
    const { outside, store, deploy, finish } = setUp();
    const first = deploy();
    await finish(6);
    await first;
    store.dispatch(edited(1, ['backend'], ['a.ts'], startTime));
    for (const event of built('backend', 1)) store.dispatch(event);
    const killed = deploy();
    await settle();
    outside.upgrades[1]?.gate.fail(outsideFault({ title: 'helm upgrade of tasks failed', why: 'helm said nothing' }));
    await killed;
    outside.history.set('tasks', left);
    outside.revisions.set('tasks', [deployed, left]);
    outside.owners.push({ by: 'devloop' });
    const again = deploy();
    await settle();
    outside.rollbacks[0]?.gate.open({ revision: 8, status: 'deployed', description: '' });
    await finish(9);
    await again;
    expect(store.of('notice').map(({ text }) => text)).toEqual([expect.stringMatching(/rolled back to revision 6/)]);
    expect(store.of('deploy.succeeded')[1]).toMatchObject({ revision: 9, edit: 1 });
  });
});

describe('a deploy that fails', () => {
  it('keeps what helm said', async () => {
    const { outside, clock, store, deploy } = setUp();
    const work = deploy();
    await settle();
    clock.advance(90);
    outside.upgrades[0]?.gate.fail(outsideFault({ title: 'helm upgrade of tasks failed', why: 'no such field' }));
    await work;
    expect(store.of('deploy.failed')[0]).toMatchObject({
      ms: 90,
      problem: { title: 'helm upgrade of tasks failed', why: 'no such field' },
    });
    expect(store.getState().releases['tasks']?.deploy.status).toBe('failed');
  });

  it('because the history cannot be read says so', async () => {
    const { outside, clock, store, controller } = setUp();
    const helm = { ...outside.helm, latest: () => Promise.reject(new Error('unreachable')) };
    await deployRelease({ ...outside, helm }, clock, store, 'tasks', 'inputs', controller.signal);
    expect(store.of('deploy.failed')[0]?.problem).toEqual({ title: 'The deploy of tasks failed', why: 'unreachable' });
    expect(outside.upgrades).toEqual([]);
  });

  it('starts no helm when it is stopped before', async () => {
    const { outside, store, controller, deploy } = setUp();
    const work = deploy();
    controller.abort();
    await settle();
    const started = outside.upgrades.length;
    outside.upgrades[0]?.gate.fail(new Error('stopped'));
    await work;
    expect(started).toBe(0);
    expect(store.of('deploy.failed')).toHaveLength(1);
  });
});

describe('the description of a revision', () => {
  const project = sampleProject();
  const [release] = project.releases;
  const image = { service: 'backend', repository: 'backend', tag: 'a', edit: 0 };
  const of = async (change: { chart?: string; set?: Record<string, string>; tag?: string; edit?: number }) => {
    const outside = createFakeOutside();
    outside.chart.hash = change.chart ?? 'chart';
    if (!release) throw new Error('the sample has a release');
    const images = [{ ...image, tag: change.tag ?? 'a', edit: change.edit ?? 0 }];
    return (await upgradeOf(outside, project, { ...release, set: change.set ?? {} }, images)).description;
  };

  it('is the same for the same inputs, whatever the number of the edit', async () => {
    expect(await of({ edit: 5 })).toBe(await of({}));
    expect(await of({ set: { a: '1', b: '2' } })).toBe(await of({ set: { b: '2', a: '1' } }));
  });

  it.each([{ chart: 'other' }, { tag: 'b' }, { set: { a: '1' } }])('differs with %j', async (change) => {
    expect(await of(change)).not.toBe(await of({}));
  });
});

describe('another image in the sandbox', () => {
  async function deployedOnce(kind: string) {
    const set = setUp();
    set.store.dispatch({ type: 'loop.started', project: sampleProject(), cluster: { context: kind, kind, why: '' } });
    for (const event of ['backend', 'frontend'].flatMap((name) => built(name))) set.store.dispatch(event);
    for (const name of ['backend', 'frontend'])
      for (const event of [workloadChanged(sampleWorkload(name)), podChanged(samplePod(name))])
        set.store.dispatch(event);
    const first = set.deploy();
    await set.finish(1);
    await first;
    for (const event of [edited(1, ['backend'], ['a.ts'], startTime), ...built('backend', 1)])
      set.store.dispatch(event);
    return set;
  }

  it('is set on the workload, without helm', async () => {
    const { outside, store, deploy } = await deployedOnce('sandbox');
    await deploy();
    expect(outside.upgrades).toHaveLength(1);
    expect(outside.kubernetes.imagesSet).toEqual(['Deployment backend backend backend:edit-1']);
    expect(store.of('deploy.succeeded')[1]).toMatchObject({ revision: 1, by: 'images', edit: 1 });
    expect(store.getState().services['backend']?.deployed?.tag).toBe('edit-1');
  });

  it('goes through helm on a cluster', async () => {
    const { outside, deploy, finish } = await deployedOnce('minikube');
    const work = deploy();
    await finish(2);
    await work;
    expect(outside.upgrades).toHaveLength(2);
    expect(outside.kubernetes.imagesSet).toEqual([]);
  });

  it.each<[string, (store: ReturnType<typeof setUp>['store']) => void]>([
    [
      'the chart has changed too',
      (store) =>
        store.dispatch({
          type: 'edit',
          edit: 2,
          files: ['helm/values.yaml'],
          changedAt: startTime,
          services: [],
          releases: ['tasks'],
        }),
    ],
    [
      'the last deploy failed',
      (store) =>
        store.dispatch({ type: 'deploy.failed', release: 'tasks', edit: 0, problem: { title: 'a', why: 'b' }, ms: 1 }),
    ],
    [
      'no pod of it is known',
      (store) =>
        store.dispatch({ type: 'pod.removed', uid: 'backend-7d9f-0', name: 'backend-7d9f-0', service: 'backend' }),
    ],
    [
      'its workload is not known',
      (store) => store.dispatch({ type: 'workload.removed', uid: 'deployment-backend', name: 'backend' }),
    ],
  ])('goes through helm when %s', async (_, change) => {
    const { outside, store, deploy, finish } = await deployedOnce('sandbox');
    change(store);
    const work = deploy();
    await finish(2);
    await work;
    expect(outside.upgrades).toHaveLength(2);
    expect(outside.kubernetes.imagesSet).toEqual([]);
  });
});
