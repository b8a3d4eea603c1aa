import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LiveChange, LiveContainer } from '../../../src/engine/outside.ts';
import { runnerPorts } from '../../../src/live/protocol/ports.ts';
import type { PodView } from '../../../src/model/pod.ts';
import type { Container } from '../../../src/sandbox/store/objects.ts';
import { faultOf } from '../../fakes/fault-of.ts';
import { bundleRunner, liveUpdates } from './live-support.ts';
import { isReady, startTestNode, type TestNode, textOf, web } from './support.ts';

const image = 'devloop.local/tasks/web:0123456789ab';
const token = 'a-token';
/** Answers with the content of a file beside it, as it was when the program was started. */
const server = (text: string) =>
  `import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
const word = readFileSync('word.txt', 'utf8');
createServer((request, response) => response.end('${text} ' + word)).listen(4000);
`;

let it: TestNode;
let imageFolder: string;
beforeAll(async () => {
  it = await startTestNode();
  imageFolder = path.join(it.folder, 'image');
  const packages = path.join(it.folder, 'packages');
  await mkdir(path.join(imageFolder, 'sub'), { recursive: true });
  await mkdir(packages);
  await writeFile(path.join(packages, 'dep.js'), 'dep');
  await symlink(packages, path.join(imageFolder, 'node_modules'));
  const files = { 'server.mjs': server('one'), 'word.txt': 'word', 'sub/deep.txt': 'deep', 'image.json': '{}' };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(path.join(imageFolder, name), text)));
  it.images.set(image, {
    reference: image,
    id: `sandbox://${image}`,
    entrypoint: [],
    command: ['node', 'server.mjs'],
    folder: imageFolder,
    env: { FROM_IMAGE: 'yes' },
    live: { file: bundleRunner(it.folder), token },
  });
});
afterAll(() => it.close());

const readiness = { readinessProbe: { httpGet: { port: 4000, path: '/' }, periodSeconds: 5, timeoutSeconds: 500 } };
const start = (name: string, container: Partial<Container> = {}) =>
  it.run(name, { image, ports: [{ containerPort: 4000 }], ...readiness, ...container });
const copyOf = (name: string) => path.join(it.folder, 'node/pods', it.get(name).metadata.uid, 'containers/web/image');
const { signal } = new AbortController();
const connect = (name: string, says = token, to = image) => {
  const pod = { name, namespace: 'default', service: 'web', containers: [] } as unknown as PodView;
  return liveUpdates(it, says).connect(pod, 'web', to, signal);
};
const file = (name: string, text: string): LiveChange => ({
  kind: 'file',
  path: name,
  mode: 0o644,
  content: Buffer.from(text),
});

async function answer(name: string): Promise<string> {
  const socket = await it.node.dial(it.get(name), 4000);
  socket.end('GET / HTTP/1.0\r\n\r\n');
  return (await textOf(socket)).split('\r\n\r\n')[1] ?? '';
}
async function restart(container: LiveContainer): Promise<void> {
  await container.restart();
  expect(await container.listening(4000, 20_000)).toBe(true);
}
async function disconnect(container: LiveContainer): Promise<void> {
  container.close();
  await container.closed;
}
async function remove(name: string): Promise<void> {
  it.store.update('Pod', 'default', name, (copy) => {
    copy.metadata.deletionTimestamp = '2030-01-01T00:00:00Z';
    copy.metadata.deletionGracePeriodSeconds = 30;
  });
  await it.gone(name);
}
/** What runs in a process group. */
const membersOf = (group: string): string[] =>
  execFileSync('ps', ['-A', '-o', 'pgid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([id, state = '']) => id === group && !state.startsWith('Z'))
    .map(([_id, _state, ...program]) => program.join(' '));

describe('a container of an image with live updates', () => {
  test('takes files, and runs them when it is told to start anew', async () => {
    start('edits');
    await it.until('edits', isReady);
    expect(await answer('edits')).toBe('one word');
    const client = await connect('edits');
    await client.apply([file('server.mjs', server('two')), file('word.txt', 'changed')]);
    expect(await answer('edits')).toBe('one word');
    await restart(client);
    expect(await answer('edits')).toBe('two changed');
    expect(web(it.get('edits'))?.restartCount).toBe(0);
    await disconnect(client);
    // The image is as it was.
    expect(await readFile(path.join(imageFolder, 'server.mjs'), 'utf8')).toBe(server('one'));
  });

  test('has a copy of the folder, whose packages are a link, and no token', async () => {
    start('copy');
    await it.until('copy', isReady);
    const copy = copyOf('copy');
    expect((await readdir(copy)).sort()).toEqual(['node_modules', 'server.mjs', 'sub', 'word.txt']);
    expect(await readFile(path.join(copy, 'sub/deep.txt'), 'utf8')).toBe('deep');
    expect(lstatSync(path.join(copy, 'node_modules')).isSymbolicLink()).toBe(true);
    expect(await readFile(path.join(copy, 'node_modules/dep.js'), 'utf8')).toBe('dep');
  });

  test('refuses who does not have the token, or looks for another image', async () => {
    await it.until('copy', isReady);
    const whyOf = async (says: string, to: string) => (await faultOf(connect('copy', says, to))).problem.why;
    expect(await whyOf('another token', image)).toBe('its runner was started by another devloop');
    expect(await whyOf(token, 'devloop.local/tasks/web:other')).toBe(
      'the runner that answers is not that of devloop.local/tasks/web:other',
    );
    // Not from another pod either: it listens on the pod's loopback.
    expect(it.node.addressOf(it.get('copy'), runnerPorts[0] ?? 0)).toBeUndefined();
  });

  test('starts where its files are, wherever the spec says', async () => {
    start('elsewhere', { workingDir: '/tmp' });
    await it.until('elsewhere', isReady);
    const client = await connect('elsewhere');
    await client.apply([file('here.txt', 'here')]);
    expect(await readFile(path.join(copyOf('elsewhere'), 'here.txt'), 'utf8')).toBe('here');
    expect(existsSync('/tmp/here.txt')).toBe(false);
    await disconnect(client);
  });

  test('is as its image again when the kubelet has started it anew', async () => {
    start('again', { args: ['sh', '-c', 'test -e extra.txt && exit 3; exec node server.mjs'] });
    await it.until('again', isReady);
    const client = await connect('again');
    await client.apply([file('word.txt', 'changed')]);
    await client.apply([{ kind: 'delete', path: 'sub' }]);
    await client.setMark('edit 7');
    await client.apply([file('extra.txt', '')]);
    // Its program now ends with an error of its own, and the container with it.
    await client.restart();
    const pod = await it.until('again', (now) => web(now)?.restartCount === 1 && isReady(now));
    expect(web(pod)?.lastState?.terminated?.exitCode).toBe(3);
    await disconnect(client);
    expect(await answer('again')).toBe('one word');
    const next = await connect('again');
    expect(next.mark).toBeUndefined();
    const digests = await next.digests(['sub/deep.txt', 'extra.txt']);
    expect(digests.map(({ kind }) => kind)).toEqual(['file', 'missing']);
    await disconnect(next);
  });

  test('shares no files with a replica', async () => {
    start('left');
    start('right');
    await Promise.all([it.until('left', isReady), it.until('right', isReady)]);
    const client = await connect('left');
    await client.apply([file('word.txt', 'mine')]);
    await restart(client);
    await disconnect(client);
    const other = await connect('right');
    await restart(other);
    await disconnect(other);
    expect([await answer('left'), await answer('right')]).toEqual(['one mine', 'one word']);
  });

  test('leaves no process and no folder when its pod is deleted', async () => {
    // It ignores the signal, and has a child that does too.
    const stubborn = `echo $PPID > group; trap '' TERM; sh -c 'trap "" TERM; sleep 1000' & exec node -e "process.on('SIGTERM',()=>{});import('./server.mjs')"`;
    start('goes', { args: ['sh', '-c', stubborn] });
    await it.until('goes', isReady);
    const { uid } = it.get('goes').metadata;
    const group = (await readFile(path.join(copyOf('goes'), 'group'), 'utf8')).trim();
    // The runner, the program, its child and what that has started.
    expect(membersOf(group)).toHaveLength(4);
    const client = await connect('goes');
    await remove('goes');
    await disconnect(client);
    expect(membersOf(group)).toEqual([]);
    expect(existsSync(path.join(it.folder, 'node/pods', uid))).toBe(false);
  });

  test('is without the runner where the pod has a command of its own', async () => {
    start('own', { command: ['node', path.join(imageFolder, 'server.mjs')], workingDir: imageFolder });
    await it.until('own', isReady);
    expect(await answer('own')).toBe('one word');
    await expect(it.node.dial(it.get('own'), runnerPorts[0] ?? 0)).rejects.toThrow('Connection refused');
  });
});

describe('the ports of the runner', () => {
  test('two containers of a pod have each their own', async () => {
    const other = `${image}c`;
    const found = it.images.get(image);
    if (found) it.images.set(other, { ...found, reference: other, command: ['sleep', '1000'] });
    const one: Container = { name: 'web', image, imagePullPolicy: 'Never', ...readiness };
    it.run('both', {}, { containers: [one, { name: 'beside', image: other, imagePullPolicy: 'Never' }] });
    await it.until('both', ({ status }) => status?.containerStatuses?.every(({ ready }) => ready) === true);
    for (const to of [image, other]) {
      const client = await connect('both', token, to);
      await client.setMark(to);
      await disconnect(client);
    }
    const again = await connect('both', token, other);
    expect(again.mark).toBe(other);
    await disconnect(again);
  });

  test('a program without the hook gets a local port beneath it', async () => {
    // A shell is none that the hook runs in, whatever it starts then.
    const script = `test "$PORT" != 4000 && exec node -e "require('node:http').createServer((q,r)=>r.end('foreign')).listen(process.env.PORT)"`;
    start('foreign', { args: ['sh', '-c', script], env: [{ name: 'PORT', value: '4000' }] });
    await it.until('foreign', isReady);
    expect(await answer('foreign')).toBe('foreign');
    const client = await connect('foreign');
    await restart(client);
    expect(await answer('foreign')).toBe('foreign');
    await disconnect(client);
  });

  test('a port of this machine is no port of the container', async () => {
    await it.until('copy', isReady);
    const machine = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => machine.once('listening', resolve));
    const { port } = machine.address() as { port: number };
    const client = await connect('copy');
    expect(await client.listening(port, 50)).toBe(false);
    expect(await client.listening(4000, 20_000)).toBe(true);
    await disconnect(client);
    await new Promise((resolve) => machine.close(resolve));
  });
});
