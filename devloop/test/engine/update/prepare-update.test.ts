import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BundleMemory } from '../../../src/engine/update/prepare-update.ts';
import { prepareUpdate } from '../../../src/engine/update/prepare-update.ts';
import type { LiveSpec } from '../../../src/model/project.ts';
import { createFakeLive, type FakeLive } from '../../fakes/live.ts';
import { sampleService } from '../../support/sample.ts';

const service = sampleService('backend', 4000);
const bundled: LiveSpec = {
  bundle: { entry: '/project/src/server.ts', to: '/app/server.js', external: [] },
  sync: [],
  run: [],
  restart: true,
  rebuild: ['package.json'],
};
const synced: LiveSpec = {
  sync: [{ from: '/project/web', to: '/app', ignore: [] }],
  run: [],
  restart: false,
  rebuild: [],
};

let live: FakeLive;
let memory: BundleMemory;
beforeEach(() => {
  live = createFakeLive();
  memory = { sent: new Map() };
});

const bundleOf = (text: string, ...inputs: string[]) => ({
  files: [
    { name: 'server.js', content: Buffer.from(text) },
    { name: 'server.js.map', content: Buffer.from('map') },
  ],
  inputs,
});
const inImage = new Set(['/project/README.md']);
const prepare = (spec: LiveSpec, ...files: string[]) =>
  prepareUpdate(live, service, spec, '/project', files, inImage, memory);
async function targets(work: ReturnType<typeof prepare>): Promise<string[]> {
  const made = await work;
  if (made.kind === 'refused') throw new Error(`refused: ${made.why}`);
  return made.changes.map(({ target }) => target);
}

describe('a bundle', () => {
  it('is sent whole when an input changed', async () => {
    live.onBundle = async () => bundleOf('one', '/project/src/server.ts', '/project/src/store.ts');
    expect(await targets(prepare(bundled, '/project/src/store.ts'))).toEqual(['/app/server.js', '/app/server.js.map']);
  });

  it('is not sent when it comes out the same', async () => {
    live.onBundle = async () => bundleOf('one', '/project/src/server.ts');
    await prepare(bundled, '/project/src/server.ts');
    expect(await targets(prepare(bundled, '/project/src/server.ts'))).toEqual([]);
  });

  it('covers a file that is new, and one that is no input any more', async () => {
    live.onBundle = async () => bundleOf('one', '/project/src/server.ts', '/project/src/old.ts');
    await prepare(bundled, '/project/src/server.ts');
    live.onBundle = async () => bundleOf('two', '/project/src/server.ts', '/project/src/new.ts');
    const files = ['/project/src/old.ts', '/project/src/new.ts', '/project/src/server.ts'];
    expect(await targets(prepare(bundled, ...files))).toEqual(['/app/server.js']);
  });

  it('refuses a file that it is not made of', async () => {
    live.onBundle = async () => bundleOf('one', '/project/src/server.ts');
    expect(await prepare(bundled, '/project/README.md')).toEqual({
      kind: 'refused',
      why: 'README.md is in no step of its live updates',
    });
  });

  it('that was refused counts as not sent', async () => {
    live.onBundle = async () => bundleOf('one', '/project/src/server.ts');
    live.disk.set('/project/README.md', '');
    expect(await prepare(bundled, '/project/src/server.ts', '/project/README.md')).toMatchObject({ kind: 'refused' });
    expect(await targets(prepare(bundled, '/project/src/server.ts'))).toHaveLength(2);
  });

  it('passes over a file that came and went', async () => {
    live.onBundle = async () => bundleOf('one', '/project/src/server.ts');
    await prepare(bundled, '/project/src/server.ts');
    expect(await targets(prepare(bundled, '/project/src/sed1234'))).toEqual([]);
  });

  it('is not made for a file that always needs an image', async () => {
    live.onBundle = async () => {
      throw new Error('bundled');
    };
    expect(await prepare(bundled, '/project/package.json')).toEqual({
      kind: 'refused',
      why: 'package.json always needs a new image',
    });
  });

  it('that failed is made again whatever file changes next', async () => {
    live.onBundle = async () => {
      throw new Error('server.ts:1: unexpected');
    };
    await expect(prepare(bundled, '/project/src/server.ts')).rejects.toThrow('unexpected');
    live.onBundle = async () => bundleOf('healed', '/project/src/server.ts');
    expect(await targets(prepare(bundled, '/project/src/server.ts'))).toHaveLength(2);
  });

  it('can go to the folder that the container starts in', async () => {
    live.onBundle = async () => bundleOf('one', '/project/src/server.ts');
    const spec = { ...bundled, bundle: { entry: '/project/src/server.ts', to: 'server.js', external: [] } };
    expect(await targets(prepare(spec, '/project/src/server.ts'))).toEqual(['server.js', 'server.js.map']);
  });
});

describe('synced files', () => {
  it('go from the disk, when they are sent', async () => {
    const made = await prepare(synced, '/project/web/page.tsx');
    expect(made).toEqual({
      kind: 'changes',
      changes: [{ target: '/app/page.tsx', source: { file: '/project/web/page.tsx', from: '/project/web' } }],
    });
  });

  it('whose folder is gone take the outermost one with them', async () => {
    live.disk.set('/project/web/other.ts', '');
    const made = await prepare(synced, '/project/web/a/b/c.ts');
    const source = { file: '/project/web/a', from: '/project/web' };
    expect(made).toEqual({ kind: 'changes', changes: [{ target: '/app/a', source }] });
  });

  it('in a folder that is still there go alone', async () => {
    live.disk.set('/project/web/a/other.ts', '');
    expect(await targets(prepare(synced, '/project/web/a/gone.ts'))).toEqual(['/app/a/gone.ts']);
  });

  it('are not enough for a file beside them', async () => {
    live.disk.set('/project/b.ts', '');
    expect(await prepare(synced, '/project/web/a.ts', '/project/b.ts')).toMatchObject({ kind: 'refused' });
  });
});
