import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Runner } from '../../src/engine/outside.ts';
import { Bundles } from '../../src/live/bundles.ts';
import { createLive, type LiveParts } from '../../src/live/create-live.ts';
import type { PodView } from '../../src/model/pod.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createPodConnection } from '../fakes/pod-stream.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { samplePod } from '../support/sample.ts';

const image = 'devloop.local/tasks/backend:abc';
const never = new AbortController().signal;
const opened: Duplex[] = [];
let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder({ 'src/server.ts': "console.log('hello');\n" });
});
afterEach(() => {
  for (const stream of opened.splice(0)) stream.destroy();
  folder.remove();
});

/** A pod that answers the first words of every connection with one line. */
function liveWith(runner: Runner, answer: string, change: Partial<LiveParts> = {}) {
  const asked: string[] = [];
  const heard: (() => string)[] = [];
  const open = async (what: string) => {
    asked.push(what);
    const { near, far, heard: text } = createPodConnection();
    opened.push(near, far);
    heard.push(text);
    text();
    far.once('data', () => far.write(answer));
    return near;
  };
  const live = createLive({
    bundles: new Bundles(folder.root),
    dial: (_namespace, pod, port) => open(`dial ${pod} ${port}`),
    exec: (_namespace, pod, container, command) => open(`exec ${pod} ${container} ${command.join(' ')}`),
    runnerOf: async () => runner,
    clock: createFakeClock(0),
    ...change,
  });
  return { live, asked, hellos: () => heard.map((text) => text().split('\n')[0]) };
}

const podOf = (change: object = {}): PodView => {
  const pod = samplePod('backend');
  return { ...pod, containers: pod.containers.map((container) => ({ ...container, ...change })) };
};
const containerOf = ({ containers }: PodView) => containers[0]?.name ?? '';

describe('a connection', () => {
  test('to a runner on Node is dialled, on the port that is its own', async () => {
    const { live, asked, hellos } = liveWith({ kind: 'node', token: 'secret' }, 'hello 1 node edit-7\n');
    const pod = podOf();
    const container = await live.connect(pod, containerOf(pod), image, never);
    expect(container.mark).toBe('edit-7');
    expect(asked).toEqual([`dial ${pod.name} 49210`]);
    expect(hellos()).toEqual([`hello 1 ${image} secret`]);
    container.close();
  });

  test('to a container with a shell is an agent in it', async () => {
    const { live, asked, hellos } = liveWith({ kind: 'shell' }, 'hello 1 shell %\n');
    const pod = podOf();
    const container = await live.connect(pod, containerOf(pod), image, never);
    expect(container.mark).toBeUndefined();
    expect(asked).toEqual([`exec ${pod.name} ${containerOf(pod)} sh /.devloop/agent.sh`]);
    expect(hellos()).toEqual([`hello 1 ${image} %`]);
    container.close();
  });

  test('that does not open says why', async () => {
    const exec = () => Promise.reject(new Error('container not running'));
    const { live } = liveWith({ kind: 'shell' }, '', { exec });
    const pod = podOf();
    const { kind, problem } = await faultOf(live.connect(pod, containerOf(pod), image, never));
    expect([kind, problem.title, problem.why]).toEqual([
      'outside',
      `Pod ${pod.name} takes no live updates`,
      'container not running',
    ]);
  });

  test.each(['none', 'absent'] as const)('to an image whose runner is %s is explained', async (kind) => {
    const { live, asked } = liveWith({ kind }, '');
    const pod = podOf();
    const fault = await faultOf(live.connect(pod, containerOf(pod), image, never));
    expect(fault.kind).toBe('usage');
    expect(fault.problem.why).toContain(kind === 'none' ? 'neither Node 18 nor a shell' : image);
    expect(fault.problem.why).toContain('each edit makes a new image');
    expect(fault.problem.fix).toContain('remove `live` of service backend');
    expect(asked).toEqual([]);
  });

  test('to a container whose command the chart sets is explained, before anything is asked', async () => {
    const { live, asked } = liveWith({ kind: 'node' }, '');
    const pod = podOf({ ownCommand: true });
    const name = containerOf(pod);
    const { kind, problem } = await faultOf(live.connect(pod, name, image, never));
    expect(kind).toBe('usage');
    expect(problem.why).toBe(
      `the chart sets \`command\` for container ${name}, which takes the place of the image's runner`,
    );
    expect(problem.fix).toBe(
      `Leave \`command\` out of container ${name} in the development values (\`args\` may stay), or remove \`live\` of service backend.`,
    );
    expect(asked).toEqual([]);
  });
});

test('bundles, files and lists are those of this machine', async () => {
  const bundles = new Bundles(folder.root);
  const { live } = liveWith({ kind: 'none' }, '', { bundles });
  const entry = folder.path('src/server.ts');
  const { files, inputs } = await live.bundle({ entry, to: '/app/server.mjs', external: [] });
  expect(files.map(({ name }) => name)).toEqual(['server.mjs', 'server.mjs.map']);
  expect(inputs).toEqual([entry]);
  expect(await live.read(entry, 'x')).toMatchObject({ kind: 'file', path: 'x' });
  expect(await live.list({ from: folder.path('src'), to: 'x', ignore: [] })).toEqual([entry]);
  await bundles.close();
});
