import type { Command } from '../../engine/outside.ts';
import { quoteCommand } from '../../lib/quote.ts';

/** Names that end like this carry what nobody else may see: `--build-arg NPM_TOKEN=…`, `--set-string db.password=…`. */
const secretName = /(password|passwd|passphrase|secret|token|credentials?|(api|access|private)[-_.]?key)$/i;
const mask = '********';

/** The command as a line that can be pasted into a shell, with its secrets masked. */
export function ledgerLine({ file, args, env = {} }: Command): string {
  // Only the value of an assignment is quoted: a shell takes a quoted whole for the program.
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${quoteCommand([masked(name, value)])}`);
  return [...assignments, quoteCommand([file, ...args.map(maskWord)])].join(' ');
}

const masked = (name: string, value: string): string => (secretName.test(name) && value !== '' ? mask : value);

function maskWord(word: string): string {
  const at = word.indexOf('=');
  return at < 0 ? word : `${word.slice(0, at)}=${masked(word.slice(0, at), word.slice(at + 1))}`;
}
