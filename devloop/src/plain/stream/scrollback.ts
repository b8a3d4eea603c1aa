/**
 * Writes lines to a terminal that keeps them, above a few rows that it draws anew: the footer. Between two writes the
 * cursor stands at the start of the footer's first row, so that all of it can be erased however many rows it takes: a
 * terminal that was made narrower has wrapped it.
 */
export interface Scrollback {
  /** Adds the text, whole lines each with a newline, and draws the footer below. */
  readonly write: (text: string, footer: readonly string[], written: () => void) => void;
  /** Adds the text, erases the footer and gives the terminal back as it was. */
  readonly end: (text: string) => void;
}

// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const eraseBelow = '\r\u001b[J';
/** A footer's row that is wider than the terminal has just become must not take two rows: the way back up is counted. */
const noWrap = '\u001b[?7l';
const wrap = '\u001b[?7h';
const up = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : '');
// Shown at once, where the terminal knows it: https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036
const together = (text: string): string => `\u001b[?2026h${text}\u001b[?2026l`;

/** @param out takes text, and calls back when it is written */
export function createScrollback(out: (text: string, written?: () => void) => void): Scrollback {
  return {
    write: (text, footer, written) => {
      const drawn = footer.length > 0 ? `${noWrap}${footer.join('\r\n')}${up(footer.length - 1)}\r${wrap}` : '';
      out(together(`${hideCursor}${eraseBelow}${text}${drawn}`), written);
    },
    end: (text) => out(`${eraseBelow}${text}${showCursor}`),
  };
}
