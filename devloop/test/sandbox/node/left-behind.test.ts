import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLifeline } from '../../../src/sandbox/node/network/lifeline.ts';
import { openProcessTable } from '../../../src/sandbox/node/processes/process-table.ts';
import { bundleHook, newFolder } from './support.ts';

let folder: string;
let hook: string;
beforeAll(async () => {
  folder = await newFolder();
  hook = bundleHook(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const hooked = (lifeline: number, script: string) => {
  const settings = {
    network: folder,
    address: '10.244.0.2',
    namespace: 'a',
    podName: 'b',
    container: 'c',
    lifeline,
    reserved: {},
  };
  return spawn(process.execPath, ['-e', script], {
    env: { ...process.env, NODE_OPTIONS: `--require=${hook}`, DEVLOOP_SANDBOX: JSON.stringify(settings) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
};

describe('what a dead sandbox leaves', () => {
  test('a program ends with the sandbox', async () => {
    const lifeline = await openLifeline();
    const child = hooked(lifeline.port, `console.log('up');setInterval(()=>{},1000)`);
    await once(child.stdout, 'data');
    lifeline.close();
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
  });

  test('the hook does not keep a program alive', async () => {
    const lifeline = await openLifeline();
    const [code] = await once(hooked(lifeline.port, '1'), 'exit');
    expect(code).toBe(0);
    lifeline.close();
  });

  test('a program that is in no container is left alone', async () => {
    const child = spawn(process.execPath, [
      '--require',
      hook,
      '-e',
      'console.log(require("net").Server.prototype.listen.name)',
    ]);
    const [text] = await once(child.stdout, 'data');
    expect(String(text)).not.toContain('patched');
  });

  test('the next start ends the groups of the table, and no other process of the same id', async () => {
    const table = path.join(folder, 'processes');
    const first = await openProcessTable(table);
    const mine = spawn('sleep', ['1000'], { detached: true });
    const other = spawn('sleep', ['1000'], { detached: true });
    await Promise.all([once(mine, 'spawn'), once(other, 'spawn')]);
    await first.add(mine.pid ?? 0);
    await writeFile(path.join(table, String(other.pid)), 'another start');
    const exit = once(mine, 'exit');
    await openProcessTable(table);
    expect((await exit)[1]).toBe('SIGKILL');
    expect(other.exitCode).toBeNull();
    expect(await readdir(table)).toEqual([]);
    const end = once(other, 'exit');
    other.kill();
    expect((await end)[1]).toBe('SIGTERM');
  });
});
