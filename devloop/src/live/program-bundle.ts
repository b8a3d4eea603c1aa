import path from 'node:path';
import type { BuildContext, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import type { BundleResult } from '../engine/outside.ts';
import type { BundleSpec } from '../model/project.ts';
import { type BundleOutput, commonOptions, isCommonJs } from './bundle-options.ts';
import { importOrder, PackageBundle, registry } from './package-bundle.ts';

const namespace = 'devloop-package';

/**
 * The bundle of one entry, warm for the next time. Packages go into files of their own (see PackageBundle), so that an
 * edit costs the bundling of the project's own files only. CommonJS, which has no files beside it, has all in one.
 */
export class ProgramBundle {
  readonly #root: string;
  readonly #spec: BundleSpec;
  readonly #name: string;
  readonly #packages: PackageBundle;
  #context: Promise<BuildContext<BundleOutput>> | undefined;
  #isBuilding = false;

  /** @param root the project's, absolute */
  constructor(root: string, spec: BundleSpec) {
    this.#root = root;
    this.#spec = spec;
    this.#name = path.posix.basename(spec.to);
    this.#packages = new PackageBundle(root, path.dirname(spec.entry), this.#name);
  }

  /** Cuts a build off that is under way: its result would be of older files. */
  async cut(): Promise<void> {
    if (!this.#isBuilding) return;
    const context = await this.#context?.catch(() => undefined);
    await context?.cancel();
  }

  /** One call at a time. @throws BuildFailure of esbuild, also when it was cut off */
  async build(): Promise<BundleResult> {
    this.#isBuilding = true;
    try {
      return await this.#build();
    } finally {
      this.#isBuilding = false;
    }
  }

  async #build(): Promise<BundleResult> {
    let context = await this.#makeContext();
    let built = await context.rebuild();
    const entry = this.#relative(this.#spec.entry);
    const moduleOf = (input: string) => this.#moduleOf(input);
    // Another set of packages: they are bundled, and the program with them beside it.
    const { metafile } = built;
    if (
      !isCommonJs(this.#name) &&
      (await this.#packages.have(importOrder(metafile, entry, moduleOf), metafile.inputs))
    ) {
      await this.close();
      context = await this.#makeContext();
      built = await context.rebuild();
    }
    const own = built.outputFiles.map(({ path: file, contents }) => ({ name: path.basename(file), content: contents }));
    const { files, name } = this.#packages;
    return {
      files: [...own.sort((file) => (file.name === this.#name ? -1 : 1)), ...files],
      inputs: Object.keys(built.metafile.inputs)
        .filter((input) => moduleOf(input) === undefined && !/(^|\/)node_modules\//.test(input))
        .map((input) => path.resolve(this.#root, input)),
      ...(files.length > 0 && { packages: name }),
    };
  }

  async close(): Promise<void> {
    const context = await this.#context?.catch(() => undefined);
    this.#context = undefined;
    await context?.dispose();
  }

  #makeContext(): Promise<BuildContext<BundleOutput>> {
    this.#context ??= this.#newContext();
    return this.#context;
  }

  async #newContext(): Promise<BuildContext<BundleOutput>> {
    const { context } = await import('esbuild');
    const { entry, external } = this.#spec;
    const { files, name } = this.#packages;
    return context({
      // What the program takes from the registry has to be there before.
      ...commonOptions(this.#root, this.#name, files.length > 0 ? `import './${name}';` : ''),
      entryPoints: { [path.parse(this.#name).name]: entry },
      outdir: path.dirname(entry),
      external: [...external],
      plugins: isCommonJs(this.#name) ? [] : [this.#plugin()],
    });
  }

  #plugin(): Plugin {
    return {
      name: namespace,
      setup: (build) => {
        build.onResolve({ filter: /^[^./#]/ }, (args) => this.#resolve(build, args));
        build.onLoad({ filter: /^/, namespace }, ({ path: module }) => ({
          contents: `module.exports = ${registry}[${JSON.stringify(module)}]();`,
        }));
      },
    };
  }

  async #resolve(build: PluginBuild, args: OnResolveArgs): Promise<OnResolveResult | undefined> {
    const { kind, importer, resolveDir, pluginData, path: specifier } = args;
    if (pluginData === namespace || kind === 'entry-point' || specifier.startsWith('node:')) return undefined;
    const found = await build.resolve(specifier, { kind, importer, resolveDir, pluginData: namespace });
    if (found.errors.length > 0 || found.external) return undefined;
    const module = this.#relative(found.path);
    const reach = this.#packages.reachOf(module);
    if (reach?.kind === 'registry') return { path: module, namespace };
    return reach && kind !== 'require-call' ? { path: `./${reach.name}`, external: true } : undefined;
  }

  #relative(file: string): string {
    return path.relative(this.#root, file).split(path.sep).join('/');
  }

  /** The module of a package that an input of esbuild's metafile is; undefined for the project's own files. */
  #moduleOf(input: string): string | undefined {
    const module = input.startsWith(`${namespace}:`)
      ? input.slice(namespace.length + 1)
      : this.#packages.moduleIn(input);
    if (module !== undefined) return module;
    return /(^|\/)node_modules\/.*\.[cm]?js$/.test(input) ? input : undefined;
  }
}
