/** What the mouse did, on a screen whose first cell is 0, 0. */
export interface MouseEvent {
  readonly what: 'click' | 'wheelUp' | 'wheelDown';
  readonly column: number;
  readonly row: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's reports begin with Esc
const report = /\u001b\[<(\d+);(\d+);(\d+)([Mm])/g;
/** Bits for Shift, Alt and Ctrl held down with it. */
const modifiers = 4 + 8 + 16;
const buttons: Readonly<Record<number, MouseEvent['what']>> = { 0: 'click', 64: 'wheelUp', 65: 'wheelDown' };

/** The reports of the mouse in what a terminal has sent, among keys and other things; without other buttons and releases. */
export function mouseEvents(sent: string): MouseEvent[] {
  return [...sent.matchAll(report)].flatMap(([, button, column, row, kind]) => {
    const what = buttons[Number(button) & ~modifiers];
    return what && kind === 'M' ? [{ what, column: Number(column) - 1, row: Number(row) - 1 }] : [];
  });
}
