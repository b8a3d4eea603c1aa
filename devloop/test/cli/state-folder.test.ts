import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stateFault, stateFolder } from '../../src/cli/state-folder.ts';
import { environmentFault, Fault } from '../../src/model/errors.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let project: TempFolder;
beforeEach(() => {
  project = createTempFolder();
});
afterEach(() => project.remove());

describe('a folder of the state', () => {
  it('is made for this user only, and git leaves it alone', async () => {
    const folder = await stateFolder(project, 'logs');
    expect(folder).toBe(project.path('.devloop/logs'));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(project.path('.devloop/.gitignore'), 'utf8')).toBe('*\n');
  });

  it('keeps what is there', async () => {
    project.write('.devloop/logs/a.log', 'text');
    project.write('.devloop/.gitignore', 'of the user\n');
    await stateFolder(project, 'logs');
    expect(readFileSync(project.path('.devloop/logs/a.log'), 'utf8')).toBe('text');
    expect(readFileSync(project.path('.devloop/.gitignore'), 'utf8')).toBe('of the user\n');
  });

  it('needs no file for git', async () => {
    mkdirSync(project.path('.devloop/.gitignore'), { recursive: true });
    expect(await stateFolder(project, 'logs')).toBe(project.path('.devloop/logs'));
  });

  it.each(['.devloop', '.devloop/logs'])('with a file in the place of %s is told, and the file stays', async (file) => {
    project.write(file, 'of the user');
    const { problem, kind } = await faultOf(stateFolder(project, 'logs'));
    expect(kind).toBe('environment');
    expect(problem.why).toBe(`${project.path('.devloop/logs')}: a file is in its place`);
    expect(problem.fix).toMatch(/Move that file away/);
    expect(readFileSync(project.path(file), 'utf8')).toBe('of the user');
  });
});

describe('an error about it', () => {
  const systemError = (code: string) => Object.assign(new Error(`${code}: it failed`), { code });

  it.each([
    ['EACCES', 'this user may not write it'],
    ['EPERM', 'this user may not write it'],
    ['EROFS', 'its file system is read-only'],
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', "this user's share of the disk is used up"],
    ['EIO', 'EIO: it failed'],
  ])('%s: %s', (code, why) => {
    const fault = stateFault('/p/.devloop/x', systemError(code));
    expect(fault).toBeInstanceOf(Fault);
    expect((fault as Fault).exitCode).toBe(3);
    expect((fault as Fault).problem.why).toBe(`/p/.devloop/x: ${why}`);
    expect((fault as Fault).problem.fix).toBeTruthy();
  });

  it.each([
    ['a mistake of ours', new TypeError('x is not a function')],
    ['one of Node itself', systemError('ERR_INVALID_ARG_TYPE')],
    ['a fault', environmentFault({ title: 'a', why: 'b' })],
    ['nothing', undefined],
  ])('that is %s stays', (_, error) => {
    expect(stateFault('/p', error)).toBe(error);
  });
});
