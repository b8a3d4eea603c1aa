import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createProgram } from '../../src/cli/program.ts';

let stdout = '';
let stderr = '';
beforeEach(() => {
  [stdout, stderr] = ['', ''];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const run = (...args: readonly string[]) => createProgram().run(args);

describe('help', () => {
  it.each([['--help'], ['help'], ['up', '--help'], ['help', 'logs']])('%s %s is no error', async (...args) => {
    expect(await run(...args.filter(Boolean))).toBe(0);
    expect(stdout).toContain('Usage: devloop');
    expect(stderr).toBe('');
  });

  it('names every command and the exit codes', async () => {
    await run('--help');
    for (const name of ['up', 'down', 'status', 'logs', 'verify', 'build', 'deploy', 'render', 'config'])
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(stdout).toContain('Exit codes: 0 all well');
  });

  it.each(['up', 'down', 'status', 'logs', 'verify', 'build', 'deploy', 'render', 'config'])(
    'of %s has the common options',
    async (name) => {
      await run(name, '--help');
      for (const option of [
        '--config',
        '--context',
        '--namespace',
        '--cluster',
        '--profile',
        '--no-color',
        '--verbose',
      ])
        expect(stdout).toContain(option);
    },
  );

  it('tells the version', async () => {
    expect(await run('--version')).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a wrong usage', () => {
  it.each<[string, string[], RegExp]>([
    ['an unknown command', ['upp'], /unknown command 'upp'[\s\S]*Did you mean up\?/],
    ['an unknown option', ['up', '--onse'], /unknown option '--onse'[\s\S]*Did you mean --once\?/],
    ['a wrong choice', ['up', '--ui', 'fancy'], /'fancy' is invalid[\s\S]*dashboard, stream, plain, json/],
    ['a wrong cluster', ['status', '--cluster', 'cloud'], /'cloud' is invalid/],
    ['a number that is none', ['up', '--timeout', 'soon'], /It must be a whole number above 0/],
    ['a number of 0', ['logs', '--tail', '0'], /It must be a whole number above 0/],
    ['a value that is missing', ['up', '--context'], /argument missing/],
    ['an argument too many', ['down', 'backend'], /too many arguments/],
  ])('is %s', async (_, args, said) => {
    expect(await run(...args)).toBe(2);
    expect(stderr).toMatch(said);
    expect(stdout).toBe('');
  });

  it('is no command at all: help is shown', async () => {
    expect(await run()).toBe(2);
    expect(stderr).toContain('Usage: devloop');
  });
});

it('a fault of a command comes through', async () => {
  await expect(run('config', '--config', '/nowhere/devloop.config.ts')).rejects.toMatchObject({
    exitCode: 2,
    problem: { title: 'The configuration was not found' },
  });
});
