import { describe, expect, it } from '@jest/globals';
import { writeMark } from '../../../src/engine/update/mark.ts';
import { verifyPods } from '../../../src/engine/update/verify-pods.ts';
import { outsideFault } from '../../../src/model/errors.ts';
import type { PodView } from '../../../src/model/pod.ts';
import type { LiveSpec } from '../../../src/model/project.ts';
import { createFakeContainer, type FakeLiveContainer } from '../../fakes/live.ts';
import { createFakeOutside } from '../../fakes/outside.ts';
import { sampleContainer, samplePod, sampleService } from '../../support/sample.ts';

const live: LiveSpec = {
  bundle: { entry: '/project/src/server.ts', to: '/app/server.js', external: [] },
  sync: [{ from: '/project/static', to: '/app/static', ignore: ['*.tmp'] }],
  run: [],
  restart: true,
  rebuild: [],
};
const service = { ...sampleService('backend', 4000), live };
const marked = (isBundled: boolean) => writeMark({ session: 'one', edit: 3, isBundled });

function setUp(container: FakeLiveContainer) {
  const outside = createFakeOutside();
  outside.live.disk.set('/project/static/a.txt', 'a').set('/project/static/b.txt', 'b');
  outside.live.onConnect = async () => container;
  outside.live.onBundle = async () => ({
    files: [
      { name: 'server.js', content: Buffer.from('program') },
      { name: 'server.js.map', content: Buffer.from('map') },
    ],
    inputs: [],
  });
  const check = async (pod: PodView = samplePod('backend'), needs: Partial<typeof outside> = {}) => {
    const all = await verifyPods({ ...outside, ...needs }, service, '/project', [pod], new AbortController().signal);
    return all[0];
  };
  return { outside, check };
}

/** A container that has the synced files, and others over them. */
function containerWith(files: Readonly<Record<string, string>> = {}, mark?: string): FakeLiveContainer {
  const container = createFakeContainer('backend-7d9f-0', mark);
  for (const [path, text] of Object.entries({ '/app/static/a.txt': 'a', '/app/static/b.txt': 'b', ...files }))
    container.files.set(path, text);
  return container;
}

describe('a container', () => {
  const pod = 'backend-7d9f-0';

  it('that runs its image has the synced files', async () => {
    const { check } = setUp(containerWith());
    expect(await check()).toEqual({ pod, compared: 2, differences: [] });
  });

  it('to which only files were sent still runs the program of its image', async () => {
    const { check } = setUp(containerWith({ '/app/server.js': 'of the image' }, marked(false)));
    expect(await check()).toEqual({ pod, compared: 2, differences: [] });
  });

  it('to which a bundle was sent has that too', async () => {
    const { check } = setUp(containerWith({ '/app/server.js': 'program', '/app/server.js.map': 'map' }, marked(true)));
    expect(await check()).toEqual({ pod, compared: 4, differences: [] });
  });

  it('lacks files, or has others', async () => {
    const container = containerWith({ '/app/server.js': 'older', '/app/static/b.txt': 'other' }, marked(true));
    container.files.delete('/app/static/a.txt');
    const { check } = setUp(container);
    expect(await check()).toEqual({
      pod,
      compared: 4,
      differences: [
        { path: '/app/static/a.txt', how: 'missing' },
        { path: '/app/static/b.txt', how: 'other content' },
        { path: '/app/server.js', how: 'other content' },
        { path: '/app/server.js.map', how: 'missing' },
      ],
    });
  });

  it('has another mode, another link, or another kind of file', async () => {
    const container = containerWith();
    const { check, outside } = setUp(container);
    for (const name of ['c', 'd']) outside.live.disk.set(`/project/static/${name}`, 'target');
    const { read } = outside.live;
    const isLink = (file: string) => /\/[cd]$/.test(file);
    const links = async (file: string, path: string) =>
      isLink(file) ? ({ kind: 'link', path, target: 'target' } as const) : read(file, path);
    const [a, b] = await container.digests(['/app/static/a.txt', '/app/static/b.txt']);
    container.digests = async () => [
      { ...a, kind: 'file', mode: 0o755, sha256: a?.kind === 'file' ? a.sha256 : '' },
      { kind: 'folder' },
      { kind: 'link', target: 'elsewhere' },
      b ?? { kind: 'missing' },
    ];
    expect(await check(samplePod('backend'), { live: { ...outside.live, read: links } })).toEqual({
      pod,
      compared: 4,
      differences: [
        { path: '/app/static/a.txt', how: 'other mode' },
        { path: '/app/static/b.txt', how: 'another kind of file' },
        { path: '/app/static/c', how: 'other link target' },
        { path: '/app/static/d', how: 'another kind of file' },
      ],
    });
  });

  it('is not asked for what is in no image', async () => {
    const { check, outside } = setUp(containerWith());
    for (const name of ['x.tmp', 'secret.env']) outside.live.disk.set(`/project/static/${name}`, 'text');
    const imageFiles = () => (file: string) => !file.endsWith('.env');
    expect(await check(samplePod('backend'), { files: { ...outside.files, imageFiles } })).toEqual({
      pod,
      compared: 2,
      differences: [],
    });
  });

  it('is let go of afterwards', async () => {
    const container = containerWith();
    await setUp(container).check();
    await expect(container.closed).resolves.toBeUndefined();
  });
});

describe('a pod that cannot be looked at says why', () => {
  it.each<[string, PodView, string]>([
    [
      'its container waits',
      samplePod('backend', 0, {
        containers: [sampleContainer('backend', 0, { state: 'waiting', reason: 'CrashLoopBackOff' })],
      }),
      'its container is CrashLoopBackOff',
    ],
    [
      'it runs an image of somebody else',
      samplePod('backend', 0, { containers: [sampleContainer('backend', 0, { image: 'busybox:1' })] }),
      'it has no container of an image of devloop',
    ],
  ])('%s', async (_, pod, why) => {
    expect(await setUp(containerWith()).check(pod)).toEqual({
      pod: pod.name,
      problem: { title: `Pod ${pod.name} cannot be verified`, why },
    });
  });

  it('the runner does not answer', async () => {
    const { check, outside } = setUp(containerWith());
    const problem = { title: 'Pod backend-7d9f-0 takes no live updates', why: 'no answer' };
    outside.live.onConnect = async () => Promise.reject(outsideFault(problem));
    expect(await check()).toEqual({ pod: 'backend-7d9f-0', problem });
  });

  it('the bundle does not compile', async () => {
    const container = containerWith({}, marked(true));
    const { check, outside } = setUp(container);
    const problem = { title: 'The bundle does not compile', why: 'server.ts:1: Unexpected ";"' };
    outside.live.onBundle = async () => Promise.reject(outsideFault(problem));
    expect(await check()).toEqual({ pod: 'backend-7d9f-0', problem });
    await expect(container.closed).resolves.toBeUndefined();
  });
});
