import { afterEach, describe, expect, it } from '@jest/globals';
import { sceneSizes, scenes } from '../support/scenes.ts';
import type { Screen } from '../support/screen.ts';
import { showScene } from '../support/show-scene.ts';

let screen: Screen;
afterEach(() => screen.close());

describe.each(sceneSizes)('at %i columns and %i rows', (columns, rows) => {
  it.each(Object.entries(scenes))('shows %s', async (_, scene) => {
    screen = await showScene(scene, columns, rows);
    expect(screen.lines()).toHaveLength(rows);
    expect(`\n${screen.text()}\n`).toMatchSnapshot();
  });
});
