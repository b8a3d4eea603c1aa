import { chmodSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ContentHasher } from '../../src/adapters/files/content-hash.ts';
import { isInside } from '../../src/adapters/files/is-inside.ts';
import { KnownContent } from '../../src/adapters/files/known-content.ts';
import { createFiles } from '../../src/adapters/files/project-files.ts';
import { watchFiles } from '../../src/adapters/files/watch-files.ts';
import { createWatchScope } from '../../src/adapters/files/watch-scope.ts';
import type { ChangedFiles } from '../../src/engine/outside.ts';
import type { ProjectSpec } from '../../src/model/project.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';
import { until } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { sampleProject, sampleService } from '../support/sample.ts';

let folder: TempFolder;
let controller: AbortController;
beforeEach(() => {
  controller = new AbortController();
  folder = createTempFolder({
    '.gitignore': 'dist/\n*.log\n',
    '.dockerignore': 'docs\nnode_modules\n',
    'devloop.config.ts': '',
    'app/Dockerfile': 'FROM scratch',
    'app/src/server.ts': '1',
    'app/dist/out.js': '1',
    'docs/guide.md': '1',
    'helm/Chart.yaml': '1',
    'helm/templates/web.yaml': '1',
    'dev.yaml': '1',
  });
});
afterEach(() => {
  controller.abort();
  folder.remove();
});

function projectOf(context = '.'): ProjectSpec {
  const image = {
    context: folder.path(context),
    dockerfile: folder.path('app/Dockerfile'),
    args: {},
    repository: 'web',
  };
  return {
    ...sampleProject([]),
    root: folder.root,
    configInputs: [folder.path('devloop.config.ts')],
    services: [{ ...sampleService('web', 4000), image }],
    releases: [{ name: 'tasks', chart: folder.path('helm'), values: [folder.path('dev.yaml')], set: {} }],
  };
}

const content = new KnownContent(new ContentHasher());
const handlers = { held: () => {}, notice: () => {} };

describe('what is watched', () => {
  it.each<[string, boolean]>([
    ['app/src/server.ts', true],
    ['app/Dockerfile', true],
    ['helm/templates/web.yaml', true],
    ['dev.yaml', true],
    ['devloop.config.ts', true],
    ['.dockerignore', true],
    ['docs/guide.md', false],
    ['app/dist/out.js', false],
    ['app/debug.log', false],
    ['.git/index', false],
    ['../outside', false],
  ])('%s: %s', (relative, wanted) => {
    expect(createWatchScope(projectOf()).wants(folder.path(relative))).toBe(wanted);
  });

  it.each<[string, boolean]>([
    ['app', false],
    ['app/src', false],
    ['helm', false],
    ['helm/templates', false],
    ['docs', true],
    ['node_modules', true],
    ['app/dist', true],
    ['.git', true],
  ])('folder %s is left out: %s', (relative, pruned) => {
    expect(createWatchScope(projectOf()).prunes(folder.path(relative), true)).toBe(pruned);
  });

  it('begins at the outermost folders', () => {
    expect(createWatchScope(projectOf()).roots).toEqual([folder.root]);
    expect([...createWatchScope(projectOf('app')).roots].sort()).toEqual(
      ['app', 'dev.yaml', 'devloop.config.ts', 'helm'].map(folder.path).sort(),
    );
  });
});

it('isInside knows a folder from a name that begins alike', () => {
  expect([
    isInside('/a', '/a'),
    isInside('/a', '/a/b'),
    isInside('/a', '/ab'),
    isInside('/a', '/a/..b'),
    isInside('/a', '/'),
  ]).toEqual([true, true, false, true, false]);
});

describe('watching', () => {
  const watched = async () => {
    const clock = createFakeClock(5000);
    const batches: ChangedFiles[] = [];
    await watchFiles(
      projectOf(),
      clock,
      content,
      { ...handlers, batch: (batch) => batches.push(batch) },
      controller.signal,
    );
    /** The files of the next batch, once the watcher has heard of so many changes that this one is among them. */
    const next = async (last: string) => {
      await until('the change is seen', () => {
        if (clock.pending() > 0) clock.advance(50);
        return batches.some(({ files }) => files.includes(folder.path(last)));
      });
      return batches.splice(0).flatMap(({ files }) => files);
    };
    return { clock, batches, next };
  };

  it('reports a save, and not what is there at first', async () => {
    const { clock, batches, next } = await watched();
    // The beat by which a stop of the process is noticed.
    expect(clock.pending()).toBe(1);
    folder.write('app/src/server.ts', '2');
    await until('the change is seen', () => clock.pending() === 3);
    clock.advance(50);
    expect(batches[0]?.files).toEqual([folder.path('app/src/server.ts')]);
    expect(batches[0]?.changedAt).toBe(5000);
    folder.write('dev.yaml', '2');
    expect(await next('dev.yaml')).toContain(folder.path('dev.yaml'));
  });

  it('reports new, renamed and removed files, and says nothing of what does not count', async () => {
    const { next } = await watched();
    folder.write('docs/new.md', '1');
    folder.write('app/dist/out.js', '2');
    folder.write('app/src/deep/new.ts', '1');
    const files = await next('app/src/deep/new.ts');
    renameSync(folder.path('app/src/server.ts'), folder.path('app/src/main.ts'));
    files.push(...(await next('app/src/main.ts')));
    rmSync(folder.path('app/src/main.ts'));
    files.push(...(await next('app/src/main.ts')));
    expect(files.filter((file) => /docs|dist/.test(file))).toEqual([]);
  });

  it('sees a file that an editor replaces', async () => {
    const { next } = await watched();
    for (const text of ['2', '3']) {
      folder.write('app/src/server.ts~', text);
      renameSync(folder.path('app/src/server.ts~'), folder.path('app/src/server.ts'));
      expect(await next('app/src/server.ts')).toContain(folder.path('app/src/server.ts'));
    }
  });

  it('sees a file that is made executable, though it has been read since it was written', async () => {
    const { next } = await watched();
    const file = folder.path('app/src/server.ts');
    const written = new Date(2020, 1, 1);
    utimesSync(file, new Date(2021, 1, 1), written);
    await next('app/src/server.ts');
    chmodSync(file, 0o755);
    expect(await next('app/src/server.ts')).toContain(file);
  });

  it.each(['a file', 'a link'])('sees what is in a folder that takes the place of %s at once', async (what) => {
    if (what === 'a link') symlinkSync('server.ts', folder.path('app/src/x'));
    else folder.write('app/src/x', '1');
    const { next } = await watched();
    rmSync(folder.path('app/src/x'));
    folder.write('app/src/x/first.ts', '1');
    expect(await next('app/src/x/first.ts')).toContain(folder.path('app/src/x/first.ts'));
    folder.write('app/src/x/second.ts', '1');
    expect(await next('app/src/x/second.ts')).toContain(folder.path('app/src/x/second.ts'));
    folder.write('app/src/x/first.ts', '2');
    expect(await next('app/src/x/first.ts')).toContain(folder.path('app/src/x/first.ts'));
    folder.write('app/src/x/deep/third.ts', '2');
    expect(await next('app/src/x/deep/third.ts')).toContain(folder.path('app/src/x/deep/third.ts'));
  });

  it('sees what is saved in a folder that takes the place of another at once', async () => {
    folder.write('app/src/x/first.ts', '1');
    folder.write('app/src/x/deep/third.ts', '1');
    folder.write('app/other/x/first.ts', '2');
    folder.write('app/other/x/deep/third.ts', '2');
    const { next } = await watched();
    renameSync(folder.path('app/src/x'), folder.path('app/gone'));
    renameSync(folder.path('app/other/x'), folder.path('app/src/x'));
    expect(await next('app/src/x/deep/third.ts')).toContain(folder.path('app/src/x/first.ts'));
    for (const file of ['app/src/x/first.ts', 'app/src/x/deep/third.ts', 'app/src/x/deep/new.ts']) {
      folder.write(file, '3');
      expect(await next(file)).toContain(folder.path(file));
    }
  });

  it('ends with its signal', async () => {
    const { clock, batches } = await watched();
    controller.abort();
    folder.write('app/src/server.ts', '2');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([batches, clock.pending()]).toEqual([[], 0]);
  });

  it('does not begin when it has ended before', async () => {
    controller.abort();
    const batches: ChangedFiles[] = [];
    const clock = createFakeClock(0);
    await watchFiles(
      projectOf(),
      clock,
      content,
      { ...handlers, batch: (batch) => batches.push(batch) },
      controller.signal,
    );
    folder.write('app/src/server.ts', '2');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(clock.pending()).toBe(0);
  });
});

describe('the content of an image', () => {
  const files = createFiles(createFakeClock(0));
  const image = () => {
    const [service] = projectOf().services;
    if (!service?.image) throw new Error('the project has an image');
    return service.image;
  };

  it('has a short tag, which changes with what the build would see', async () => {
    const tag = await files.imageTag(image());
    expect(tag).toMatch(/^[0-9a-f]{12}$/);
    folder.write('docs/guide.md', 'changed');
    expect(await files.imageTag(image())).toBe(tag);
    folder.write('app/src/server.ts', 'changed');
    expect(await files.imageTag(image())).not.toBe(tag);
  });

  it.each<[string, object]>([
    ['the stage', { target: 'dev' }],
    ['an argument', { args: { A: '1' } }],
    ['the runner of live updates', { runner: 'version' }],
  ])('differs by %s', async (_, change) => {
    expect(await files.imageTag({ ...image(), ...change })).not.toBe(await files.imageTag(image()));
  });

  it('does not differ by the order of arguments', async () => {
    const [one, two] = [
      { A: '1', B: '2' },
      { B: '2', A: '1' },
    ];
    expect(await files.imageTag({ ...image(), args: one })).toBe(await files.imageTag({ ...image(), args: two }));
  });

  it('differs by a Dockerfile that lies outside of the context', async () => {
    const outside = { ...image(), context: folder.path('helm') };
    const before = await files.imageTag(outside);
    folder.write('app/Dockerfile', 'FROM busybox');
    expect(await files.imageTag(outside)).not.toBe(before);
  });

  it.each<[string, boolean]>([
    ['app/src/server.ts', true],
    ['app/Dockerfile', true],
    ['.dockerignore', true],
    ['docs/guide.md', false],
    ['../x', false],
  ])('has %s: %s', (relative, has) => {
    expect(files.imageFiles(image())(folder.path(relative))).toBe(has);
  });

  it('of a chart differs by its templates and values', async () => {
    const [release] = projectOf().releases;
    if (!release) throw new Error('the project has a release');
    const hashes = [await files.chartHash(release)];
    folder.write('helm/templates/web.yaml', '2');
    hashes.push(await files.chartHash(release));
    folder.write('dev.yaml', '2');
    hashes.push(await files.chartHash(release));
    expect(new Set(hashes).size).toBe(3);
  });
});
