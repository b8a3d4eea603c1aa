import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Bundles } from '../../src/live/bundles.ts';
import type { BundleSpec } from '../../src/model/project.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

const sources = {
  'apps/a/src/server.ts': "import { answer } from '../../shared/answer.ts';\nconsole.log('the answer is', answer);\n",
  'apps/shared/answer.ts': 'export let answer: number = 42;\n',
};
let folder: TempFolder;
let bundles: Bundles;

beforeEach(() => {
  folder = createTempFolder(sources);
  bundles = new Bundles(folder.root);
});
afterEach(async () => {
  await bundles.close();
  folder.remove();
});

const spec = (change: Partial<BundleSpec> = {}): BundleSpec => ({
  entry: folder.path('apps/a/src/server.ts'),
  to: 'dist/main.mjs',
  external: [],
  ...change,
});
const textOf = async (bundle = spec()) => {
  const { files } = await bundles.build(bundle);
  const programs = files.filter(({ name }) => !name.endsWith('.map'));
  return programs.map(({ content }) => Buffer.from(content).toString()).join('');
};
/** What the bundle prints when Node runs it. */
async function outputOf(bundle: BundleSpec): Promise<string> {
  const { files } = await bundles.build(bundle);
  for (const { name, content } of files) writeFileSync(folder.path(name), content);
  return execFileSync(process.execPath, [files[0]?.name ?? ''], { cwd: folder.root, encoding: 'utf8' });
}

describe('a bundle', () => {
  test('is one program and its map, named as `to` says, and tells what it was made of', async () => {
    const { files, inputs } = await bundles.build(spec());
    expect(files.map(({ name }) => name)).toEqual(['main.mjs', 'main.mjs.map']);
    expect(Buffer.from(files[0]?.content ?? []).toString()).toMatch(/\n\/\/# sourceMappingURL=main\.mjs\.map\n$/);
    const map = JSON.parse(Buffer.from(files[1]?.content ?? []).toString());
    expect(map.sources).toEqual(['../../shared/answer.ts', 'server.ts']);
    expect(map.sourcesContent).toBeUndefined();
    expect([...inputs].sort()).toEqual(Object.keys(sources).map(folder.path));
    expect(await outputOf(spec())).toBe('the answer is 42\n');
  });

  test('is CommonJS for a `.cjs`', async () => {
    expect(await outputOf(spec({ to: '/app/main.cjs' }))).toBe('the answer is 42\n');
    folder.write('apps/a/src/server.ts', 'console.log(typeof module, typeof require);\n');
    expect(await outputOf(spec({ to: '/app/main.cjs' }))).toBe('object function\n');
  });

  test('may be named as its entry is', async () => {
    folder.write('apps/a/src/plain.mjs', "console.log('plain');\n");
    expect(await outputOf(spec({ entry: folder.path('apps/a/src/plain.mjs'), to: 'plain.mjs' }))).toBe('plain\n');
  });

  test('takes CommonJS packages along, and leaves out those that are external', async () => {
    folder.write('node_modules/inside/index.js', "module.exports = require('node:path').sep;\n");
    folder.write('node_modules/outside/index.js', "module.exports = 'from outside';\n");
    folder.write('apps/a/src/server.ts', "import a from 'inside';\nimport b from 'outside';\nconsole.log(a, b);\n");
    const bundle = spec({ external: ['outside'] });
    expect(await outputOf(bundle)).toBe(`${path.sep} from outside\n`);
    expect(await textOf(bundle)).toContain('from"outside"');
    expect((await bundles.build(bundle)).inputs).toEqual([folder.path('apps/a/src/server.ts')]);
    expect(await textOf()).toContain('from outside');
  });

  test('keeps packages in files that an edit does not change, and says which loads them all', async () => {
    const programs = async () => {
      const { files, packages } = await bundles.build(spec());
      const texts = files.filter(({ name }) => !name.endsWith('.map'));
      return { packages, texts: new Map(texts.map(({ name, content }) => [name, Buffer.from(content).toString()])) };
    };
    folder.write('node_modules/inside/index.js', "module.exports = 'from inside';\n");
    folder.write('node_modules/outside/index.js', "module.exports = 'from outside';\n");
    folder.write(
      'apps/a/src/server.ts',
      "import outside from 'outside';\nimport inside from 'inside';\nconsole.log(outside, inside, 1);\n",
    );
    const before = await programs();
    folder.write(
      'apps/a/src/server.ts',
      "import outside from 'outside';\nimport inside from 'inside';\nconsole.log(outside, inside, 2);\n",
    );
    const after = await programs();
    expect(before.packages).toBe('main.packages.mjs');
    expect([...after.texts.keys()].sort()).toEqual([...before.texts.keys()].sort());
    const changed = [...after.texts].filter(([name, text]) => before.texts.get(name) !== text).map(([name]) => name);
    expect(changed).toEqual(['main.mjs']);
    expect(after.texts.get('main.mjs')).not.toContain('from outside');
  });

  test('runs packages as Node would: one copy of each, loaded in the order of the imports, with all that they export', async () => {
    folder.write(
      'node_modules/common/index.js',
      "console.log('common');\nexports.shared = {};\nexports.__esModule = false;\n",
    );
    folder.write(
      'node_modules/modern/package.json',
      '{ "type": "module", "exports": { ".": "./main.js", "./more": "./more.js" } }',
    );
    folder.write(
      'node_modules/modern/main.js',
      "import { shared } from 'common';\nexport { shared };\nexport let count = 0;\nexport const add = () => { count += 1; };\nexport default class Modern {}\n",
    );
    folder.write('node_modules/modern/more.js', "export { default as Again } from './main.js';\n");
    folder.write(
      'node_modules/function/index.js',
      "console.log('function');\nmodule.exports = () => 'called';\nmodule.exports.named = 'named';\n",
    );
    folder.write('apps/shared/first.ts', "console.log('own');\n");
    folder.write(
      'apps/a/src/server.ts',
      [
        "import '../../shared/first.ts';",
        "import call, { named } from 'function';",
        "import Modern, { shared, count, add } from 'modern';",
        "import * as modern from 'modern';",
        "import { Again } from 'modern/more';",
        "import common from 'common';",
        'add();',
        'console.log(call(), named, shared === common.shared, count, modern.count, Again === Modern, Modern.name);',
      ].join('\n'),
    );
    const output = 'own\nfunction\ncalled named true 1 1 true Modern\n';
    const lines = (await outputOf(spec())).split('\n');
    // ES modules are loaded before the program, and what they import with them.
    expect(lines.filter((line) => line !== 'common').join('\n')).toBe(output);
    expect(lines.filter((line) => line === 'common')).toHaveLength(1);
  });

  test('loads no package before it is asked to, and all of them when it is', async () => {
    folder.write('node_modules/first/index.js', "console.log('first');\n");
    folder.write('node_modules/second/index.js', "console.log('second');\n");
    folder.write('apps/a/src/server.ts', "import 'second';\nimport 'first';\nconsole.log('own');\n");
    expect(await outputOf(spec())).toBe('second\nfirst\nown\n');
    const { packages = '' } = await bundles.build(spec());
    const code = `import('./${packages}').then(({ loadAll }) => { console.log('there'); loadAll(); })`;
    const print = execFileSync(process.execPath, ['--eval', code], { cwd: folder.root, encoding: 'utf8' });
    expect(print).toBe('there\nsecond\nfirst\n');
  });

  test('without packages is one file', async () => {
    folder.write('apps/a/src/server.ts', 'console.log(1);\n');
    const { files, packages } = await bundles.build(spec());
    expect(files.map(({ name }) => name)).toEqual(['main.mjs', 'main.mjs.map']);
    expect(packages).toBeUndefined();
  });

  test('may make a require of its own', async () => {
    folder.write(
      'apps/a/src/server.ts',
      "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nconsole.log(typeof require('node:fs').statSync);\n",
    );
    expect(await outputOf(spec())).toBe('function\n');
  });

  test('has the same bytes in another folder', async () => {
    const shared = { ...sources, 'node_modules/common/index.js': 'module.exports = 1;\n' };
    const entry = "import one from 'common';\nconsole.log(one);\n";
    const made = await Promise.all(
      ['x', 'deeper/than/x'].map(async (name) => {
        for (const [file, text] of Object.entries(shared)) folder.write(`${name}/${file}`, text);
        const file = folder.write(`${name}/apps/a/src/server.ts`, entry);
        const own = new Bundles(folder.path(name));
        const { files } = await own.build(spec({ entry: file }));
        await own.close();
        return files.map(({ content }) => Buffer.from(content).toString());
      }),
    );
    expect(made[0]).toEqual(made[1]);
    expect(made[0]?.join('')).not.toContain(folder.root);
  });
});

describe('a change', () => {
  test('is in the next build', async () => {
    expect(await textOf()).toContain('42');
    folder.write('apps/shared/answer.ts', 'export const answer = 43;\n');
    expect(await textOf()).toContain('43');
  });

  test('that does not compile is told with place and line; its correction is built', async () => {
    folder.write('apps/shared/answer.ts', 'export const answer = ;\n');
    const { kind, problem } = await faultOf(bundles.build(spec()));
    expect(kind).toBe('outside');
    expect(problem).toMatchObject({
      title: 'The bundle of server.ts failed',
      why: 'apps/shared/answer.ts:1:22: Unexpected ";"',
      evidence: ['apps/shared/answer.ts:1:22: Unexpected ";"', 'export const answer = ;', `${' '.repeat(22)}^`],
    });
    folder.write('apps/shared/answer.ts', 'export const answer = 44;\n');
    expect(await textOf()).toContain('44');
  });

  test.each([
    ['a file', "import { late } from './late.ts';", './late.ts', 'apps/a/src/late.ts'],
    ['a package', "import { late } from 'late';", 'late', 'node_modules/late/index.js'],
  ])('that imports %s that is not there yet is built when it is', async (_, line, name, file) => {
    await bundles.build(spec());
    folder.write('apps/a/src/server.ts', `${line}\nconsole.log(late);\n`);
    const { problem } = await faultOf(bundles.build(spec()));
    expect(problem.why).toBe(`apps/a/src/server.ts:1:21: Could not resolve "${name}"`);
    folder.write(file, "export const late = 'better than never';\n");
    expect(await textOf()).toContain('better than never');
  });

  test('of an entry that is not there yet is built when it is', async () => {
    const bundle = spec({ entry: folder.path('apps/b/src/server.ts') });
    expect((await faultOf(bundles.build(bundle))).problem.why).toContain('Could not resolve');
    folder.write('apps/b/src/server.ts', "console.log('b');\n");
    expect(await outputOf(bundle)).toBe('b\n');
  });

  test('during a build cuts it off: all who wait have the newest', async () => {
    const waiting = [textOf()];
    for (const answer of [51, 52, 53]) {
      folder.write('apps/shared/answer.ts', `export const answer = ${answer};\n`);
      waiting.push(textOf());
    }
    expect(new Set(await Promise.all(waiting)).size).toBe(1);
    expect(await waiting[0]).toContain('53');
  });

  test('that breaks it during a build is told to all who wait', async () => {
    const older = faultOf(bundles.build(spec()));
    folder.write('apps/shared/answer.ts', 'export const answer = ;\n');
    const newer = faultOf(bundles.build(spec()));
    const why = 'apps/shared/answer.ts:1:22: Unexpected ";"';
    expect([(await older).problem.why, (await newer).problem.why]).toEqual([why, why]);
  });
});
