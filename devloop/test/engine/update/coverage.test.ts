import { describe, expect, it } from '@jest/globals';
import { coverageOf, matcher } from '../../../src/engine/update/coverage.ts';
import type { LiveSpec } from '../../../src/model/project.ts';
import { sampleService } from '../../support/sample.ts';

const none: LiveSpec = { sync: [], run: [], restart: false, rebuild: [] };
const service = sampleService('backend', 4000);
const cover = (live: Partial<LiveSpec>, ...files: string[]) =>
  coverageOf(service, { ...none, ...live }, '/project', files);

describe('what steps cover', () => {
  const folder = { from: '/project/web', to: '/app/web', ignore: ['*.test.ts', '/dist'] };

  it.each([
    ['/project/web/page.tsx', '/app/web/page.tsx'],
    ['/project/web/deep/er/page.tsx', '/app/web/deep/er/page.tsx'],
    ['/project/web/with space/ünï.txt', '/app/web/with space/ünï.txt'],
    ['/project/web/deep/dist/x.js', '/app/web/deep/dist/x.js'],
  ])('%s goes to %s', (file, target) => {
    expect(cover({ sync: [folder] }, file)).toEqual({ synced: [{ file, target, from: '/project/web' }], rest: [] });
  });

  it.each([
    '/project/web/page.test.ts',
    '/project/web/dist/x.js',
    '/project/website/a.ts',
    '/project/a.ts',
    '/other/a.ts',
  ])('%s is in no step', (file) => {
    expect(cover({ sync: [folder] }, file)).toEqual({ synced: [], rest: [file] });
  });

  it('a single file goes where the step says', () => {
    const sync = [{ from: '/project/settings.json', to: '/etc/app.json', ignore: [] }];
    expect(cover({ sync }, '/project/settings.json').synced).toEqual([
      { file: '/project/settings.json', target: '/etc/app.json', from: '/project/settings.json' },
    ]);
  });

  it('a folder can go to the folder that the container starts in', () => {
    const sync = [{ from: '/project/web', to: '.', ignore: [] }];
    expect(cover({ sync }, '/project/web/a/b.ts').synced[0]?.target).toBe('a/b.ts');
  });

  it('a file of two steps goes to both places', () => {
    const sync = [folder, { from: '/project/web/lib', to: '/lib', ignore: [] }];
    expect(cover({ sync }, '/project/web/lib/a.ts').synced.map(({ target }) => target)).toEqual([
      '/app/web/lib/a.ts',
      '/lib/a.ts',
    ]);
  });
});

describe('what always needs an image', () => {
  it.each(['/project/package.json', '/project/web/package.json'])('%s by a pattern', (file) => {
    expect(cover({ rebuild: ['package.json'] }, '/project/web/a.ts', file).rebuild).toBe(file);
  });

  it.each(['/project/backend/Dockerfile', '/project/backend/Dockerfile.dockerignore'])(
    '%s, whatever the steps say',
    (file) => {
      const sync = [{ from: '/project', to: '/app', ignore: [] }];
      expect(cover({ sync }, file).rebuild).toBe(file);
    },
  );

  it('nothing else', () => {
    expect(cover({ rebuild: ['/package.json'] }, '/project/web/package.json').rebuild).toBeUndefined();
  });
});

describe('a matcher', () => {
  it('knows nothing outside of its folder, nor the folder itself', () => {
    const matches = matcher('/project', ['*']);
    expect(['/project/a', '/project', '/other/a'].map(matches)).toEqual([true, false, false]);
  });
});
