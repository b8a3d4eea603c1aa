import type { Desktop } from './desktop.ts';

const esc = '\u001b';
const bel = '\u0007';

/**
 * The most bytes of base64 that an OSC 52 may carry: hterm, and others after it, take sequences of 100,000 bytes.
 * https://github.com/ojroques/vim-oscyank#the-plugin-does-not-work-with-long-text
 */
const osc52Bytes = 74_994;

/** Sets the clipboard of the terminal that the user looks at, wherever devloop runs; undefined when the text is too long. */
export function clipboardEscape(text: string, desktop: Desktop): string | undefined {
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  if (encoded.length > osc52Bytes) return undefined;
  return throughTmux(`${esc}]52;c;${encoded}${bel}`, desktop);
}

/** A desktop notification by the terminal: OSC 777 of urxvt, foot, VTE and Ghostty, OSC 9 of iTerm2, kitty and WezTerm. */
export function notificationEscape(title: string, body: string, desktop: Desktop): string {
  const { env } = desktop;
  const takes9 = /iTerm|WezTerm|kitty/i.test(
    `${env['TERM_PROGRAM'] ?? ''} ${env['TERM'] ?? ''} ${env['LC_TERMINAL'] ?? ''}`,
  );
  const text = takes9 ? `9;${plain(title)}: ${plain(body)}` : `777;notify;${plain(title)};${plain(body)}`;
  return throughTmux(`${esc}]${text}${bel}`, desktop);
}

export const bell = bel;

/** Semicolons separate the fields of an OSC. */
const plain = (text: string): string => text.replaceAll(';', ',');

/**
 * tmux hands on what is wrapped for it, where `allow-passthrough` says so; where it does not, `set-clipboard on` makes it
 * take the plain one. Both are sent: neither harms where it is not wanted.
 * https://github.com/tmux/tmux/wiki/FAQ#what-is-the-passthrough-escape-sequence-and-how-do-i-use-it
 */
function throughTmux(sequence: string, { env }: Desktop): string {
  if (!env['TMUX']) return sequence;
  return `${esc}Ptmux;${sequence.replaceAll(esc, esc + esc)}${esc}\\${sequence}`;
}
