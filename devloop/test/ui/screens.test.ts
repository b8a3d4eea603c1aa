import { afterEach, describe, expect, it } from '@jest/globals';
import { sceneSizes, scenes } from '../support/scenes.ts';
import { openScreen, type Screen } from '../support/screen.ts';

let screen: Screen;
afterEach(() => screen.close());

describe.each(sceneSizes)('at %i columns and %i rows', (columns, rows) => {
  it.each(Object.entries(scenes))('shows %s', async (_, { events, keys }) => {
    screen = await openScreen(columns, rows);
    await screen.feed(...events);
    if (keys) await screen.type(keys);
    expect(screen.lines()).toHaveLength(rows);
    expect(`\n${screen.text()}\n`).toMatchSnapshot();
  });
});
