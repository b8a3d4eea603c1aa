import type { Binding } from './binding.ts';
import { type Command, defaultKeymap, type Keymap } from './keymap.ts';

/** Keys by command, as the configuration gives them; the other commands keep theirs. */
export type KeyChoice = Readonly<Partial<Record<Command, readonly string[]>>>;

/** The names of keys that a terminal can send. */
export const keyPattern =
  /^((ctrl\+[a-z])|((ctrl\+|shift\+)?(up|down|left|right|pgup|pgdn|home|end|enter|tab))|esc|space|backspace|[^\s\p{C}])$/u;

/** The table with these keys. A key that is chosen for a command is taken from the one that has it by default. */
export function rebound(choice: KeyChoice): Keymap {
  return defaultKeymap.map((binding) => {
    const own = choice[binding.command];
    if (own) return { ...binding, keys: own };
    const isFree = (key: string) =>
      !defaultKeymap.some((other) => choice[other.command]?.includes(key) && meet(binding, other));
    return { ...binding, keys: binding.keys.filter(isFree) };
  });
}

/** The first command that is given a key which another one is given too, in the same place; undefined when all is well. */
export function keyClash(choice: KeyChoice): { readonly command: Command; readonly message: string } | undefined {
  const chosen = defaultKeymap.filter(({ command }) => choice[command]);
  for (const [index, binding] of chosen.entries()) {
    for (const other of chosen.slice(0, index)) {
      const key = choice[binding.command]?.find((one) => choice[other.command]?.includes(one));
      if (key !== undefined && meet(binding, other))
        return { command: binding.command, message: `gives ${key}, which ${other.command} has too` };
    }
  }
  return undefined;
}

/** Can both be meant by one key? */
const meet = (a: Binding, b: Binding): boolean => a.in === undefined || b.in === undefined || a.in === b.in;
