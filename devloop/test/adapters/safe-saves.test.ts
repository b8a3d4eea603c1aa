import * as fs from 'node:fs';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { isEditorFile } from '../../src/adapters/files/editor-files.ts';
import { createWatchedFolder, type WatchedFolder } from '../fakes/watched-folder.ts';

jest.setTimeout(30_000);

describe('a file of an editor', () => {
  it.each<[string, boolean]>([
    ['.server.ts.swp', true],
    ['.server.ts.swo', true],
    ['.swp', false],
    ['4913', true],
    ['49130', false],
    ['server.ts~', true],
    ['~', false],
    ['.#server.ts', true],
    ['#server.ts#', true],
    ['#server.ts', false],
    ['##', false],
    ['server.ts___jb_tmp___', true],
    ['server.ts___jb_old___', true],
    ['.goutputstream-X7K2B2', true],
    ['.server.ts.kate-swp', true],
    ['.subl1a2.tmp', true],
    ['server.ts.sb-1a2b3c4d-Ef5G6h', true],
    ['server.ts', false],
    ['server.tmp', false],
    ['.env', false],
    ['..data', false],
  ])('%s: %s', (name, is) => {
    expect(isEditorFile(`/project/src/${name}`)).toBe(is);
  });
});

// Most of the time is waiting, in which the next one can begin.
describe('a save', () => {
  type At = WatchedFolder['path'];
  const all: WatchedFolder[] = [];
  const watch = async () => {
    const watched = await createWatchedFolder((root) => {
      for (const name of ['a.ts', 'b.ts']) fs.writeFileSync(`${root}/${name}`, 'first');
      fs.mkdirSync(`${root}/lib/deep`, { recursive: true });
      fs.writeFileSync(`${root}/lib/x.ts`, 'x');
      fs.writeFileSync(`${root}/lib/deep/y.ts`, 'y');
      fs.mkdirSync(`${root}/..1`);
      fs.writeFileSync(`${root}/..1/key`, '1');
      fs.symlinkSync('..1', `${root}/..data`);
      fs.symlinkSync('..data/key', `${root}/key`);
    });
    all.push(watched);
    return watched;
  };
  afterAll(() => Promise.all(all.map((one) => one.stop())));

  /** As the editors' own sources do it. */
  const ways: readonly [string, (at: At, text: string) => void][] = [
    ['in place', (at, text) => fs.writeFileSync(at('a.ts'), text)],
    [
      'of vim, which renames the old file and writes a new one',
      (at, text) => {
        fs.writeFileSync(at('.a.ts.swp'), 'swap');
        fs.writeFileSync(at('4913'), '');
        fs.rmSync(at('4913'));
        fs.renameSync(at('a.ts'), at('a.ts~'));
        fs.writeFileSync(at('a.ts'), text);
        fs.chmodSync(at('a.ts'), 0o644);
        fs.rmSync(at('a.ts~'));
      },
    ],
    [
      'of vim, which copies the old file',
      (at, text) => {
        fs.copyFileSync(at('a.ts'), at('a.ts~'));
        fs.writeFileSync(at('a.ts'), text);
        fs.rmSync(at('a.ts~'));
      },
    ],
    [
      'of JetBrains',
      (at, text) => {
        fs.writeFileSync(at('a.ts___jb_tmp___'), text);
        fs.renameSync(at('a.ts'), at('a.ts___jb_old___'));
        fs.renameSync(at('a.ts___jb_tmp___'), at('a.ts'));
        fs.rmSync(at('a.ts___jb_old___'));
      },
    ],
    [
      'of emacs, with its lock and its own save',
      (at, text) => {
        fs.symlinkSync('user@host.123:456', at('.#a.ts'));
        fs.writeFileSync(at('#a.ts#'), text);
        fs.renameSync(at('a.ts'), at('a.ts~'));
        fs.writeFileSync(at('a.ts'), text);
        fs.rmSync(at('#a.ts#'));
        fs.rmSync(at('.#a.ts'));
      },
    ],
    [
      'of a program that writes a file of any name and renames it',
      (at, text) => {
        fs.writeFileSync(at('a.ts.tmp.1234'), text);
        fs.renameSync(at('a.ts.tmp.1234'), at('a.ts'));
      },
    ],
    [
      'of gedit',
      (at, text) => {
        fs.writeFileSync(at('.goutputstream-AB12CD'), text);
        fs.linkSync(at('a.ts'), at('a.ts~'));
        fs.renameSync(at('.goutputstream-AB12CD'), at('a.ts'));
      },
    ],
  ];
  it.concurrent.each(ways)('%s is one edit of the file, and the same text none', async (_, save) => {
    const { path: at, edits } = await watch();
    save(at, 'second');
    expect(await edits()).toEqual([['a.ts']]);
    for (const left of ['a.ts~', '.a.ts.swp']) fs.rmSync(at(left), { force: true });
    save(at, 'second');
    expect(await edits()).toEqual([]);
    for (const left of ['a.ts~', '.a.ts.swp']) fs.rmSync(at(left), { force: true });
    save(at, 'third');
    expect(await edits()).toEqual([['a.ts']]);
  });

  it.concurrent.each<[string, (at: At) => void]>([
    ['a touch', (at) => fs.utimesSync(at('a.ts'), 1, 1)],
    [
      'another file of the same content in its place',
      (at) => {
        fs.writeFileSync(at('c'), 'first');
        fs.renameSync(at('c'), at('a.ts'));
      },
    ],
    [
      'a file that comes and goes',
      (at) => {
        fs.writeFileSync(at('c'), '');
        fs.rmSync(at('c'));
      },
    ],
    [
      'a rename there and back',
      (at) => {
        fs.renameSync(at('lib'), at('gone'));
        fs.renameSync(at('gone'), at('lib'));
      },
    ],
    ['a new folder', (at) => fs.mkdirSync(at('empty/er'), { recursive: true })],
  ])('%s is no edit', async (_, change) => {
    const { path: at, edits } = await watch();
    change(at);
    expect(await edits()).toEqual([]);
  });

  it.concurrent.each<[string, (at: At) => void, string[]]>([
    ['a mode that is for the owner only', (at) => fs.chmodSync(at('a.ts'), 0o600), ['a.ts']],
    ['chmod +x', (at) => fs.chmodSync(at('a.ts'), 0o755), ['a.ts']],
    ['the end of a file', (at) => fs.rmSync(at('a.ts')), ['a.ts']],
    [
      'two files that change places',
      (at) => {
        fs.writeFileSync(at('b.ts'), 'other');
        fs.renameSync(at('a.ts'), at('c.ts'));
        fs.renameSync(at('b.ts'), at('a.ts'));
        fs.renameSync(at('c.ts'), at('b.ts'));
      },
      ['a.ts'],
    ],
    [
      'a folder that is renamed',
      (at) => fs.renameSync(at('lib'), at('lib2')),
      ['lib/deep/y.ts', 'lib/x.ts', 'lib2/deep/y.ts', 'lib2/x.ts'],
    ],
    [
      'a folder that is replaced by another at once',
      (at) => {
        fs.mkdirSync(at('made'));
        fs.writeFileSync(at('made/x.ts'), 'x');
        fs.writeFileSync(at('made/z.ts'), 'z');
        fs.renameSync(at('lib'), at('old'));
        fs.renameSync(at('made'), at('lib'));
        fs.rmSync(at('old'), { recursive: true });
      },
      ['lib/deep/y.ts', 'lib/z.ts'],
    ],
    [
      'a link that is set anew, as the kubelet does it',
      (at) => {
        fs.mkdirSync(at('..2'));
        fs.writeFileSync(at('..2/key'), '2');
        fs.symlinkSync('..2', at('..data_tmp'));
        fs.renameSync(at('..data_tmp'), at('..data'));
        fs.rmSync(at('..1'), { recursive: true });
      },
      ['..1/key', '..2/key', '..data'],
    ],
    [
      'a link in place of a file',
      (at) => {
        fs.rmSync(at('a.ts'));
        fs.symlinkSync('b.ts', at('a.ts'));
      },
      ['a.ts'],
    ],
    ['a loop of links', (at) => fs.symlinkSync('..', at('lib/up')), ['lib/up']],
    ['a link to outside', (at) => fs.symlinkSync('/usr', at('lib/usr')), ['lib/usr']],
  ])('%s is one edit', async (_, change, files) => {
    const { path: at, edits } = await watch();
    change(at);
    // What the edits together say is one and the same; a rename of a folder may be heard of in two parts.
    expect([...new Set((await edits()).flat())].sort()).toEqual(files);
  });
});
