import { describe, expect, it } from '@jest/globals';
import { type KeyChoice, keyClash, keyPattern, rebound } from '../../src/model/keymap/key-choice.ts';
import { commandOf, defaultKeymap, keyGroups } from '../../src/model/keymap/keymap.ts';

const places = ['overview', 'service'] as const;

describe('the keymap', () => {
  it.each(places)('gives each key to one command only in the %s', (place) => {
    const keys = defaultKeymap.filter((binding) => (binding.in ?? place) === place).flatMap((binding) => binding.keys);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it('gives each command a key that can be typed, and a description', () => {
    for (const { keys, description } of defaultKeymap) {
      expect(keys.length).toBeGreaterThan(0);
      expect(keys.filter((key) => !keyPattern.test(key))).toEqual([]);
      expect(description).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  it('has each command once, and all of them in the groups of the help', () => {
    const commands = defaultKeymap.map(({ command }) => command);
    expect(new Set(commands).size).toBe(commands.length);
    expect(keyGroups.flatMap(({ bindings }) => bindings.map(({ command }) => command)).sort()).toEqual(
      [...commands].sort(),
    );
  });
});

describe('other keys', () => {
  it('take the place of the default ones', () => {
    const keymap = rebound({ rebuild: ['B', 'ctrl+r'] });
    expect(commandOf(keymap, 'B', 'overview')).toBe('rebuild');
    expect(commandOf(keymap, 'ctrl+r', 'service')).toBe('rebuild');
    expect(commandOf(keymap, 'b', 'overview')).toBeUndefined();
    expect(commandOf(keymap, 'r', 'overview')).toBe('restart');
  });

  it('are taken from the command that has them by default', () => {
    const keymap = rebound({ rebuild: ['r'], help: ['j'] });
    expect(commandOf(keymap, 'r', 'overview')).toBe('rebuild');
    expect(keymap.find(({ command }) => command === 'restart')?.keys).toEqual([]);
    expect(keymap.find(({ command }) => command === 'selectNext')?.keys).toEqual(['down']);
  });

  it('of one screen leave those of the other', () => {
    const keymap = rebound({ zoom: [']'] });
    expect(commandOf(keymap, ']', 'overview')).toBe('zoom');
    expect(commandOf(keymap, ']', 'service')).toBe('nextService');
  });

  const clashes: readonly (readonly [KeyChoice, string | undefined])[] = [
    [{ rebuild: ['x'], restart: ['y'] }, undefined],
    [{ rebuild: ['x'], restart: ['y', 'x'] }, 'restart'],
    [{ zoom: ['x'], nextTab: ['x'] }, undefined],
    [{ zoom: ['x'], quit: ['x'] }, 'quit'],
  ];
  it.each(clashes)('of %j clash: %s', (choice, command) => {
    expect(keyClash(choice)?.command).toBe(command);
  });

  it.each(['j', 'F', '/', 'é', 'ctrl+k', 'shift+up', 'enter', 'space', 'tab', 'shift+tab', 'pgdn'])(
    'can be %s',
    (key) => {
      expect(key).toMatch(keyPattern);
    },
  );
  it.each(['', 'jj', 'ctrl+', 'ctrl+K', 'alt+x', 'f1', ' ', '\t', 'Enter'])('cannot be %j', (key) => {
    expect(key).not.toMatch(keyPattern);
  });
});
