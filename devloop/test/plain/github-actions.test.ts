import { describe, expect, it } from '@jest/globals';
import type { LoopEvent, StampedEvent } from '../../src/model/events.ts';
import { compilerErrors } from '../../src/plain/github-actions/compiler-errors.ts';
import { createGithubPrinter } from '../../src/plain/github-actions/print-github.ts';
import {
  errorCommand,
  jsonWithoutCommands,
  startGroup,
  withoutCommands,
} from '../../src/plain/github-actions/workflow-commands.ts';
import { createPlainPrinter } from '../../src/plain/print-plain.ts';
import { allHealthy, buildFailed, compilerProblem, imageOf, logged, started, startTime } from '../support/sample.ts';

type MakePrinter = (options: { write: (text: string) => void }) => (event: StampedEvent) => void;

function printed(events: readonly LoopEvent[], make: MakePrinter = createGithubPrinter): string {
  let text = '\n';
  const print = make({
    write: (line) => {
      text += line;
    },
  });
  for (const [index, event] of events.entries()) print({ ...event, seq: index + 1, at: startTime } as StampedEvent);
  return text;
}

const output = (service: string, text: string): LoopEvent => ({
  type: 'log',
  line: { at: startTime, service, source: 'build', text },
});
const stepDone = (service: string, name: string): LoopEvent => ({
  type: 'build.step',
  service,
  step: { id: name, name, status: 'done', ms: 812 },
});
const buildStarted = (service: string): LoopEvent => ({ type: 'build.started', service, edit: 0 });
const buildSucceeded = (service: string): LoopEvent => ({
  type: 'build.succeeded',
  service,
  image: imageOf(service),
  reused: false,
  ms: 1240,
});

describe('the printer for GitHub Actions', () => {
  it('folds the output of each build into a group of its own, however they mix', () => {
    const text = printed([
      started(),
      buildStarted('backend'),
      buildStarted('frontend'),
      output('backend', 'one'),
      output('frontend', 'a'),
      output('backend', 'two'),
      stepDone('backend', 'RUN npm ci'),
      buildSucceeded('backend'),
      output('frontend', 'b'),
      { type: 'build.cancelled', service: 'frontend', edit: 0 },
      logged('backend', 'listening'),
    ]);
    expect(text).toMatchInlineSnapshot(`
"
devloop  │ cluster minikube: the current context, a local Minikube
devloop  │ project tasks in namespace tasks-dev: backend, frontend
backend  │ building edit 0
frontend │ building edit 0
::group::backend: build of edit 0, 1.2 s
backend  │ one
backend  │ two
backend  │   ✓ RUN npm ci (812 ms)
::endgroup::
backend  │ built backend:edit-0 in 1.2 s
::group::frontend: build of edit 0 cancelled
frontend │ a
frontend │ b
::endgroup::
frontend │ build of edit 0 cancelled
backend  │ listening
"
`);
  });

  it('makes the errors of a failed build annotations, and shows them outside the group', () => {
    const [begin, end] = buildFailed('backend', 0, compilerProblem);
    expect(printed([started(), begin, output('backend', 'tsc'), end] as LoopEvent[])).toMatchInlineSnapshot(`
"
devloop  │ cluster minikube: the current context, a local Minikube
devloop  │ project tasks in namespace tasks-dev: backend, frontend
backend  │ building edit 0
::group::backend: build of edit 0 failed, 310 ms
backend  │ tsc
::endgroup::
backend  │ ✗ edit 0 does not build: src/server.ts:14:9: error TS2322: Type string is not assignable to type number (310 ms)
backend  │     │ #9 [build 4/5] RUN npm run build
backend  │     │ src/server.ts(14,9): error TS2322: Type 'string' is not assignable to type 'number'.
backend  │     │ npm error Lifecycle script \`build\` failed with error:
backend  │   → Correct the file: the next save builds again, and the last good pod goes on serving.
::error file=src/server.ts,line=14,col=9,title=Build of backend failed::error TS2322: Type 'string' is not assignable to type 'number'.
"
`);
  });

  it('has no group for a build that said nothing', () => {
    expect(printed([started(), buildStarted('backend'), buildSucceeded('backend')])).not.toContain('::');
  });

  it('prints all else as the plain printer does', () => {
    const plain: MakePrinter = ({ write }) => createPlainPrinter({ write, color: false });
    expect(printed(allHealthy())).toBe(printed(allHealthy(), plain));
  });

  it('is not the plain printer: that has no groups', () => {
    const plain: MakePrinter = ({ write }) => createPlainPrinter({ write, color: false });
    const events = [
      started(),
      buildStarted('backend'),
      output('backend', 'x'),
      ...buildFailed('backend', 0, compilerProblem),
    ];
    expect(printed(events, plain)).not.toMatch(/^::/m);
  });

  it('lets no foreign text be a command', () => {
    const evil = ['::error::x', '  ::add-mask::x', '##[add-mask]x', 'a ##[group]x', '\x1b[0m::set-output name=a::x'];
    const lines = printed([
      started(),
      ...evil.map((text) => logged('backend', text)),
      buildStarted('backend'),
      ...evil.map((text) => output('backend', text)),
      buildSucceeded('backend'),
    ]).split('\n');
    expect(lines.filter((line) => line.includes('##['))).toEqual([]);
    expect(lines.filter((line) => /^\s*::/.test(line))).toEqual([
      '::group::backend: build of edit 0, 1.2 s',
      '::endgroup::',
    ]);
  });
});

describe('workflow commands', () => {
  it.each([
    ['::error::x', ': :error::x'],
    [' \t ::error::x', ' \t : :error::x'],
    ['a ::error::x', 'a ::error::x'],
    ['##[error]x##[group]y', '## [error]x## [group]y'],
    ['plain: text :: as it is # [x]', 'plain: text :: as it is # [x]'],
  ])('%j is printed as %j', (text, harmless) => {
    expect(withoutCommands(text)).toBe(harmless);
  });

  it('are none in JSON, whose value stays', () => {
    const value = { text: 'a ##[add-mask]x ##[', more: ['##[', '\\##['] };
    const line = jsonWithoutCommands(JSON.stringify(value));
    expect(line).not.toContain('##[');
    expect(JSON.parse(line)).toEqual(value);
  });

  it('escape what they are given', () => {
    expect(startGroup('100% of\r\nall')).toBe('::group::100%25 of%0D%0Aall');
    expect(errorCommand({ file: 'C:\\a,b.ts', line: 3 }, 'a: b, c%', '50%\nof :: it, all')).toBe(
      '::error file=C%3A\\a%2Cb.ts,line=3,title=a%3A b%2C c%25::50%25%0Aof :: it, all',
    );
  });
});

describe('compilerErrors', () => {
  it.each<[string, string[], unknown]>([
    [
      'tsc',
      ["src/server.ts(14,9): error TS2322: Type 'a' is not b."],
      { file: 'src/server.ts', line: 14, column: 9, message: "error TS2322: Type 'a' is not b." },
    ],
    [
      'tsc with --pretty',
      ['src/server.ts:14:9 - error TS2322: no'],
      { file: 'src/server.ts', line: 14, column: 9, message: 'error TS2322: no' },
    ],
    ['gcc', ['main.c:3:5: error: no x'], { file: 'main.c', line: 3, column: 5, message: 'error: no x' }],
    ['go', ['./cmd/main.go:3:5: undefined: x'], { file: 'cmd/main.go', line: 3, column: 5, message: 'undefined: x' }],
    ['javac', ['App.java:7: error: no x'], { file: 'App.java', line: 7, message: 'error: no x' }],
    [
      'esbuild',
      ['✘ [ERROR] Expected ";"', '', '    src/a.ts:2:4:'],
      { file: 'src/a.ts', line: 2, column: 4, message: '✘ [ERROR] Expected ";"' },
    ],
    [
      'rustc',
      ['error[E0308]: mismatched types', '  --> src/main.rs:4:5'],
      { file: 'src/main.rs', line: 4, column: 5, message: 'error[E0308]: mismatched types' },
    ],
    [
      'next build',
      ['./app/[id]/page.tsx:14:9', "Type error: Type 'a' is not b."],
      { file: 'app/[id]/page.tsx', line: 14, column: 9, message: "Type error: Type 'a' is not b." },
    ],
    ['a stack', ['    at connect (node:net:12:3)', '    at file:///app/a.js:1:2'], undefined],
    ['an address', ['10.0.0.7:5432: connection refused', 'http://a.example:80: failed'], undefined],
    ['a log line', ['server.ts:14 started'], undefined],
  ])('of %s', (_, lines, error) => {
    expect(compilerErrors(lines)).toEqual(error === undefined ? [] : [error]);
  });

  it('has each place once', () => {
    const line = 'a.ts:1:1: error: x';
    expect(compilerErrors([line, line])).toHaveLength(1);
  });
});
