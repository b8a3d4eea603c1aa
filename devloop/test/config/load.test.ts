import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

const folders: TempFolder[] = [];
function project(files: Readonly<Record<string, string>>): TempFolder {
  const folder = createTempFolder(files);
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

const minimal = (name = 'tasks') =>
  `export default { name: '${name}', release: { chart: 'helm' }, services: { backend: {} } };`;

describe('the search for the configuration', () => {
  it('goes up from the folder that it begins in', async () => {
    const { root, path: at } = project({ 'devloop.config.ts': minimal(), 'apps/backend/src/server.ts': '' });
    const loaded = await loadConfig(at('apps/backend/src'));
    expect(loaded.file).toBe(path.join(root, 'devloop.config.ts'));
    expect(loaded.config.name).toBe('tasks');
  });

  it('takes the nearest one', async () => {
    const { path: at } = project({ 'devloop.config.ts': minimal('outer'), 'apps/devloop.config.ts': minimal('inner') });
    expect((await loadConfig(at('apps'))).config.name).toBe('inner');
  });

  it.each(['devloop.config.mts', 'devloop.config.js', 'devloop.config.mjs'])('knows %s', async (name) => {
    const { root, path: at } = project({ [name]: minimal() });
    expect((await loadConfig(root)).file).toBe(at(name));
  });

  it('takes the file that is named, whatever its name', async () => {
    const { root, path: at } = project({ 'devloop.config.ts': minimal(), 'other/ci.config.ts': minimal('ci') });
    const loaded = await loadConfig(root, 'other/ci.config.ts');
    expect([loaded.file, loaded.config.name]).toEqual([at('other/ci.config.ts'), 'ci']);
  });

  it('says where it looked when there is none', async () => {
    const { root } = project({});
    await expect(loadConfig(root)).rejects.toMatchObject({
      kind: 'usage',
      problem: { title: 'No configuration', why: `there is no devloop.config.ts in ${root} or a folder above it` },
    });
  });

  it('names a given file that does not exist', async () => {
    const { root, path: at } = project({ 'devloop.config.ts': minimal() });
    await expect(loadConfig(root, 'no.ts')).rejects.toMatchObject({
      problem: { why: `${at('no.ts')} does not exist` },
    });
  });
});

describe('a good configuration', () => {
  it('may import defineConfig from devloop without having it installed', async () => {
    const { root } = project({
      'devloop.config.ts': `import { defineConfig } from 'devloop';\nexport default defineConfig({ name: 'typed', release: { chart: 'helm' }, services: { web: {} } });`,
    });
    expect((await loadConfig(root)).config.name).toBe('typed');
  });

  it('may import its own files, which count as inputs', async () => {
    const { root, path: at } = project({
      'devloop.config.ts': `import { port } from './config/ports.ts';\nexport default { name: 'a', release: { chart: 'helm' }, services: { web: { ports: [{ local: port, remote: 80 }] } } };`,
      'config/ports.ts': 'export const port: number = 4000;',
    });
    const { config, inputs } = await loadConfig(root);
    expect(config.services['web']?.ports).toEqual([{ local: 4000, remote: 80 }]);
    expect([...inputs].sort()).toEqual([at('config/ports.ts'), at('devloop.config.ts')]);
  });

  it('sees its own place in import.meta.dirname', async () => {
    const { root } = project({
      'devloop.config.ts': `const chart = import.meta.dirname + '/helm';\nexport default { name: 'a', release: { chart }, services: { web: {} } };`,
    });
    expect((await loadConfig(root)).config.release?.chart).toBe(path.join(root, 'helm'));
  });

  it('may be computed with Node and top-level await', async () => {
    const { root } = project({
      'devloop.config.ts': `import { readFile } from 'node:fs/promises';\nconst name = (await readFile(new URL('name.txt', 'file://' + import.meta.filename), 'utf8')).trim();\nexport default { name, release: { chart: 'helm' }, services: { web: {} } };`,
      'name.txt': 'from-file\n',
    });
    expect((await loadConfig(root)).config.name).toBe('from-file');
  });

  it('may import a CommonJS package that requires Node modules', async () => {
    const { root } = project({
      'devloop.config.ts': `import tool from 'old-tool';\nexport default { name: tool.name, release: { chart: 'helm' }, services: { web: {} } };`,
      'node_modules/old-tool/package.json': '{ "name": "old-tool", "main": "index.js" }',
      'node_modules/old-tool/index.js': `const path = require('path');\nmodule.exports = { name: path.basename('/a/from-cjs') };`,
    });
    const { config, inputs } = await loadConfig(root);
    expect(config.name).toBe('from-cjs');
    expect(inputs).toEqual([path.join(root, 'devloop.config.ts')]);
  });

  it('may make its own require', async () => {
    const { root } = project({
      'devloop.config.ts': `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nconst { name } = require('./package.json');\nexport default { name, release: { chart: 'helm' }, services: { web: {} } };`,
      'package.json': '{ "name": "from-package" }',
    });
    expect((await loadConfig(root)).config.name).toBe('from-package');
  });

  it('is read anew each time', async () => {
    const folder = project({ 'devloop.config.ts': minimal('first') });
    expect((await loadConfig(folder.root)).config.name).toBe('first');
    folder.write('devloop.config.ts', minimal('second'));
    expect((await loadConfig(folder.root)).config.name).toBe('second');
  });
});
