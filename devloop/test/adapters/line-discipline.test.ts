import { describe, expect, it } from '@jest/globals';
import { createLineDiscipline } from '../../src/adapters/terminal/line-discipline.ts';

function typed(...keys: readonly string[]) {
  const out = { echo: '', sent: [] as string[], ends: 0 };
  const lines = createLineDiscipline({
    echo: (text) => {
      out.echo += text;
    },
    send: (line) => out.sent.push(line),
    end: () => {
      out.ends += 1;
    },
  });
  for (const text of keys) lines.type(text);
  return out;
}

describe('a line', () => {
  it.each([
    ['is sent with Enter', ['ls\r'], ['ls\n'], 'ls\r\n'],
    ['may be pasted with others', ['a\nb\n'], ['a\n', 'b\n'], 'a\r\nb\r\n'],
    ['loses its last character', ['ab\u007f\r'], ['a\n'], 'ab\b \b\r\n'],
    ['loses nothing when it is empty', ['\u007f\r'], ['\n'], '\r\n'],
    ['loses a wide character whole', ['日\u007f\r'], ['\n'], '日\b \b\b \b\r\n'],
    ['is wiped by Ctrl-U', ['abc\u0015d\r'], ['d\n'], 'abc\b \b\b \b\b \bd\r\n'],
    ['is given up by Ctrl-C', ['abc\u0003d\r'], ['d\n'], 'abc^C\r\nd\r\n'],
    ['does not end by Ctrl-D', ['a\u0004\r'], ['a\n'], 'a\r\n'],
    ['has no arrow keys and no function keys', ['\u001b[A\u001bOPa\u001b[3~\r'], ['a\n'], 'a\r\n'],
    ['has no other control characters', ['a\u0001\u0000b\r'], ['ab\n'], 'ab\r\n'],
  ])('%s', (_, keys, sent, echo) => {
    expect(typed(...keys)).toEqual({ sent, echo, ends: 0 });
  });
});
