import { expect, test } from '@jest/globals';
import { sandboxLive } from '../../src/live/sandbox-steps.ts';
import type { LiveSpec, RecipeSpec, ServiceSpec } from '../../src/model/project.ts';

const noSteps: LiveSpec = { sync: [], run: [], restart: false, rebuild: ['package.json'] };
const start = ['node', 'server.js'];
const bundle = { entry: '/p/src/server.ts', to: '/app/bundle.js', external: ['sharp'] };
const sync = (from: string, ignore: string[] = []) => ({ from, to: '/app/somewhere', ignore });
const service = (live?: Partial<LiveSpec>, recipe?: RecipeSpec): ServiceSpec => ({
  name: 'web',
  ports: [],
  release: 'app',
  active: true,
  image: { context: '/p', dockerfile: '/p/Dockerfile', args: {}, repository: 'r', ...(recipe && { recipe }) },
  ...(live && { live: { ...noSteps, ...live } }),
});

test('the bundle of the recipe is sent as the recipe makes it', () => {
  const live = sandboxLive(service({ bundle, restart: true }, { bundle: bundle.entry, start }));
  expect(live).toEqual({
    ...noSteps,
    restart: true,
    bundle: { entry: '/p/src/server.ts', to: 'server.js', external: [] },
  });
});

test.each([
  ['the folder itself', '/p/web', '.'],
  ['a folder in it', '/p/web/app/[id]', 'app/[id]'],
  ['a file in it', '/p/web/next.config.mjs', 'next.config.mjs'],
  ['a folder whose name begins with dots', '/p/web/..x', '..x'],
])('what is synced goes to its place in the copy: %s', (_, from, to) => {
  const live = sandboxLive(service({ sync: [sync(from, ['*.md'])] }, { start, folder: '/p/web' }));
  // The packages in the copy are this machine's own: nothing may be written there.
  expect(live).toEqual({ ...noSteps, sync: [{ from, to, ignore: ['*.md', 'node_modules'] }] });
});

test('commands, restart and rebuild stay', () => {
  const run = [{ command: ['make'], when: ['*.c'] }];
  const live = sandboxLive(service({ sync: [sync('/p/web')], run, restart: true }, { start, folder: '/p/web' }));
  expect(live).toMatchObject({ run, restart: true, rebuild: ['package.json'] });
});

test.each<[string, Partial<LiveSpec> | undefined, RecipeSpec | undefined]>([
  ['has none', undefined, { start, folder: '/p' }],
  ['has no recipe', { bundle }, undefined],
  ['bundles what the recipe does not', { bundle }, { start, folder: '/p' }],
  ['bundles another entry than the recipe', { bundle }, { bundle: '/p/src/main.ts', start }],
  [
    'syncs the sources of what the recipe bundles',
    { sync: [sync('/p/src')] },
    { bundle: bundle.entry, start, folder: '/p' },
  ],
  ['syncs to a recipe that copies nothing', { bundle, sync: [sync('/p/src')] }, { bundle: bundle.entry, start }],
  ['syncs what is not in the folder', { sync: [sync('/p/web/a'), sync('/p/shared')] }, { start, folder: '/p/web' }],
  ['syncs what only begins like the folder', { sync: [sync('/p/web2')] }, { start, folder: '/p/web' }],
])('a service is not live there that %s', (_, live, recipe) => {
  expect(sandboxLive(service(live, recipe))).toBeUndefined();
});
