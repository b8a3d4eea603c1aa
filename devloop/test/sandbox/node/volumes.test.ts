import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeParents } from '../../../src/sandbox/node/volumes/parents.ts';
import type { Pod } from '../../../src/sandbox/store/objects.ts';
import { isReady, startTestNode, type TestNode, textOf } from './support.ts';

type Volume = NonNullable<Pod['spec']['volumes']>[number];
const query = { container: 'web', follow: false, previous: false, timestamps: false };
let it: TestNode;
beforeAll(async () => {
  it = await startTestNode();
  it.store.create('ConfigMap', { metadata: { name: 'cm', namespace: 'default' }, data: { a: 'first', b: 'second' } });
  it.store.create('Secret', {
    metadata: { name: 'sec', namespace: 'default' },
    data: { word: Buffer.from('secret').toString('base64') },
  });
});
afterAll(() => it.close());

/** Runs a script with one volume at `/no-such-place/v`, to its end. */
async function output(name: string, source: Partial<Volume>, script: string, mount = {}): Promise<string> {
  it.run(
    name,
    {
      command: ['sh', '-c', script],
      env: [{ name: 'POD', value: 'east' }],
      resources: { limits: { memory: '64Mi' } },
      volumeMounts: [{ name: 'v', mountPath: '/no-such-place/v', ...mount }],
    },
    { restartPolicy: 'Never', volumes: [{ name: 'v', ...source }] },
  );
  const pod = await it.until(name, ({ status }) => ['Succeeded', 'Failed'].includes(status?.phase ?? ''));
  return textOf(await it.node.logs(pod, query));
}

test('a mount over a folder of this machine changes the env of the container, and not where programs are found', async () => {
  const folder = (process.env['PATH'] ?? '').split(path.delimiter).findLast((one) => one.startsWith('/')) ?? '';
  const script = 'echo "$OWN"; echo ":$PATH:"';
  it.run(
    'over',
    {
      command: ['sh', '-c', script],
      env: [{ name: 'OWN', value: `${folder}/file` }],
      volumeMounts: [{ name: 'v', mountPath: folder }],
    },
    { restartPolicy: 'Never', volumes: [{ name: 'v', emptyDir: {} }] },
  );
  const pod = await it.until('over', ({ status }) => ['Succeeded', 'Failed'].includes(status?.phase ?? ''));
  const [own = '', found = ''] = (await textOf(await it.node.logs(pod, query))).split('\n');
  expect(own).toMatch(/volumes.*\/file$/);
  expect(own).not.toContain(folder);
  expect(found).toContain(`:${folder}:`);
});

describe('volumes of objects', () => {
  test('downwardAPI', async () => {
    const items = [
      { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
      { path: 'deep/name', fieldRef: { fieldPath: 'metadata.name' } },
      { path: 'memory', resourceFieldRef: { containerName: 'web', resource: 'limits.memory', divisor: '1Mi' } },
    ];
    const script = 'cd /no-such-place/v; cat labels; echo; cat deep/name; echo; cat memory';
    expect(await output('down', { downwardAPI: { items } }, script)).toBe('app="down"\ndown\n64');
  });

  test('projected', async () => {
    const sources = [
      { configMap: { name: 'cm', items: [{ key: 'b', path: 'deep/b' }] } },
      { secret: { name: 'sec' } },
      { configMap: { name: 'none', optional: true } },
    ];
    const script = 'cd /no-such-place/v; find . -type f -o -type l | grep -v "[.][.]" | sort; cat word deep/b';
    expect(await output('projected', { projected: { sources } }, script)).toBe('./deep\n./word\nsecretsecond');
  });

  test('what is missing is told of each volume, and one that nobody mounts is not looked at', async () => {
    const sources = [{ configMap: { name: 'none' } }, { secret: { name: 'none' } }];
    const volumes = [
      { name: 'v', projected: { sources } },
      { name: 'w', secret: { secretName: 'sec', items: [{ key: 'x', path: 'x' }] } },
      { name: 'unused', configMap: { name: 'none' } },
    ];
    const volumeMounts = ['v', 'w'].map((name) => ({ name, mountPath: `/${name}` }));
    it.run('missing', { volumeMounts }, { volumes });
    await it.untilEvent('missing Warning FailedMount MountVolume.SetUp failed for volume "w"');
    const events = it.events.filter((event) => event.startsWith('missing '));
    expect([...new Set(events)]).toEqual([
      'missing Warning FailedMount MountVolume.SetUp failed for volume "v" : [configmap "none" not found, secret "none" not found] kubelet',
      'missing Warning FailedMount MountVolume.SetUp failed for volume "w" : references non-existent secret key: x kubelet',
    ]);
  });

  test('files change with their ConfigMap while the pod runs', async () => {
    it.store.create('ConfigMap', { metadata: { name: 'changes', namespace: 'default' }, data: { key: 'old' } });
    it.run(
      'refresh',
      {
        command: ['sh', '-c', 'echo $(cat /v/key); until grep -q new /v/key; do sleep 0.02; done; cat /v/key; ls /v'],
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      },
      { restartPolicy: 'Never', volumes: [{ name: 'v', configMap: { name: 'changes' } }] },
    );
    const pod = await it.until('refresh', isReady);
    const log = await it.node.logs(pod, { ...query, follow: true });
    const chunks = log[Symbol.asyncIterator]();
    const { value: first } = await chunks.next();
    it.store.update('ConfigMap', 'default', 'changes', (copy) => {
      copy.data = { key: 'new', more: 'x' };
    });
    expect(`${first}${await textOf({ [Symbol.asyncIterator]: () => chunks })}`).toMatch(/^old\nnew(key\n)?(more\n)?$/);
  });
});

describe('a sub path', () => {
  test('of one file: the folder around it holds nothing else', async () => {
    const mount = { mountPath: '/no-such-place/v/only', subPath: 'b' };
    expect(
      await output('sub-file', { configMap: { name: 'cm' } }, 'cat /no-such-place/v/only; ls /no-such-place/v', mount),
    ).toBe('secondonly\n');
  });

  test('that is not there becomes a folder, and may come of the env', async () => {
    const mount = { subPathExpr: 'of/$(POD)' };
    const script = 'touch /no-such-place/v/file; pwd -P >/dev/null; cd /no-such-place/v && pwd';
    expect(await output('sub-env', { emptyDir: {} }, script, mount)).toMatch(/\/volumes\/v\/of\/east\n$/);
  });

  test('the folders above mounts', async () => {
    const folder = path.join(it.folder, 'parents');
    const file = path.join(it.folder, 'file');
    await writeFile(file, 'text');
    const mounts = [
      { mountPath: '/no-such-place/a/b', source: file },
      { mountPath: '/no-such-place/c/', source: it.folder },
      { mountPath: '/no-such-place/c/inner', source: file },
      { mountPath: `${it.folder}/x`, source: file },
      { mountPath: '/no-such-top', source: file },
    ];
    const made = await makeParents(folder, mounts);
    expect(made).toEqual([{ mountPath: '/no-such-place', source: path.join(folder, '%2Fno-such-place') }]);
    expect(await readFile(path.join(folder, '%2Fno-such-place/a/b'), 'utf8')).toBe('text');
    expect(await readFile(path.join(folder, '%2Fno-such-place/c/file'), 'utf8')).toBe('text');
    // A restart makes them again.
    expect(await makeParents(folder, mounts)).toEqual(made);
  });
});

describe('folders of this machine', () => {
  test('a claim', async () => {
    const place = path.join(it.folder, 'claimed');
    it.store.create('PersistentVolume', { metadata: { name: 'pv' }, spec: { hostPath: { path: place } } });
    it.store.create('PersistentVolumeClaim', {
      metadata: { name: 'claim', namespace: 'default' },
      spec: { volumeName: 'pv' },
    });
    const source = { persistentVolumeClaim: { claimName: 'claim' } };
    await output('claim-one', source, 'echo kept > /no-such-place/v/file');
    expect(await output('claim-two', source, 'cat /no-such-place/v/file')).toBe('kept\n');
    expect(await readFile(path.join(place, 'file'), 'utf8')).toBe('kept\n');
  });

  test.each<[string, string, string]>([
    ['claim-none', 'none', 'persistentvolumeclaim "none" not found'],
    ['claim-unbound', 'unbound', 'PVC "default/unbound" is not bound'],
  ])('%s', async (name, claimName, message) => {
    if (claimName === 'unbound')
      it.store.create('PersistentVolumeClaim', { metadata: { name: 'unbound', namespace: 'default' }, spec: {} });
    const volumes = [{ name: 'v', persistentVolumeClaim: { claimName } }];
    it.run(name, { volumeMounts: [{ name: 'v', mountPath: '/v' }] }, { volumes });
    await it.untilEvent(`${name} Warning FailedMount MountVolume.SetUp failed for volume "v" : ${message}`);
  });

  test('a hostPath', async () => {
    const host = path.join(it.folder, 'host');
    await mkdir(host);
    await writeFile(path.join(host, 'file'), 'of the host');
    await symlink(path.join(host, 'file'), path.join(host, 'link'));
    const read = (name: string, hostPath: NonNullable<Volume['hostPath']>, script: string) =>
      output(name, { hostPath }, script);
    expect(await read('host-dir', { path: host, type: 'Directory' }, 'cat /no-such-place/v/file')).toBe('of the host');
    expect(await read('host-file', { path: path.join(host, 'link'), type: 'File' }, 'cat /no-such-place/v')).toBe(
      'of the host',
    );
    expect(await read('host-new', { path: path.join(host, 'new/deep') }, 'ls /no-such-place/v; echo made')).toBe(
      'made\n',
    );
    expect(
      await read('host-touch', { path: path.join(host, 'made'), type: 'FileOrCreate' }, 'wc -c < /no-such-place/v'),
    ).toMatch(/^\s*0\n$/);
  });

  test.each([
    ['Directory', '/etc/passwd', 'directory'],
    ['Directory', '/no/such', 'directory'],
    ['File', '/etc', 'file'],
    ['Socket', '/etc', 'socket file'],
    ['CharDevice', '/etc', 'character device'],
  ])('a hostPath of type %s is not %s', async (type, place, what) => {
    const name = `type-${Math.random().toString(36).slice(2)}`;
    const volumes = [{ name: 'v', hostPath: { path: place, type } }];
    it.run(name, { volumeMounts: [{ name: 'v', mountPath: '/v' }] }, { volumes });
    await it.untilEvent(
      `${name} Warning FailedMount MountVolume.SetUp failed for volume "v" : hostPath type check failed: ${place} is not a ${what}`,
    );
  });
});
