import type { Key } from 'ink';

/** The keymap's name for a key press as Ink reports it: `j`, `F`, `up`, `shift+up`, `ctrl+c`, `enter`. */
export function keyName(input: string, key: Key): string {
  const name = specialName(key) ?? (input === ' ' ? 'space' : input);
  if (key.ctrl) return `ctrl+${name}`;
  // A capital letter already says shift; only the named keys need it said.
  return key.shift && name.length > 1 ? `shift+${name}` : name;
}

/**
 * The names of all keys in what Ink reports as one: keys that were pressed fast, or came late, are one text. What is
 * neither a character nor a key of its own is left out.
 */
export function keyNames(input: string, key: Key): string[] {
  const name = keyName(input, key);
  if (key.ctrl || name !== input || [...input].length <= 1) return [name];
  return [...input].flatMap((char) => controls[char] ?? (/\p{Control}/u.test(char) ? [] : char));
}

const controls: Readonly<Record<string, string>> = {
  ' ': 'space',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001b': 'esc',
  '\u0003': 'ctrl+c',
};

function specialName(key: Key): string | undefined {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pgup';
  if (key.pageDown) return 'pgdn';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'esc';
  if (key.tab) return 'tab';
  // Terminals send DEL for the backspace key, which Ink may report as either.
  return key.backspace || key.delete ? 'backspace' : undefined;
}

const shown: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  enter: 'Enter',
  esc: 'Esc',
  tab: 'Tab',
  space: 'Space',
  pgup: 'PgUp',
  pgdn: 'PgDn',
  home: 'Home',
  end: 'End',
};

/** A key's name as the screens and the docs write it: `Shift-↑`, `Ctrl-C`. */
export function showKey(key: string): string {
  const [, modifier, name = key] = /^(ctrl|shift)\+(.+)$/.exec(key) ?? [];
  const text = shown[name] ?? (modifier === 'ctrl' ? name.toUpperCase() : name);
  return modifier === undefined ? text : `${modifier === 'ctrl' ? 'Ctrl' : 'Shift'}-${text}`;
}
