import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { runCommandLine } from '../../src/cli/run-command-line.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';
import { anyText, inTime, parameters, timeout } from './cases.ts';

const commands = ['up', 'down', 'status', 'logs', 'verify', 'build', 'deploy', 'render', 'config', 'help'];
const options = [
  ...[
    '--config',
    '--context',
    '--namespace',
    '--cluster',
    '--profile',
    '--no-color',
    '--verbose',
    '--help',
    '--version',
  ],
  ...['--ui', '--once', '--timeout', '--json', '-f', '--follow', '--since', '--tail', '--grep', '--previous', '--'],
  ...['--delete-namespace', '--ui=json', '--timeout=1', '--since=5m', '--tail=10', '--grep=a', '--config=', '-fj'],
];
const values = [
  'json',
  'plain',
  'stream',
  'sandbox',
  'auto',
  '90s',
  '1e9',
  '0',
  '-1',
  '(',
  '[a-',
  '(?<',
  'backend',
  '/nowhere',
  '.',
];
const word = fc.oneof(fc.constantFrom(...options), fc.constantFrom(...values), anyText);
// Node itself gives no argument with a NUL to a program.
const args = fc
  .tuple(
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...commands) }, { weight: 1, arbitrary: word }),
    fc.array(word, { maxLength: 6 }),
  )
  .map(([first, others]) => [first, ...others].map((text) => text.replaceAll('\0', '')));

let folder: TempFolder;
let said = '';
beforeAll(() => {
  // No configuration is here or above: what the arguments mean is all that can go wrong.
  folder = createTempFolder();
});
afterAll(() => folder.remove());
beforeEach(() => {
  const hear = (text: string | Uint8Array) => {
    said += String(text);
    return true;
  };
  jest.spyOn(process, 'cwd').mockReturnValue(folder.root);
  jest.spyOn(process.stdout, 'write').mockImplementation(hear);
  jest.spyOn(process.stderr, 'write').mockImplementation(hear);
});

describe('arguments', () => {
  it(
    'are understood or refused with words, whatever they are',
    async () => {
      const listeners = () => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');
      const before = listeners();
      try {
        await fc.assert(
          fc.asyncProperty(args, async (words) => {
            said = '';
            const code = await inTime(runCommandLine(words));
            expect([0, 1, 2, 3]).toContain(code);
            expect(said).not.toMatch(/bug of devloop|^\s+at .*:\d+:\d+\)?$/m);
            expect(said).not.toBe('');
            if (code === 0) expect(said).toMatch(/Usage: devloop|^\d+\.\d+\.\d+\n$/);
          }),
          parameters,
        );
      } finally {
        jest.restoreAllMocks();
      }
      expect(listeners()).toBe(before);
    },
    timeout,
  );
});
