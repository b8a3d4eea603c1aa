import type { BuildOptions } from 'esbuild';

/** What every build here gives: its files in memory, and what they were made of. */
export interface BundleOutput {
  write: false;
  metafile: true;
}

/**
 * CommonJS packages call require() for Node's own modules, which an ES module has to make for itself. A second import
 * under the same name would be a syntax error, so the name is one that no program has.
 */
const banner =
  "import { createRequire as devloopRequireOf } from 'node:module'; const require = devloopRequireOf(import.meta.url);";

export const isCommonJs = (name: string): boolean => name.endsWith('.cjs');

/**
 * esbuild's options for files that Node 18 and later run: as CommonJS when the name ends in `.cjs`, else as ES modules.
 * @param root names of modules in the files are relative to it
 * @param before a line that comes first in an ES module
 */
export const commonOptions = (root: string, name: string, before = '') =>
  ({
    absWorkingDir: root,
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node18',
    outExtension: { '.js': /\.[^.]*$/.exec(name)?.[0] ?? '.js' },
    sourcemap: true,
    // The sources are on this machine; with their text in it, Node would take longer to read the map than to start.
    sourcesContent: false,
    // Less to write, to read and to parse; names stay, for stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'silent',
    ...(isCommonJs(name) ? { format: 'cjs' } : { format: 'esm', banner: { js: `${before}${banner}` } }),
  }) as const satisfies BuildOptions;
