import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Message, Metafile } from 'esbuild';
import { usageFault } from '../model/errors.ts';

export interface CompiledConfig {
  readonly code: string;
  /** The source map, as JSON. */
  readonly map: string;
  /** Absolute paths of all source files that took part. */
  readonly inputs: readonly string[];
}

// `import { defineConfig } from 'devloop'` has to work in a project that has not installed the package.
const defineConfigModule = 'export const defineConfig = (config) => config;';

/**
 * Bundles the configuration to one module.
 * @throws Fault (usage) with file, line and column when it does not compile
 */
export async function compileConfig(file: string): Promise<CompiledConfig> {
  const { build } = await import('esbuild');
  const root = path.dirname(file);
  const result = await build({
    absWorkingDir: root,
    entryPoints: [file],
    outfile: path.join(root, 'devloop.config.mjs'),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    sourcemap: 'external',
    metafile: true,
    logLevel: 'silent',
    // The module runs from memory, where these would not point at the file.
    define: {
      'import.meta.dirname': JSON.stringify(root),
      'import.meta.filename': JSON.stringify(file),
      'import.meta.url': JSON.stringify(pathToFileURL(file).href),
    },
    // A CommonJS package in the bundle may require Node's own modules.
    banner: {
      js: `import { createRequire as devloopRequireOf } from 'node:module';\nvar require = devloopRequireOf(${JSON.stringify(file)});`,
    },
    plugins: [
      {
        name: 'devloop',
        setup: (hooks) => {
          hooks.onResolve({ filter: /^devloop$/ }, () => ({ path: 'devloop', namespace: 'devloop' }));
          hooks.onLoad({ filter: /.*/, namespace: 'devloop' }, () => ({ contents: defineConfigModule, loader: 'js' }));
        },
      },
    ],
  }).catch((error: { errors?: Message[] }) => {
    throw compileFault(file, error);
  });
  const text = (ending: string) => result.outputFiles.find((output) => output.path.endsWith(ending))?.text ?? '';
  return { code: text('.mjs'), map: text('.map'), inputs: sourceFiles(root, result.metafile) };
}

const sourceFiles = (root: string, metafile: Metafile): string[] =>
  Object.keys(metafile.inputs)
    .filter((input) => !input.startsWith('devloop:') && !input.includes('node_modules/'))
    .map((input) => path.resolve(root, input));

function compileFault(file: string, error: { errors?: Message[] }): Error {
  const messages = error.errors;
  if (!messages?.length) return error instanceof Error ? error : new Error(String(error));
  const [first] = messages;
  const where = first?.location ? `${first.location.file}:${first.location.line}:${first.location.column + 1}` : file;
  return usageFault({
    title: 'The configuration does not compile',
    why: `${where}: ${first?.text ?? 'unknown error'}`,
    fix: `Correct ${path.basename(file)}; devloop changed nothing.`,
    evidence: messages.flatMap(({ location, text }) =>
      location
        ? [`${location.file}:${location.line}:${location.column + 1}: ${text}`, `  ${location.lineText}`]
        : [text],
    ),
  });
}
