import path from 'node:path';
import type { Metafile, Plugin } from 'esbuild';
import { commonOptions } from './bundle-options.ts';

/** A module of a package as esbuild names it: its path relative to the project's root. */
export type PackageModule = string;

/** How a program reaches a module: CommonJS through the registry, ES modules as files of their own. */
export type Reach = { readonly kind: 'registry' } | { readonly kind: 'file'; readonly name: string };

/** Where the bundles' modules of packages are at run time, by path: functions that load them when they are first asked. */
export const registry = "globalThis[Symbol.for('devloop.packages')]";

const entry = 'devloop:packages';
const namespace = 'devloop-packages';

/**
 * The packages of a program, in files that no edit of the program changes: `server.packages.js`, which has the CommonJS
 * modules and can load everything ahead, and one more file for each ES module that the program imports.
 */
export class PackageBundle {
  readonly #root: string;
  /** `server.packages.js` */
  readonly name: string;
  readonly #base: string;
  readonly #folder: string;
  #modules: readonly PackageModule[] = [];
  #esModules: readonly PackageModule[] = [];
  files: readonly { readonly name: string; readonly content: Uint8Array }[] = [];

  /** @param name of the program's bundle: `server.js` */
  constructor(root: string, folder: string, name: string) {
    const { name: base, ext } = path.parse(name);
    this.#root = root;
    this.#folder = folder;
    this.#base = base;
    this.name = `${base}.packages${ext}`;
  }

  /** How the program reaches a module; undefined for one that is not in it. */
  reachOf(module: PackageModule): Reach | undefined {
    if (!this.#modules.includes(module)) return undefined;
    const index = this.#esModules.indexOf(module);
    return index < 0 ? { kind: 'registry' } : { kind: 'file', name: this.#fileName(index) };
  }

  /** The module that an import of one of its files is; undefined for any other import. */
  moduleIn(file: string): PackageModule | undefined {
    return this.#esModules.find((_, index) => file === `./${this.#fileName(index)}`);
  }

  /**
   * Bundles these modules, in the order in which the program imports them.
   * @param inputs of a build of the program, which has those modules in it that are not bundled here yet
   * @returns whether anything changed
   */
  async have(modules: readonly PackageModule[], inputs: Metafile['inputs']): Promise<boolean> {
    if (modules.join('\n') === this.#modules.join('\n')) return false;
    const isEsModule = (module: PackageModule) => this.#esModules.includes(module) || inputs[module]?.format === 'esm';
    this.#esModules = modules.filter(isEsModule);
    this.#modules = modules;
    this.files = modules.length > 0 ? await this.#build() : [];
    return true;
  }

  async #build() {
    const { build } = await import('esbuild');
    const files = this.#esModules.map((module, index) => [path.parse(this.#fileName(index)).name, module]);
    const { outputFiles } = await build({
      ...commonOptions(this.#root, this.name),
      entryPoints: { [path.parse(this.name).name]: entry, ...Object.fromEntries(files) },
      outdir: this.#folder,
      splitting: true,
      chunkNames: `${this.#base}-[hash]`,
      plugins: [this.#plugin()],
    });
    return outputFiles.map(({ path: file, contents }) => ({ name: path.basename(file), content: contents }));
  }

  #fileName(index: number): string {
    return `${this.#base}.packages-${index + 1}${path.extname(this.name)}`;
  }

  #plugin(): Plugin {
    return {
      name: namespace,
      setup: (build) => {
        build.onResolve({ filter: new RegExp(`^${entry}$`) }, () => ({ path: 'all', namespace }));
        build.onLoad({ filter: /^/, namespace }, () => ({ contents: this.#source(), resolveDir: this.#root }));
      },
    };
  }

  /** A module is loaded when the program asks for it, or all are ahead. */
  #source(): string {
    const named = this.#modules.map((module) => [JSON.stringify(module), JSON.stringify(`./${module}`)] as const);
    const isFile = (index: number) => this.#esModules.includes(this.#modules[index] ?? '');
    const imports = named.flatMap(([, file], index) => (isFile(index) ? [`import ${file};`] : []));
    const loads = named.flatMap(([key, file], index) => (isFile(index) ? [] : [`${key}: () => require(${file}),`]));
    return [
      ...imports,
      `const loads = { ${loads.join('\n')} };`,
      `${registry} = loads;`,
      'export const loadAll = () => { for (const load of Object.values(loads)) load(); };',
    ].join('\n');
  }
}

/** The modules of packages in the order in which a program's own files import them, from its entry on. */
export function importOrder({ inputs }: Metafile, entryFile: string, moduleOf: (input: string) => string | undefined) {
  const order = new Set<PackageModule>();
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { path: imported, kind } of inputs[file]?.imports ?? []) {
      const module = moduleOf(imported);
      if (module === undefined) visit(imported);
      else if (kind !== 'dynamic-import') order.add(module);
    }
  };
  visit(entryFile);
  return [...order];
}
