import { textWidth } from '../../lib/text-width.ts';

const backspace = '\b \b';
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences of keys begin with one
const keySequence = /\u001b(\[[0-9;?]*[ -/]*[@-~]|O.|.)?/g;

export interface LineDisciplineOptions {
  /** Shows what was typed. */
  readonly echo: (text: string) => void;
  /** Gets each whole line, with its newline. */
  readonly send: (line: string) => void;
  /** The user wants to leave: Ctrl-D or Ctrl-C on an empty line. */
  readonly end: () => void;
}

/**
 * What a terminal does for a program that reads lines: shows them while they are typed, and lets them be corrected. For
 * shells without a terminal of their own; the user's is in raw mode, so that Ctrl-C ends no more than the line.
 */
export function createLineDiscipline({ echo, send, end }: LineDisciplineOptions): {
  readonly type: (keys: string) => void;
} {
  let line: string[] = [];

  function erase(count: number): void {
    const gone = line.splice(line.length - count);
    echo(backspace.repeat(gone.reduce((sum, character) => sum + textWidth(character), 0)));
  }

  function press(key: string): void {
    switch (key) {
      case '\r':
      case '\n':
        echo('\r\n');
        send(`${line.join('')}\n`);
        line = [];
        return;
      case '\u007f':
      case '\b':
        erase(Math.min(1, line.length));
        return;
      case '\u0015':
        erase(line.length);
        return;
      case '\u0003':
        echo('^C\r\n');
        if (line.length === 0) end();
        line = [];
        return;
      case '\u0004':
        if (line.length === 0) end();
        return;
      default:
        if (key < ' ' && key !== '\t') return;
        line.push(key);
        echo(key);
    }
  }

  return {
    type: (keys) => {
      for (const key of keys.replace(keySequence, '')) press(key);
    },
  };
}
