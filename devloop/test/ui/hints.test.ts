import { afterEach, expect, it } from '@jest/globals';
import { rebound } from '../../src/model/keymap/key-choice.ts';
import { allHealthy, logged, sampleProject } from '../support/sample.ts';
import { openScreen, type Screen } from '../support/screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const keymap = rebound({ pause: ['X'], follow: ['Y'], toggleLevels: ['Z'] });
const healthy = allHealthy({ ...sampleProject(), ui: { notify: 'off', mouse: false, keymap } });
const line = (text: string) => logged('backend', text);

it('a paused loop names the user’s own key', async () => {
  screen = await openScreen();
  await screen.feed(...healthy, { type: 'watch.paused', files: 0 });
  expect(screen.text()).toContain('X resumes the watching');
});

it('so do logs that are frozen, and logs without warnings', async () => {
  screen = await openScreen();
  await screen.feed(...healthy, line('one'), line('two'));
  await screen.type('Y');
  await screen.feed(line('three'));
  expect(screen.text()).toContain('1 new line: Y follows');
  await screen.type('Z');
  expect(screen.text()).toContain('No warnings and no errors. Z shows all levels.');
});
