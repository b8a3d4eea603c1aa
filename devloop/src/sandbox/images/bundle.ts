import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BuildContext, BuildFailure, Message } from 'esbuild';
import { outsideFault } from '../../model/errors.ts';
import { bundleName } from '../../model/project.ts';

/** CommonJS packages call require() for Node's own modules, which an ES module has to make for itself. */
const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * Bundles of entries by esbuild. What it has parsed is kept between builds of the same entry, which makes the next one
 * many times faster.
 */
export class Bundles {
  readonly #contexts = new Map<string, Promise<BuildContext<{ write: false }>>>();

  /**
   * Writes the bundle of an entry, its source map and a package.json that says it is an ES module into a folder.
   * @throws Fault (outside) with esbuild's own words
   */
  async build(entry: string, folder: string): Promise<void> {
    const context = await this.#context(entry);
    const { outputFiles } = await context.rebuild().catch((error: unknown) => {
      throw bundleFault(entry, error);
    });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await Promise.all([
      ...outputFiles.map((file) => writeFile(path.join(folder, path.basename(file.path)), file.contents)),
      writeFile(path.join(folder, 'package.json'), '{ "type": "module" }\n'),
    ]);
  }

  async close(): Promise<void> {
    const contexts = [...this.#contexts.values()];
    this.#contexts.clear();
    await Promise.all(contexts.map(async (context) => (await context).dispose()));
  }

  #context(entry: string): Promise<BuildContext<{ write: false }>> {
    const known = this.#contexts.get(entry);
    if (known) return known;
    const made = makeContext(entry);
    this.#contexts.set(entry, made);
    return made;
  }
}

async function makeContext(entry: string): Promise<BuildContext<{ write: false }>> {
  const { context } = await import('esbuild');
  return context({
    entryPoints: [entry],
    outfile: path.join(path.dirname(entry), bundleName(entry)),
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    sourcemap: true,
    // The sources are on this machine; with their text in it, Node would take longer to read the map than to start.
    sourcesContent: false,
    // Less to write, to read and to parse; names stay, for stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'silent',
    banner: { js: banner },
  });
}

function bundleFault(entry: string, error: unknown) {
  const errors = (error as Partial<BuildFailure>).errors ?? [];
  const evidence = errors.flatMap(describe);
  return outsideFault({
    title: `The bundle of ${path.basename(entry)} failed`,
    why: evidence[0] ?? String(error),
    fix: 'Correct it and save: the next change tries again. The pods that run are untouched.',
    evidence,
  });
}

/** As compilers print it: place and message, the line, and a mark under the spot. */
function describe({ text, location }: Message): string[] {
  if (!location) return [text];
  const mark = ' '.repeat(location.column) + '^'.repeat(Math.max(1, location.length));
  return [`${location.file}:${location.line}:${location.column}: ${text}`, location.lineText, mark];
}
