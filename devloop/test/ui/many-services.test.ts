import { afterEach, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../src/model/events.ts';
import {
  allHealthy,
  logged,
  podChanged,
  samplePod,
  sampleProject,
  sampleWorkload,
  workloadChanged,
} from '../support/sample.ts';
import { openScreen, type Screen } from '../support/screen.ts';

const names = Array.from({ length: 200 }, (_, index) => `svc-${String(index).padStart(3, '0')}`);
const project = sampleProject(names);
/** 200 services with two pods each. */
const running = [
  ...allHealthy(project),
  ...names.flatMap((name) => [
    workloadChanged(sampleWorkload(name, { replicas: 2, updated: 2 })),
    podChanged(samplePod(name, 0, { name: `${name}-7d9f-other` })),
  ]),
];

/** What begins each frame: the alternate screen is written from its top. */
const framesIn = (written: string) => written.split(' devloop ').length - 1;
const shown = (screen: Screen) => [...new Set(screen.text().match(/svc-\d+/g))];

let screen: Screen;
afterEach(() => screen.close());

it('draws only the rows that fit, and says which they are', async () => {
  screen = await openScreen(120, 30);
  await screen.feed(...running);
  expect(shown(screen)).toEqual(names.slice(0, 17));
  expect(screen.text()).toContain('▼ 183 more');
  expect(screen.written()).not.toContain('svc-018');
});

it('goes through all of them by keys', async () => {
  screen = await openScreen(120, 30);
  await screen.feed(...running);
  await screen.type('j'.repeat(199));
  expect(screen.text()).toContain('› ● svc-199');
  expect(screen.text()).toContain('▲ 183 more');
  await screen.type('k'.repeat(100));
  expect(screen.text()).toContain('› ● svc-099');
  expect(screen.text()).toContain('▲ 91 ▼ 92 more');
});

it('draws one frame for a burst of events', async () => {
  screen = await openScreen(120, 30);
  await screen.feed(...running);
  const before = framesIn(screen.written());
  const burst = names.flatMap((name) => [
    podChanged(samplePod(name, 0, { ready: false })),
    ...Array.from({ length: 10 }, (_, index) => logged(name, `line ${index}`)),
  ]);
  await screen.feed(...burst);
  expect(screen.text()).toMatch(/svc-000 +starting +1\/2/);
  expect(framesIn(screen.written()) - before).toBe(1);
});

it('draws nothing for what happens to services that do not show', async () => {
  screen = await openScreen(120, 30);
  await screen.feed(...running);
  const before = screen.written();
  await screen.feed(...names.slice(50).map((name) => podChanged(samplePod(name, 0, { ready: false }))));
  expect(screen.written()).toBe(before);
});

/** What all 400 pods used in one poll. @param cpu thousandths of a core of those whose services show */
const stats = (cpu: number, elsewhere = 5): LoopEvent => ({
  type: 'pods.stats',
  unavailable: {},
  pods: names.flatMap((name, index) =>
    [`${name}-7d9f-0`, `${name}-7d9f-other`].map((uid) => ({
      uid,
      cpu: index < 17 ? cpu : elsewhere,
      memory: 80 * 2 ** 20,
    })),
  ),
});

it('draws nothing for figures that stay the same, once the graphs are full of them, nor for those that do not show', async () => {
  screen = await openScreen(120, 30);
  await screen.feed(...running, ...Array.from({ length: 24 }, () => stats(12)));
  expect(screen.text()).toMatch(/svc-000 .* 24m ▂▂▂▂▂▂ {2}160 MB ▆▆▆▆▆▆ /);
  const before = screen.written();
  await screen.feed(stats(12));
  await screen.feed(stats(12, 900));
  expect(screen.written()).toBe(before);
  await screen.feed(stats(50));
  expect(screen.text()).toMatch(/svc-000 .* 100m ▂▂▂▂▂█ {2}160 MB ▆▆▆▆▆▆ /);
});
