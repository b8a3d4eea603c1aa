import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadState, saveState, setAside } from '../../src/sandbox/state-file.ts';
import { ObjectStore } from '../../src/sandbox/store/object-store.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';

/** Milliseconds from a change to its being written. */
const restMs = 500;

let folder: TempFolder;
let file: string;
let clock: FakeClock;
let store: ObjectStore;

beforeEach(() => {
  folder = createTempFolder();
  file = folder.path('state.json');
  clock = createFakeClock(Date.parse('2026-01-31T14:03:21Z'));
  store = new ObjectStore(clock);
});

afterEach(() => folder.remove());

const createMap = (name: string) => store.create('ConfigMap', { metadata: { name }, data: { key: name } });
const createPod = (name: string) =>
  store.create('Pod', { metadata: { name }, spec: { containers: [{ name: 'main', image: 'busybox' }] } });

/** What a sandbox that starts now finds. */
function loaded(keeps?: Parameters<typeof loadState>[2]): ObjectStore {
  const next = new ObjectStore(clock);
  loadState(next, file, keeps);
  return next;
}

async function saved(work: () => void): Promise<void> {
  const saving = saveState(store, file, clock);
  work();
  await saving.close();
}

describe('the state of a sandbox', () => {
  it('is empty where there is no file', () => {
    expect(loaded().dump()).toEqual({ resourceVersion: 0, objects: [] });
  });

  it('comes back as it was, with its versions', async () => {
    await saved(() => {
      createMap('one');
      createPod('web');
      store.update('ConfigMap', 'default', 'one', (copy) => {
        copy.data = { key: 'changed' };
      });
      store.create('Namespace', { metadata: { name: 'other' } });
      store.remove('Namespace', '', 'other');
    });
    expect(loaded().dump()).toEqual(store.dump());
    expect(loaded().resourceVersion).toBe(5);
  });

  it('is found by who controls what', async () => {
    const controller = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u1', controller: true };
    await saved(() => {
      createPod('free');
      store.create('Pod', { metadata: { name: 'web-1', ownerReferences: [controller] }, spec: { containers: [] } });
    });
    const names = (uid?: string) =>
      loaded()
        .controlledBy('Pod', 'default', uid)
        .map(({ metadata }) => metadata.name);
    expect(names('u1')).toEqual(['web-1']);
    expect(names()).toEqual(['free']);
  });

  it('has changes of before no more: watches from then begin anew', async () => {
    await saved(() => {
      createMap('one');
      createMap('two');
    });
    expect(() => loaded().changesSince('ConfigMap', 1)).toThrow(/too old/);
    expect(loaded().changesSince('ConfigMap', 2)).toEqual([]);
  });

  it('goes on with versions that no client has seen', async () => {
    await saved(() => createMap('one'));
    const next = loaded();
    expect(next.create('ConfigMap', { metadata: { name: 'two' } }).metadata.resourceVersion).toBe('2');
  });

  it('forgets pods that were ending, and other objects that were not', async () => {
    await saved(() => {
      createPod('web');
      createPod('ending');
      createMap('ending');
      for (const kind of ['Pod', 'ConfigMap'] as const)
        store.update(kind, 'default', 'ending', ({ metadata }) => {
          metadata.deletionTimestamp = '2026-01-31T14:03:21Z';
          metadata.finalizers = ['example.com/held'];
        });
    });
    expect(
      loaded()
        .list('Pod')
        .map(({ metadata }) => metadata.name),
    ).toEqual(['web']);
    expect(loaded().list('ConfigMap')).toHaveLength(1);
  });

  it('is taken as far as it is wanted', async () => {
    await saved(() => {
      createPod('web');
      createMap('one');
    });
    const next = loaded(({ kind }) => kind !== 'Pod');
    expect(next.list('Pod')).toEqual([]);
    expect(next.list('ConfigMap')).toHaveLength(1);
    expect(next.resourceVersion).toBe(store.resourceVersion);
  });

  it.each([
    ['is no JSON', '{ "version": 1,', /JSON/],
    ['is of another version', '{ "version": 2, "objects": [] }', /it has version 2, not 1/],
    ['is something else', '{ "hello": "world" }', /it has version undefined/],
  ])('that %s is refused, with the way out', async (_, text, why) => {
    writeFileSync(file, text);
    const { problem, kind } = await faultOf(() => loaded());
    expect(kind).toBe('environment');
    expect(problem.why).toContain(file);
    expect(problem.why).toMatch(why);
    expect(problem.fix).toMatch(/Remove that file/);
  });

  it('that cannot be read is refused', async () => {
    mkdirSync(file);
    expect((await faultOf(() => loaded())).problem.why).toMatch(/EISDIR/);
  });
});

describe('a state that is set aside', () => {
  it('is kept beside, and the next one begins anew', () => {
    writeFileSync(file, 'garbage');
    const kept = setAside(file, 1234);
    expect(readFileSync(kept, 'utf8')).toBe('garbage');
    expect(kept).toBe(`${file}.unreadable-1234`);
    expect(loaded().list('ConfigMap')).toEqual([]);
  });

  it('may be a folder', () => {
    mkdirSync(file);
    expect(existsSync(setAside(file, 1))).toBe(true);
    expect(existsSync(file)).toBe(false);
  });
});

describe('saving', () => {
  it('waits until changes rest, and writes them all at once', async () => {
    const saving = saveState(store, file, clock);
    createMap('one');
    createMap('two');
    expect(clock.pending()).toBe(1);
    clock.advance(restMs - 1);
    expect(existsSync(file)).toBe(false);
    clock.advance(1);
    expect(clock.pending()).toBe(0);
    createMap('three');
    expect(clock.pending()).toBe(1);
    await saving.close();
    expect(clock.pending()).toBe(0);
    expect(loaded().list('ConfigMap')).toHaveLength(3);
  });

  it('writes in the order of the changes', async () => {
    const saving = saveState(store, file, clock);
    for (let index = 0; index < 20; index += 1) {
      createMap(`map-${index}`);
      clock.advance(restMs);
    }
    await saving.close();
    expect(loaded().list('ConfigMap')).toHaveLength(20);
  });

  it('leaves one file, of this user only', async () => {
    await saved(() => store.create('Secret', { metadata: { name: 'key' }, data: { API_KEY: 'c2VjcmV0' } }));
    expect(readdirSync(folder.root)).toEqual(['state.json']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('hears nothing after its end', async () => {
    await saved(() => createMap('one'));
    createMap('two');
    expect(clock.pending()).toBe(0);
    expect(loaded().list('ConfigMap')).toHaveLength(1);
  });

  it('writes at the end even when nothing changed', async () => {
    await saved(() => {});
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ version: 1, resourceVersion: 0, objects: [] });
  });

  it('tells at the end when it could not write', async () => {
    const saving = saveState(store, file, clock);
    rmSync(folder.root, { recursive: true });
    createMap('one');
    clock.advance(restMs);
    await expect(saving.close()).rejects.toThrow(/ENOENT/);
  });

  it('makes up at the end for a write that failed', async () => {
    const saving = saveState(store, file, clock);
    mkdirSync(`${file}.new`);
    createMap('one');
    clock.advance(restMs);
    await new Promise(setImmediate);
    rmSync(`${file}.new`, { recursive: true });
    await saving.close();
    expect(loaded().list('ConfigMap')).toHaveLength(1);
  });
});
