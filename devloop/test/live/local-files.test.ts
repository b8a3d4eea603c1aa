import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listSync, readChange } from '../../src/live/local-files.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder({
    'app/page.js': 'page',
    'app/lib/deep.js': 'deep',
    'app/lib/deep.test.js': 'test',
    'app/dist/out.js': 'out',
    'app/größe 1.txt': 'größe',
  });
});
afterEach(() => folder.remove());

describe('a change', () => {
  test('of a file has its bytes and its mode', async () => {
    const bytes = Buffer.from([0, 255, 10, 13]);
    const file = folder.path('app/tool');
    writeFileSync(file, bytes);
    chmodSync(file, 0o4750);
    expect(await readChange(file, '/app/tool')).toEqual({
      kind: 'file',
      path: '/app/tool',
      mode: 0o750,
      content: bytes,
    });
  });

  test('of a link has its target as it is written, whether or not that is there', async () => {
    symlinkSync('../nowhere', folder.path('app/link'));
    expect(await readChange(folder.path('app/link'), 'link')).toEqual({
      kind: 'link',
      path: 'link',
      target: '../nowhere',
    });
  });

  test.each(['app/gone.js', 'app/page.js/below'])('of what is not there is a delete: %s', async (file) => {
    expect(await readChange(folder.path(file), 'x')).toEqual({ kind: 'delete', path: 'x' });
  });

  test.each(['../lib', 'self', 'nowhere'])(
    'of what is below a link (to %s) is none: the link itself is sent',
    async (to) => {
      mkdirSync(folder.path('lib'), { recursive: true });
      writeFileSync(folder.path('lib/below.js'), '');
      symlinkSync(to, folder.path('app/self'));
      const read = (file: string, from: string) => readChange(folder.path(file), 'x', folder.path(from));
      expect(await read('app/self/below.js', 'app')).toBeUndefined();
      expect(await read('app/self/deep/below.js', '.')).toBeUndefined();
      expect(await read('app/self', 'app')).toMatchObject({ kind: 'link' });
    },
  );

  test('above which there is a link is a file, when that link is not in what is copied', async () => {
    mkdirSync(folder.path('lib'), { recursive: true });
    writeFileSync(folder.path('lib/below.js'), '');
    symlinkSync('../lib', folder.path('app/linked'));
    expect(await readChange(folder.path('app/linked/below.js'), 'x', folder.path('app/linked'))).toMatchObject({
      kind: 'file',
    });
  });

  test('of a folder or a socket is none', async () => {
    expect(await readChange(folder.path('app'), 'x')).toBeUndefined();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(folder.path('app/socket'), resolve));
    expect(await readChange(folder.path('app/socket'), 'x')).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('what a sync step covers', () => {
  const list = async (from: string, ignore: string[] = []) =>
    (await listSync({ from: folder.path(from), to: '/x', ignore })).map((file) => file.slice(folder.root.length + 1));

  test('is all files and links of the folder, in order', async () => {
    symlinkSync('lib', folder.path('app/link'));
    mkdirSync(folder.path('app/empty'));
    expect(await list('app')).toEqual([
      'app/dist/out.js',
      'app/größe 1.txt',
      'app/lib/deep.js',
      'app/lib/deep.test.js',
      'app/link',
      'app/page.js',
    ]);
  });

  test('leaves out what is ignored, and takes back what is excepted', async () => {
    expect(await list('app', ['dist/', '*.js', '!page.js'])).toEqual(['app/größe 1.txt', 'app/page.js']);
    expect(await list('app', ['/lib/*.test.js', '/dist'])).toEqual([
      'app/größe 1.txt',
      'app/lib/deep.js',
      'app/page.js',
    ]);
  });

  test('may be one file, or nothing', async () => {
    expect(await list('app/page.js')).toEqual(['app/page.js']);
    expect(await list('app/gone')).toEqual([]);
    expect(await list('app/page.js/below')).toEqual([]);
  });
});
