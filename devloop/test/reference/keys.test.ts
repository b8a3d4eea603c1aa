import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { keysExample, keysPage } from '../../reference/keys-page.ts';
import { configSchema } from '../../src/config/schema.ts';
import { defaultKeymap } from '../../src/model/keymap/keymap.ts';

const file = path.join(import.meta.dirname, '../../../docs/keys.md');

describe('docs/keys.md', () => {
  // Stale? `npm run reference` writes it anew.
  it('is the page of the keymap', async () => {
    expect(await readFile(file, 'utf8')).toBe(keysPage());
  });

  it('has each command once', () => {
    const commands = [...keysPage().matchAll(/\| `(\w+)` \|$/gm)].map(([, command]) => command);
    expect(commands.toSorted()).toEqual(defaultKeymap.map(({ command }) => command).toSorted());
  });

  it('shows a configuration that devloop takes', () => {
    const config = {
      name: 'tasks',
      services: { backend: {} },
      release: { chart: 'helm' },
      ui: { keys: keysExample },
    };
    expect(configSchema.safeParse(config).error?.issues).toBeUndefined();
  });
});
