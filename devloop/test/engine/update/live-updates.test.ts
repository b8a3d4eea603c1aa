import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startExecutor } from '../../../src/engine/executor.ts';
import { noticeLive } from '../../../src/engine/notice-live.ts';
import type { BundleResult } from '../../../src/engine/outside.ts';
import { PodTraffic } from '../../../src/engine/pod-traffic.ts';
import { type LiveUpdates, startLiveUpdates } from '../../../src/engine/update/live-updates.ts';
import { outsideFault, usageFault } from '../../../src/model/errors.ts';
import type { ContainerView } from '../../../src/model/pod.ts';
import type { LiveSpec } from '../../../src/model/project.ts';
import { targetPod } from '../../../src/state/service-pods.ts';
import { summarizeAll } from '../../../src/state/service-summary.ts';
import { createFakeContainer } from '../../fakes/live.ts';
import { createFakeOutside } from '../../fakes/outside.ts';
import { createRecordedStore } from '../../fakes/store.ts';
import { createGate, settle } from '../../fakes/ticks.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import {
  edited,
  podChanged,
  sampleContainer,
  samplePod,
  sampleProject,
  sampleWorkload,
  started,
  startTime,
  workloadChanged,
} from '../../support/sample.ts';

const live: LiveSpec = {
  bundle: { entry: '/project/src/server.ts', to: '/app/server.js', external: [] },
  sync: [{ from: '/project/static', to: '/app/static', ignore: [] }],
  run: [{ command: ['npm', 'run', 'codegen'], when: ['*.proto'] }],
  restart: true,
  rebuild: ['package.json'],
};

function setUp(spec: Partial<LiveSpec> = {}) {
  const outside = createFakeOutside();
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  const project = sampleProject(['backend']);
  store.dispatch(
    started({ ...project, services: project.services.map((service) => ({ ...service, live: { ...live, ...spec } })) }),
  );
  const updates: LiveUpdates = startLiveUpdates(outside, clock, store, new PodTraffic(clock));
  const executor = startExecutor(outside, clock, store, updates);
  const looking = new AbortController();
  noticeLive(store, looking.signal);
  let bundles = 0;
  outside.live.onBundle = async () => {
    bundles += 1;
    return {
      files: [{ name: 'server.js', content: Buffer.from(`bundle ${bundles}`) }],
      inputs: ['/project/src/server.ts'],
    };
  };

  const show = (name = 'backend-1', change: Partial<ContainerView> = {}, more = {}) =>
    store.dispatch(
      podChanged(
        samplePod('backend', 0, {
          name,
          containers: [sampleContainer('backend', 0, { image: 'backend:content', ...change })],
          ...more,
        }),
      ),
    );
  return {
    outside,
    clock,
    store,
    show,
    /** Builds and deploys the image, and shows a pod of it. */
    up: async () => {
      await settle();
      outside.builds.at(-1)?.gate.open();
      await settle();
      outside.upgrades.at(-1)?.gate.open({ revision: 1, status: 'deployed', description: '' });
      await settle();
      store.dispatch(workloadChanged(sampleWorkload('backend')));
      show();
      await settle();
    },
    save: async (edit: number, ...files: string[]) => {
      store.dispatch(edited(edit, ['backend'], files, clock.now()));
      await settle();
    },
    container: (index = -1) => {
      const found = outside.live.containers.at(index);
      if (!found) throw new Error('no way in was opened');
      return found;
    },
    phase: () => summarizeAll(store.getState())[0],
    end: async () => {
      looking.abort();
      await executor.stop();
      await updates.stop();
    },
  };
}

let world: ReturnType<typeof setUp>;
beforeEach(() => {
  world = setUp();
});
afterEach(() => world.end());

const restartTo = (edit: number) => ['restart', `mark edit ${edit}`, 'listening 8080'];

describe('an edit', () => {
  it('goes into the pod, restarts the program, and is live when it listens', async () => {
    await world.up();
    await world.save(1, 'src/server.ts');
    expect(world.container().asked).toEqual(['file /app/server.js', ...restartTo(1)]);
    expect(world.store.of('service.live').map(({ edit }) => edit)).toEqual([0, 1]);
    expect(world.outside.builds).toHaveLength(1);
    expect(world.phase()).toMatchObject({ phase: 'ready', liveEdit: 1 });
  });

  it('sends a file from the disk, and a delete for one that is gone', async () => {
    world.outside.live.disk.set('/project/static/a.txt', 'A');
    await world.up();
    await world.save(1, 'static/a.txt', 'static/gone.txt');
    expect(world.container().asked.slice(0, 2)).toEqual(['delete /app/static/gone.txt', 'file /app/static/a.txt']);
    expect(world.container().files.get('/app/static/a.txt')).toBe('A');
  });

  it('without restart is live when its files are there', async () => {
    await world.end();
    world = setUp({ restart: false });
    await world.up();
    await world.save(1, 'src/server.ts');
    expect(world.container().asked).toEqual(['file /app/server.js', 'mark edit 1']);
    expect(world.store.of('service.live').at(-1)?.edit).toBe(1);
  });

  it('that changes nothing in the pod restarts nothing', async () => {
    await world.up();
    world.outside.live.onBundle = async () => ({
      files: [{ name: 'server.js', content: Buffer.from('same') }],
      inputs: ['/project/src/server.ts'],
    });
    await world.save(1, 'src/server.ts');
    await world.save(2, 'src/server.ts');
    expect(world.container().asked.slice(-1)).toEqual(['mark edit 2']);
    expect(world.store.of('service.live').at(-1)?.edit).toBe(2);
  });

  it('of a file that a command waits for runs it before the restart', async () => {
    world.outside.live.disk.set('/project/static/tasks.proto', '');
    await world.up();
    await world.save(1, 'static/tasks.proto');
    expect(world.container().asked).toEqual(['file /app/static/tasks.proto', 'run npm run codegen', ...restartTo(1)]);
  });

  it('whose command fails leaves the program as it is, and says so', async () => {
    await world.up();
    world.container().exitCode = 2;
    await world.save(1, 'static/tasks.proto');
    expect(world.container().asked).not.toContain('restart');
    expect(world.phase()).toMatchObject({ phase: 'failed', reason: 'it ended with exit code 2' });
  });
});

describe('an edit that needs an image', () => {
  it.each([
    ['package.json', 'package.json always needs a new image'],
    ['README.md', 'README.md is in no step of its live updates'],
  ])('%s is built, and the reason is told', async (file, why) => {
    await world.up();
    world.outside.live.disk.set(`/project/${file}`, '');
    world.outside.tags.set('backend', 'content-1');
    await world.save(1, file);
    expect(world.store.of('update.refused')).toMatchObject([{ edit: 1, why }]);
    expect(world.outside.builds.at(-1)?.tag).toBe('content-1');
    expect(world.phase()?.reason).toContain(why);
  });

  it('has all edits before it: nothing is sent to its pods', async () => {
    await world.up();
    await world.save(1, 'src/server.ts');
    world.outside.tags.set('backend', 'content-2');
    await world.save(2, 'package.json');
    world.outside.builds.at(-1)?.gate.open();
    await settle();
    world.show('backend-2', { image: 'backend:content-2' });
    await settle();
    expect(world.container().pod).toBe('backend-2');
    expect(world.container().asked).toEqual([]);
  });

  it('that is there before an update of its edit has been made out ends that', async () => {
    await world.up();
    const bundle = createGate<BundleResult>();
    world.outside.live.onBundle = () => bundle.promise;
    await world.save(1, 'src/server.ts');
    world.outside.tags.set('backend', 'content-1');
    const image = { repository: 'backend', tag: 'content-1', edit: 1 };
    world.store.dispatch({ type: 'build.succeeded', service: 'backend', image, reused: false, ms: 1 });
    bundle.open({ files: [{ name: 'server.js', content: Buffer.from('late') }], inputs: ['/project/src/server.ts'] });
    await settle();
    expect(world.store.of('update.prepared')).toEqual([]);
    expect(world.phase()?.phase).not.toBe('updating');
    world.show('backend-2', { image: 'backend:content-1' });
    await world.save(2, 'src/server.ts');
    expect(world.container().asked).toContain('file /app/server.js');
  });

  it('gets the edits that came while it was built', async () => {
    await world.up();
    world.outside.tags.set('backend', 'content-1');
    await world.save(1, 'package.json');
    await world.save(2, 'src/server.ts');
    expect(world.outside.builds).toHaveLength(2);
    world.outside.builds.at(-1)?.gate.open();
    await settle();
    world.show('backend-2', { image: 'backend:content-1' });
    await settle();
    expect(world.container().pod).toBe('backend-2');
    expect(world.container().asked).toEqual(['file /app/server.js', ...restartTo(2)]);
  });
});

describe('a bundle that fails', () => {
  const broken = async () => {
    throw outsideFault({ title: 'The bundle of server.ts failed', why: 'src/server.ts:3:7: Unexpected ";"' });
  };

  it('leaves the pod alone and is shown; the next save heals it', async () => {
    await world.up();
    const onBundle = world.outside.live.onBundle;
    world.outside.live.onBundle = broken;
    await world.save(1, 'src/server.ts');
    expect(world.container().asked).toEqual([]);
    expect(world.phase()).toMatchObject({ phase: 'failed', reason: 'src/server.ts:3:7: Unexpected ";"' });
    world.outside.live.onBundle = onBundle;
    await world.save(2, 'src/server.ts');
    expect(world.container().asked).toEqual(['file /app/server.js', ...restartTo(2)]);
    expect(world.phase()?.phase).toBe('ready');
  });

  it('takes the files of its edit along to the next', async () => {
    world.outside.live.disk.set('/project/static/a.txt', 'A');
    await world.up();
    const onBundle = world.outside.live.onBundle;
    world.outside.live.onBundle = broken;
    await world.save(1, 'src/server.ts', 'static/a.txt');
    world.outside.live.onBundle = onBundle;
    await world.save(2, 'src/server.ts');
    expect(world.container().files.get('/app/static/a.txt')).toBe('A');
  });
});

describe('a container that is started anew', () => {
  it('gets every edit since its image, and no connection before', async () => {
    await world.up();
    await world.save(1, 'src/server.ts');
    const listens = createGate<boolean>();
    world.outside.live.onConnect = async (pod) => Object.assign(createFakeContainer(pod), { listens: listens.promise });
    world.container().cut();
    await settle();
    expect(targetPod(world.store.getState(), 'backend')).toBeUndefined();
    listens.open(true);
    await settle();
    expect(world.outside.live.containers).toHaveLength(2);
    expect(world.container().asked).toEqual(['file /app/server.js', ...restartTo(1)]);
    expect(targetPod(world.store.getState(), 'backend')?.view.name).toBe('backend-1');
  });

  it('gets nothing again when only the way in was lost', async () => {
    await world.up();
    await world.save(1, 'src/server.ts');
    const { mark } = world.container();
    world.outside.live.onConnect = async (pod) => createFakeContainer(pod, mark);
    world.container().cut();
    await settle();
    expect(world.container().asked).toEqual([]);
    expect(targetPod(world.store.getState(), 'backend')?.view.name).toBe('backend-1');
  });

  it('is tried again with what could not be sent to the run before it', async () => {
    await world.up();
    await world.save(1, 'src/server.ts');
    const broken = Object.assign(createFakeContainer('backend-1'), { broken: new Error('ELOOP: too many links') });
    world.outside.live.onConnect = async () => broken;
    world.container().cut();
    await settle();
    expect(world.store.getState().pods['backend-1']?.update).toMatchObject({ status: 'failed', edit: 0 });
    world.outside.live.onConnect = async (pod) => createFakeContainer(pod);
    broken.cut();
    await settle();
    expect(world.container().asked).toEqual(['file /app/server.js', ...restartTo(1)]);
    expect(targetPod(world.store.getState(), 'backend')?.view.name).toBe('backend-1');
  });

  it('with the edits of another devloop in it is replaced', async () => {
    world.outside.live.onConnect = async (pod) => createFakeContainer(pod, 'another-devloop 7');
    await world.up();
    expect(world.outside.kubernetes.podsDeleted).toEqual(['backend-1']);
  });

  it('does not wait out its back-off when an edit may mend it', async () => {
    await world.up();
    await world.save(1, 'src/server.ts');
    world.container().cut();
    world.show('backend-1', { state: 'waiting', reason: 'CrashLoopBackOff', restarts: 1 });
    await settle();
    expect(world.outside.kubernetes.podsDeleted).toEqual([]);
    await world.save(2, 'src/server.ts');
    expect(world.outside.kubernetes.podsDeleted).toEqual(['backend-1']);
  });
});

describe('several pods', () => {
  it('get an edit side by side; a new one gets all of them', async () => {
    await world.up();
    world.show('backend-2');
    await settle();
    await world.save(1, 'src/server.ts');
    world.show('backend-3');
    await settle();
    for (const container of world.outside.live.containers)
      expect(container.asked).toEqual(['file /app/server.js', ...restartTo(1)]);
    expect(world.outside.live.containers.map(({ pod }) => pod)).toEqual(['backend-1', 'backend-2', 'backend-3']);
  });

  it('are told apart while they differ', async () => {
    await world.up();
    world.show('backend-2');
    await settle();
    world.container().listens = new Promise(() => {});
    await world.save(1, 'src/server.ts');
    expect(world.phase()).toMatchObject({ phase: 'updating', reason: '1 of 2 pods run edit 1' });
    expect(targetPod(world.store.getState(), 'backend')?.view.name).toBe('backend-1');
  });
});

describe('the newest edit', () => {
  it('does not wait for a program that does not come up with the one before', async () => {
    await world.up();
    world.container().listens = new Promise(() => {});
    await world.save(1, 'src/server.ts');
    expect(world.store.getState().pods['backend-1']?.update?.status).toBe('restarting');
    world.container().listens = true;
    await world.save(2, 'src/server.ts');
    expect(world.container().asked.slice(-4)).toEqual(['file /app/server.js', ...restartTo(2)]);
    expect(world.store.of('service.live').at(-1)?.edit).toBe(2);
  });
});

describe('a pod that cannot be updated', () => {
  it('as its image has no runner takes an image for each edit', async () => {
    world.outside.live.onConnect = async () => {
      throw usageFault({ title: 'No live updates', why: 'the image has neither Node nor a shell' });
    };
    await world.up();
    expect(world.store.of('update.unavailable')).toHaveLength(1);
    world.outside.tags.set('backend', 'content-1');
    await world.save(1, 'src/server.ts');
    expect(world.outside.builds).toHaveLength(2);
    expect(world.store.of('update.started')).toEqual([]);
  });

  it('as a path is not writable says which, and takes an image', async () => {
    await world.up();
    world.container().broken = usageFault({ title: 'Cannot write', why: '/app/server.js: EACCES', fix: 'chown it' });
    world.outside.tags.set('backend', 'content-1');
    await world.save(1, 'src/server.ts');
    expect(world.store.getState().pods['backend-1']?.update).toMatchObject({ status: 'failed', edit: 0 });
    expect(world.store.of('update.refused')).toMatchObject([{ why: '/app/server.js: EACCES' }]);
    expect(world.outside.builds).toHaveLength(2);
  });

  it('as nothing answers takes an image after ten seconds', async () => {
    world.outside.live.onConnect = async () => {
      throw new Error('connection refused');
    };
    await world.up();
    world.outside.tags.set('backend', 'content-1');
    await world.save(1, 'src/server.ts');
    expect(world.outside.builds).toHaveLength(1);
    for (let second = 0; second < 24; second += 1) {
      world.clock.advance(500);
      await settle();
    }
    expect(world.store.of('update.refused')).toMatchObject([{ edit: 1, why: 'connection refused' }]);
    expect(world.outside.builds).toHaveLength(2);
  });
});
