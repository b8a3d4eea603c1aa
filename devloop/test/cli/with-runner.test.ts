import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runnerVersion, withRunner } from '../../src/cli/with-runner.ts';
import type { ImageSpec, LiveSpec, ProjectSpec, ServiceSpec } from '../../src/model/project.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder({ 'runner.cjs': 'one', 'init.sh': 'two' });
});
afterEach(() => folder.remove());

test('the version is that of all files of the runner', async () => {
  const version = await runnerVersion(folder.root);
  expect(version).toMatch(/^[0-9a-f]{12}$/);
  expect(await runnerVersion(folder.root)).toBe(version);
  folder.write('init.sh', 'twp');
  const other = await runnerVersion(folder.root);
  expect(other).not.toBe(version);
  folder.write('agent.sh', '');
  expect(await runnerVersion(folder.root)).not.toBe(other);
});

const image: ImageSpec = { context: '/p', dockerfile: '/p/Dockerfile', args: {}, repository: 'r' };
const live: LiveSpec = { sync: [{ from: '/p/a', to: '/app/a', ignore: [] }], run: [], restart: false, rebuild: [] };
const service = (more: Partial<ServiceSpec>): ServiceSpec => ({
  name: 'web',
  ports: [],
  release: 'app',
  active: true,
  ...more,
});
const adapted = (one: ServiceSpec, sandbox: boolean) =>
  withRunner({ services: [one] } as unknown as ProjectSpec, 'v1', sandbox).services[0];

test('an image carries the runner where its service has live updates', () => {
  expect(adapted(service({ image, live }), false)).toEqual(service({ image: { ...image, runner: 'v1' }, live }));
  expect(adapted(service({ image }), false)).toEqual(service({ image }));
  expect(adapted(service({}), false)).toEqual(service({}));
});

test('in the sandbox it does where the steps have a place there, which they are given', () => {
  const copied = { ...image, recipe: { start: ['node', 'a.js'], folder: '/p' } };
  const [step] = live.sync;
  expect(adapted(service({ image: copied, live }), true)).toEqual(
    service({
      image: { ...copied, runner: 'v1' },
      live: { ...live, sync: [{ ...step, to: 'a', ignore: ['node_modules'] } as LiveSpec['sync'][number]] },
    }),
  );
  const bundled = { ...image, recipe: { start: ['node', 'a.js'], bundle: '/p/a.ts' } };
  expect(adapted(service({ image: bundled, live }), true)).toEqual(service({ image: bundled }));
});
