import { expect, it } from '@jest/globals';
import { ContinuationTracker } from '../../../src/lib/logs/continuation.ts';

/** The texts in groups. */
function grouped(texts: readonly string[], gap = 0): string[][] {
  const tracker = new ContinuationTracker();
  const groups: string[][] = [];
  texts.forEach((text, index) => {
    if (tracker.continues(text, index * gap)) groups.at(-1)?.push(text);
    else groups.push([text]);
  });
  return groups;
}

/** Each inner list must stay one group. */
const cases: Readonly<Record<string, string[][]>> = {
  'a Node stack': [
    ['request failed', '    at handler (/app/server.js:3:9)', '    at process.processTicks (node:internal:1:1)'],
    ['GET / 200'],
  ],
  'a Node crash with its source': [
    [
      '/app/server.js:3',
      "  throw new Error('no');",
      '  ^',
      '',
      'Error: no',
      '    at Object.<anonymous> (/app/server.js:3:9) {',
      "  code: 'E_NO'",
      '}',
      '',
      'Node.js v24.1.0',
    ],
    ['next run'],
  ],
  'a Node error with a cause': [
    ['Error: outer', '    at a (x.js:1:1) {', '  [cause]: Error: inner', '      at b (x.js:2:2)', '}'],
    ['done'],
  ],
  'a Java stack': [
    [
      'java.lang.IllegalStateException: no',
      '  at com.example.App.main(App.java:5)',
      'Caused by: java.io.IOException: disk',
      '  at com.example.Disk.read(Disk.java:7)',
      '  ... 12 more',
    ],
    ['INFO next'],
  ],
  'a Python traceback after an error': [
    [
      'ERROR:root:failed',
      'Traceback (most recent call last):',
      '  File "app.py", line 3, in main',
      '    raise ValueError("no")',
      'ValueError: no',
    ],
    ['INFO:root:next'],
  ],
  'a Python traceback after another line': [
    ['INFO:root:hello'],
    ['Traceback (most recent call last):', '  File "app.py", line 3', 'KeyboardInterrupt'],
    ['next'],
  ],
  'chained Python tracebacks': [
    [
      'Traceback (most recent call last):',
      '  File "a.py", line 1',
      "KeyError: 'x'",
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      'Traceback (most recent call last):',
      '  File "a.py", line 2',
      'ValueError: no',
    ],
    ['next'],
  ],
  'a Go panic': [
    [
      'panic: runtime error: invalid memory address',
      '[signal SIGSEGV: segmentation violation code=0x1]',
      '',
      'goroutine 1 [running]:',
      'main.(*Server).handle(0xc000010000)',
      '  /app/main.go:12 +0x1d',
      'created by main.main in goroutine 1',
      '  /app/main.go:5 +0x2a',
      'exit status 2',
    ],
    ['starting again'],
  ],
  'a Ruby trace': [['app.rb:1:in `x`: no (RuntimeError)', '  from app.rb:5:in `main`'], ['next']],
  'a .NET error, indented after its level': [
    ['fail: Microsoft.AspNetCore.Server[13]', '      Connection id failed.', '   at Kestrel.Run()'],
    ['info: next'],
  ],
  'indented lines after an error': [['ERROR: bad query', '  LINE 1: selct', '          ^'], ['GET /']],
  'indented lines after anything else': [['INFO: config'], ['  port: 80'], ['  host: x']],
  'a line that begins with at, not indented': [['ERROR no'], ['at last it works']],
  'blank lines after an error': [['ERROR no'], [''], ['next']],
  'a frame that comes first': [['    at nowhere (x.js:1:1)']],
  'a single line': [['hello']],
};

it.each(Object.entries(cases))('%s', (_, groups) => {
  expect(grouped(groups.flat())).toEqual(groups);
});

it('ends a group after a pause', () => {
  expect(grouped(['Error: no', '    at a (x.js:1:1)'], 1000)).toHaveLength(1);
  expect(grouped(['Error: no', '    at a (x.js:1:1)'], 1001)).toHaveLength(2);
});

it('ends a group after 500 lines', () => {
  const groups = grouped(['Error: no', ...Array.from({ length: 1200 }, () => '    at a (x.js:1:1)')]);
  expect(groups.map(({ length }) => length)).toEqual([500, 500, 201]);
});
