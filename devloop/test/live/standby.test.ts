import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TempFolder } from '../fakes/temp-folder.ts';
import { Containers, createLayer, initKind, nodeKind, runs, until } from './support.ts';

let layer: TempFolder;
beforeAll(() => {
  layer = createLayer();
});
afterAll(() => layer.remove());

/** Says when its packages are loaded, and what it runs with. */
const files = {
  'package.json': '{ "type": "module" }',
  'packages.js': "console.log('packages', process.pid);\n",
  'app.js': `
    import './packages.js';
    const { NODE_OPTIONS, DEVLOOP_STANDBY, COLOR } = process.env;
    console.log('app', process.pid, JSON.stringify([NODE_OPTIONS ?? null, DEVLOOP_STANDBY ?? null, COLOR, process.argv.slice(2), typeof gc]));
    process.on('SIGTERM', () => process.exit(0));
    setInterval(() => {}, 1000);
  `,
};
const lines = (output: string, word: string) => output.split('\n').filter((line) => line.startsWith(`${word} `));
const pidsOf = (output: string, word: string) => lines(output, word).map((line) => Number(line.split(' ')[1]));

describe.each([nodeKind, initKind])('$name', (kind) => {
  let containers: Containers;
  beforeAll(() => {
    containers = new Containers(layer, kind);
  });
  afterEach(() => containers.end());

  async function start(entrypoint: readonly string[] = ['node', 'app.js', 'an argument'], env = {}) {
    const container = containers.start({ entrypoint, files, env: { COLOR: 'green', ...env } });
    await container.printed('app ');
    return { container, live: await container.connect() };
  }

  it('loads the packages ahead, and not the program', async () => {
    const { container, live } = await start();
    await live.standBy('packages.js');
    await container.printed('packages ', 2);
    expect(lines(container.output(), 'app')).toHaveLength(1);
    await live.restart();
    await container.printed('app ', 2);
    expect(lines(container.output(), 'packages')).toHaveLength(2);
    expect(pidsOf(container.output(), 'app')[1]).toBe(pidsOf(container.output(), 'packages')[1]);
  });

  it('leaves nothing that the program could see', async () => {
    const { container, live } = await start(undefined, { NODE_OPTIONS: '--no-warnings' });
    await live.standBy('packages.js');
    await container.printed('packages ', 2);
    await live.restart();
    await container.printed('app ', 2);
    const seen = lines(container.output(), 'app').map((line) => line.slice(line.indexOf('[')));
    expect(seen[1]).toBe(seen[0]);
    expect(seen[0]).toBe('["--no-warnings",null,"green",["an argument"],"undefined"]');
  });

  it('is one process at a time, which no restart kills, and which ends with the container', async () => {
    const { container, live } = await start();
    for (let round = 2; round < 5; round += 1) {
      await live.standBy('packages.js');
      await live.standBy('packages.js');
      await container.printed('packages ', round);
      await live.restart();
      await container.printed('app ', round);
    }
    const [, ...apps] = pidsOf(container.output(), 'app');
    expect(apps).toEqual(pidsOf(container.output(), 'packages').slice(1));
    await live.standBy('packages.js');
    await container.printed('packages ', 5);
    container.child.kill('SIGTERM');
    expect(await container.exit).toBe(0);
    await until(() => pidsOf(container.output(), 'packages').every((pid) => !runs(pid)));
  });

  it('runs the newest program, whatever was there when it was started', async () => {
    const { container, live } = await start();
    await live.standBy('packages.js');
    await container.printed('packages ', 2);
    const changed = "console.log('app', process.pid, 'anew'); setInterval(() => {}, 1000);\n";
    await live.apply([{ kind: 'file', path: 'app.js', mode: 0o644, content: Buffer.from(changed) }]);
    await live.restart();
    await container.printed('anew');
    expect(pidsOf(container.output(), 'app')[1]).toBe(pidsOf(container.output(), 'packages')[1]);
  });

  it('ends when the last client goes', async () => {
    const { container, live } = await start();
    await live.standBy('packages.js');
    await container.printed('packages ', 2);
    const [, standby = 0] = pidsOf(container.output(), 'packages');
    expect(runs(standby)).toBe(true);
    live.close();
    await until(() => !runs(standby));
  });

  it('does without a module that is not there', async () => {
    const { container, live } = await start();
    await live.standBy('no-such-module.js');
    await live.restart();
    await container.printed('app ', 2);
    expect(container.output()).not.toMatch(/error/i);
  });

  it.each([
    ['a program that is not Node', ['sh', '-c', 'echo "app $$"; while :; do sleep 0.05; done']],
    ['a debugger', ['node', '--inspect=0', 'app.js']],
  ])('is not started for %s', async (_name, entrypoint) => {
    const { container, live } = await start(entrypoint);
    await live.standBy('packages.js');
    await live.restart();
    await container.printed('app ', 2);
    const apps = lines(container.output(), 'app').length;
    expect(lines(container.output(), 'packages').length).toBe(entrypoint[0] === 'node' ? apps : 0);
  });
});
