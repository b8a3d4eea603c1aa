import { afterEach, describe, expect, it } from '@jest/globals';
import { contextFilter, ignoreFileOf } from '../../src/adapters/files/docker-ignore.ts';
import { createGitIgnore } from '../../src/adapters/files/git-ignore.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let folder: TempFolder | undefined;
afterEach(() => folder?.remove());

describe('.dockerignore', () => {
  function filterOf(text: string) {
    folder = createTempFolder({ '.dockerignore': text, Dockerfile: '' });
    return contextFilter({ context: folder.root, dockerfile: folder.path('Dockerfile'), args: {}, repository: 'x' });
  }

  it.each<[string, string, boolean]>([
    ['node_modules', 'node_modules/a/index.js', false],
    ['node_modules', 'apps/node_modules/a.js', true],
    ['**/node_modules', 'apps/node_modules/a.js', false],
    ['*.md', 'README.md', false],
    ['*.md', 'docs/README.md', true],
    ['**/*.test.ts', 'src/a.test.ts', false],
    ['/dist', 'dist/a.js', false],
    ['# dist', 'dist/a.js', true],
    ['*\n!src', 'src/a.ts', true],
    ['*\n!src', 'README.md', false],
    ['docs\n!docs/keep.md', 'docs/keep.md', true],
    ['docs\n!docs/keep.md', 'docs/other.md', false],
    ['', 'anything', true],
  ])('%j: %s counts: %s', (text, file, counts) => {
    expect(filterOf(text).includes(file)).toBe(counts);
  });

  it.each<[string, string, boolean]>([
    ['node_modules', 'node_modules', true],
    ['node_modules', 'src', false],
    ['docs\n!docs/keep.md', 'docs', false],
    ['docs\n!docs/keep.md', 'docs/deep', true],
    ['docs\n!**/keep.md', 'docs/deep', false],
    ['*\n!src', 'src', false],
    ['*\n!src', 'src/deep', false],
    ['*\n!src', 'dist', true],
    ['*\n!apps/*/src', 'apps', false],
    ['*\n!apps/*/src', 'apps/a', false],
    ['*\n!apps/*/src', 'docs', true],
  ])('%j: %s need not be entered: %s', (text, entered, prunes) => {
    expect(filterOf(text).prunes(entered)).toBe(prunes);
  });

  it("gives way to the Dockerfile's own", () => {
    const given = createTempFolder({
      '.dockerignore': 'a',
      'docker/web.Dockerfile': '',
      'docker/web.Dockerfile.dockerignore': 'b',
    });
    folder = given;
    const image = { context: given.root, dockerfile: given.path('docker/web.Dockerfile'), args: {}, repository: 'x' };
    expect(ignoreFileOf(image)).toBe(given.path('docker/web.Dockerfile.dockerignore'));
    const { includes } = contextFilter(image);
    expect([includes('a'), includes('b')]).toEqual([true, false]);
  });
});

describe('.gitignore', () => {
  function ignores(files: Readonly<Record<string, string>>, relative: string) {
    folder = createTempFolder(files);
    return createGitIgnore(folder.root)(folder.path(relative));
  }

  it.each<[Record<string, string>, string, boolean]>([
    [{ '.gitignore': 'dist/' }, 'dist/a.js', true],
    [{ '.gitignore': 'dist/' }, 'apps/web/dist/a.js', true],
    [{ '.gitignore': '/dist' }, 'apps/dist/a.js', false],
    [{ '.gitignore': '*.log' }, 'a/b/c.log', true],
    [{ '.gitignore': '*.log\n!keep.log' }, 'a/keep.log', false],
    [{ 'apps/.gitignore': 'tmp' }, 'apps/x/tmp/a', true],
    [{ 'apps/.gitignore': 'tmp' }, 'tmp/a', false],
    [{ '.gitignore': '*.gen.ts', 'apps/.gitignore': '!*.gen.ts' }, 'apps/a.gen.ts', false],
    [{}, '.git/index', true],
    [{}, 'apps/sub/.git/HEAD', true],
    [{}, 'src/a.ts', false],
    [{ '.gitignore': '*' }, '../outside.ts', false],
  ])('%j: %s is ignored: %s', (files, relative, ignored) => {
    expect(ignores(files, relative)).toBe(ignored);
  });

  it('holds only folders against a rule for folders', () => {
    folder = createTempFolder({ '.gitignore': 'build/' });
    const ignored = createGitIgnore(folder.root);
    expect([ignored(folder.path('build')), ignored(folder.path('build'), true)]).toEqual([false, true]);
  });

  it('never ignores the root itself', () => {
    folder = createTempFolder({ '.gitignore': '*' });
    expect(createGitIgnore(folder.root)(folder.root)).toBe(false);
  });
});
