import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, readFileSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { faultOf } from '../fakes/fault-of.ts';
import type { TempFolder } from '../fakes/temp-folder.ts';
import { Containers, createLayer, file, idle, nodeKind, shellKinds, until } from './support.ts';

let layer: TempFolder;
beforeAll(() => {
  layer = createLayer();
});
afterAll(() => layer.remove());

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);
// Under init.sh the Node runner is the same: what differs there is in runners.test.ts.
describe.each([nodeKind, ...shellKinds])('$name', (kind) => {
  let containers: Containers;
  beforeAll(() => {
    containers = new Containers(layer, kind);
  });
  afterEach(() => containers.end());

  const startIdle = async (options = {}) => {
    const container = containers.start({ entrypoint: idle, ...options });
    await container.printed('up ');
    return { container, live: await container.connect(), at: container.folder.path };
  };

  describe('files', () => {
    it('are written with folders above them, names of all kinds and modes', async () => {
      const { live, at } = await startIdle();
      const names = [
        'plain',
        'a/b/c.txt',
        'with space',
        'Ünï/日本 🚲',
        'new\nline\n',
        '-rf',
        'q\'uo"te$HOME`*?[x]\\0040',
        '%',
      ];
      await live.apply(names.map((name) => file(name, `in ${name}`)));
      for (const name of names) expect(readFileSync(at(name), 'utf8')).toBe(`in ${name}`);
      await live.apply([
        file('empty', ''),
        file('tool', '#!', 0o755),
        file('secret', 'x', 0o600),
        file('odd', 'x', 0o640),
      ]);
      expect(['plain', 'tool', 'secret', 'odd'].map((name) => modeOf(at(name)))).toEqual(['644', '755', '600', '640']);
      expect(statSync(at('empty')).size).toBe(0);
      await live.apply([file('plain', 'shorter', 0o755), file('tool', '', 0o644)]);
      expect(readFileSync(at('plain'), 'utf8')).toBe('shorter');
      expect(['plain', 'tool'].map((name) => modeOf(at(name)))).toEqual(['755', '644']);
    });

    it('are written in place', async () => {
      const { live, at } = await startIdle({ files: { 'a.txt': 'a longer text than the next' } });
      const { ino } = statSync(at('a.txt'));
      await live.apply([file('a.txt', 'next')]);
      expect(statSync(at('a.txt')).ino).toBe(ino);
      expect(readFileSync(at('a.txt'), 'utf8')).toBe('next');
    });

    it('take the place of folders and links, and are given way to by folders', async () => {
      const { live, at } = await startIdle({ files: { 'folder/inner': '', 'other.txt': 'other', plain: '' } });
      symlinkSync('other.txt', at('link'));
      symlinkSync('nowhere', at('broken'));
      await live.apply([file('folder', '1'), file('link', '2'), file('broken', '3'), file('plain/deep/er', '4')]);
      expect(['folder', 'link', 'broken', 'plain/deep/er'].map((name) => readFileSync(at(name), 'utf8')).join('')).toBe(
        '1234',
      );
      expect(lstatSync(at('link')).isSymbolicLink()).toBe(false);
      expect(readFileSync(at('other.txt'), 'utf8')).toBe('other');
    });

    it('are replaced when only their folder can be written', async () => {
      const { live, at } = await startIdle({ files: { locked: 'old' }, ordinaryUser: true });
      chmodSync(at('locked'), 0o444);
      await live.apply([file('locked', 'new', 0o600)]);
      expect(modeOf(at('locked'))).toBe('600');
      expect((await live.digests(['locked']))[0]).toEqual({
        kind: 'file',
        mode: 0o600,
        sha256: sha256(Buffer.from('new')),
      });
    });

    it('that cannot be written are named, and the ones after them are written', async () => {
      const { live, at } = await startIdle({ ordinaryUser: true, files: { 'closed/x': '' } });
      chmodSync(at('closed'), 0o555);
      const big = Buffer.alloc(3_000_001, 'z');
      const fault = await faultOf(
        live.apply([
          file('closed/new.js', 'x'),
          file('closed/big', big),
          { kind: 'delete', path: 'closed/x' },
          file('after', 'y'),
        ]),
      );
      expect(fault.kind).toBe('usage');
      expect(fault.problem.title).toBe('Cannot write closed/new.js in pod pod-1');
      expect(fault.problem.why).toMatch(/^EACCES: .*ermission denied.*the container runs as user \d+$/);
      expect(fault.problem.fix).toContain('COPY --chown');
      expect(fault.problem.evidence).toHaveLength(2);
      expect(readFileSync(at('after'), 'utf8')).toBe('y');
      chmodSync(at('closed'), 0o755);
    });

    it('are deleted, links are made, and nothing of that goes through a link', async () => {
      const { live, at } = await startIdle({ files: { 'gone/a/b': '', one: '', 'kept/x': 'x' } });
      symlinkSync('kept', at('to-kept'));
      await live.apply([
        { kind: 'delete', path: 'gone' },
        { kind: 'delete', path: 'one' },
        { kind: 'delete', path: 'never/was' },
        { kind: 'delete', path: 'to-kept' },
        { kind: 'link', path: 'new/link', target: '../a target\n' },
        { kind: 'link', path: 'kept/x', target: '-n' },
      ]);
      expect(['gone', 'one', 'to-kept'].map((name) => existsSync(at(name)))).toEqual([false, false, false]);
      expect(existsSync(at('kept'))).toBe(true);
      expect(readlinkSync(at('new/link'))).toBe('../a target\n');
      expect(readlinkSync(at('kept/x'))).toBe('-n');
      expect(await live.digests(['new/link', 'kept', 'one', 'one/two'])).toEqual([
        { kind: 'link', target: '../a target\n' },
        { kind: 'folder' },
        { kind: 'missing' },
        { kind: 'missing' },
      ]);
    });

    it('of 20 MB and of a size between two blocks arrive whole', async () => {
      const { live, at } = await startIdle();
      const large = Buffer.alloc(20_000_000, 'some text that repeats, ');
      const contents = [large, Buffer.alloc(1_048_576, 1), Buffer.alloc(2_097_152, 2), Buffer.alloc(65_537, 3)];
      await live.apply(contents.map((content, index) => file(`f${index}`, content)));
      for (const [index, content] of contents.entries())
        expect(sha256(readFileSync(at(`f${index}`)))).toBe(sha256(content));
      expect((await live.digests(['f0']))[0]).toEqual({ kind: 'file', mode: 0o644, sha256: sha256(large) });
    });

    // A shell takes three processes for each.
    const many = kind === nodeKind ? 2000 : 200;
    it(`by the ${many} arrive whole, and again`, async () => {
      const { live, at } = await startIdle();
      const changes = (round: number) =>
        Array.from({ length: many }, (_, index) => file(`d${index % 20}/f${index}`, `${index} in round ${round}\n`));
      for (const round of [1, 2]) {
        await live.apply(changes(round));
        for (const index of [0, many / 2, many - 1]) {
          expect(readFileSync(at(`d${index % 20}/f${index}`), 'utf8')).toBe(`${index} in round ${round}\n`);
        }
      }
    }, 60_000);

    it('of which half was sent leave a container that serves the next connection', async () => {
      const { container, live, at } = await startIdle();
      live.close();
      await live.closed;
      const stream = await container.open();
      stream.write('1 file 644 100000 half\nonly this');
      await until(() => existsSync(at('half')));
      stream.destroy();
      const again = await container.connect();
      await again.apply([file('half', 'whole')]);
      expect(readFileSync(at('half'), 'utf8')).toBe('whole');
    });
  });
});
